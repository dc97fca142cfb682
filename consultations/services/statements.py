"""The statements of the hot path: looking for a doctor and moving a case, one round trip each.

Planning and the way to the server cost more than the work of these statements, and the ORM more
than both; so what belongs together is written together.
"""

from typing import Final

# What a service may change together with the state; ``advance`` writes all of it.
LIFECYCLE: Final = (
    "state", "state_since", "doctor_id", "wanted_level", "order_id", "conversation_id", "hops",
    "escalation", "staff_task", "tried_at", "paid_at", "accepted_at", "ended_at", "pay_by",
    "assign_by", "accept_by", "service_until", "unanswered_since", "reply_due_at",
    "follow_up_until", "held_since", "held_until",
)  # fmt: skip

# The lock comes first, so that the second statement sees everything that was committed before it.
# Excluded: doctors who had the case, those with whom the patient has another open case, himself,
# whoever of the two blocks the other, and for a small child whose department sees none.
LOCK_CASE: Final = """
SELECT id FROM consultations_consultation WHERE id = %(id)s FOR NO KEY UPDATE;
"""
LOOK_AT_CASE: Final = """
SELECT c.*, u.public_id AS patient_public_id,
  ARRAY(
    SELECT a.doctor_id FROM consultations_assignment a WHERE a.consultation_id = c.id
    UNION
    SELECT o.doctor_id FROM consultations_consultation o
    WHERE o.patient_id = c.patient_id AND o.id <> c.id AND o.doctor_id IS NOT NULL
      AND o.state = ANY(%(open_states)s)
    UNION
    SELECT d.id FROM doctors_doctor d WHERE d.user_id = c.patient_id
    UNION
    SELECT r.doctor_id FROM relations_relation r
    WHERE r.patient_id = c.patient_id AND (r.is_blocked_by_doctor OR r.is_blocked_by_patient)
    UNION
    SELECT d.id FROM doctors_doctor d JOIN doctors_department n ON n.id = d.department_id
    WHERE (p.birthday IS NULL OR p.birthday > %(others_born_until)s) AND NOT n.sees_children
  ) AS excluded_doctor_ids,
  (
    SELECT l.doctor_id FROM consultations_consultation l
    WHERE l.patient_id = c.patient_id AND l.state = 'completed' AND l.ended_at >= %(since)s
      AND l.doctor_id IS NOT NULL
    ORDER BY l.ended_at DESC LIMIT 1
  ) AS last_doctor_id
FROM consultations_consultation c JOIN accounts_user u ON u.id = c.patient_id
JOIN patients_visitperson p ON p.id = c.person_id
WHERE c.id = %(id)s
"""

# Nothing is stored when the row is not in the state that the caller saw.
MOVE: Final = f"""
WITH moved AS (
  UPDATE consultations_consultation
  SET {", ".join(f"{column} = %({column})s" for column in LIFECYCLE)}
  WHERE id = %(id)s AND state = %(before)s RETURNING id
)
INSERT INTO consultations_consultationevent
  (consultation_id, from_state, to_state, actor, reason, at)
SELECT id, %(before)s, %(state)s, %(actor)s, %(reason)s, %(now)s FROM moved
"""  # noqa: S608 columns are the names above

STORE_ATTEMPT: Final = """
INSERT INTO consultations_assignmentattempt
  (consultation_id, at, trigger, strategy, outcome, reason, doctor_id)
VALUES (%(id)s, %(now)s, %(trigger)s, %(strategy)s, %(outcome)s, %(reason)s, %(doctor_id)s)
"""

STORE_FRUITLESS: Final = f"""
WITH tried AS (
  UPDATE consultations_consultation SET tried_at = %(now)s WHERE id = %(id)s
)
{STORE_ATTEMPT}
"""  # noqa: S608 put together from constants

STORE_ASSIGNMENT: Final = f"""
WITH begun AS (
  INSERT INTO consultations_assignment
    (consultation_id, doctor_id, how, strategy, step, started_at, ended_why)
  VALUES (%(id)s, %(doctor_id)s, %(how)s, %(strategy)s, %(reason)s, %(now)s, '')
)
{STORE_ATTEMPT}
"""  # noqa: S608 put together from constants
