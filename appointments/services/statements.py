"""The statements that take and change places. Nobody else writes rows of appointments.

A place is taken by one INSERT with ON CONFLICT DO NOTHING: rivals neither deadlock nor fail, the
ones that come late simply get no row. A plain INSERT or UPDATE of many rivals would deadlock.
"""

from typing import Final

from appointments.enums import BLOCKING

_STATES: Final = ", ".join(f"'{state.value}'" for state in BLOCKING)
TAKES_TIME: Final = f"state IN ({_STATES})"
WHOLE: Final = 256  # seats of somebody alone with the doctor

# What a service may change together with the state; ``advance`` writes all of it.
LIFECYCLE: Final = (
    "state", "state_since", "doctor_id", "starts_at", "ends_at", "busy_from", "busy_until",
    "seats", "price_fen", "queued_at", "priority", "expires_at", "order_id", "checked_in_at",
    "started_at", "finished_at", "ended_at", "cancelled_by", "cancel_reason", "moves", "hops",
    "sequence", "is_doctor_chosen", "requirements",
)  # fmt: skip
TOLD: Final = (
    "public_id", "created_at", "code", "is_code_taken", "kind_id", "branch_id", "doctor_id",
    "is_doctor_chosen", "patient_id", "person_id", "source", "state", "state_since", "starts_at",
    "ends_at", "busy_from", "busy_until", "requirements", "priority", "expires_at", "price_fen",
    "cancelled_by", "cancel_reason", "moves", "hops", "sequence",
)  # fmt: skip
WISHED: Final = (
    "public_id", "created_at", "code", "is_code_taken", "kind_id", "branch_id", "is_doctor_chosen",
    "patient_id", "person_id", "source", "state", "state_since", "requirements", "wanted_from",
    "wanted_until", "wanted_doctor_id", "queued_at", "waits_until", "priority", "expires_at",
    "price_fen", "cancelled_by", "cancel_reason", "moves", "hops", "sequence",
)  # fmt: skip

ALONE: Final = f"SELECT int4range(0, {WHOLE}) AS seats"
# The lowest free seat; nothing when somebody of another type or start is there, or it is full.
IN_GROUP: Final = f"""
SELECT int4range(min(k), min(k) + 1) AS seats FROM generate_series(0, %(capacity)s - 1) k
WHERE NOT EXISTS (
  SELECT 1 FROM appointments_appointment o
  WHERE o.doctor_id = %(doctor_id)s AND o.{TAKES_TIME}
    AND tstzrange(o.busy_from, o.busy_until) && tstzrange(%(busy_from)s, %(busy_until)s)
    AND o.id <> %(own_id)s
    AND (o.seats @> k OR o.kind_id <> %(kind_id)s OR o.starts_at <> %(starts_at)s)
) HAVING min(k) IS NOT NULL
"""  # noqa: S608 put together from constants


def taking(seats: str) -> str:
    """Return the statement that stores an appointment and its first step, if the time is free."""
    return f"""
    WITH made AS (
      INSERT INTO appointments_appointment ({", ".join(TOLD)}, seats)
      SELECT {", ".join(f"%({name})s" for name in TOLD)}, place.seats
      FROM doctors_doctor d CROSS JOIN ({seats}) place
      WHERE d.id = %(doctor_id)s AND d.is_appointment_open AND d.status = 'active'
        AND NOT EXISTS (
          SELECT 1 FROM doctors_leave l
          WHERE l.doctor_id = d.id AND l.cancelled_at IS NULL
            AND l.starts_at < %(ends_at)s AND l.ends_at > %(starts_at)s
        )
      ON CONFLICT DO NOTHING
      RETURNING id, seats
    ), step AS (
      INSERT INTO appointments_appointmentstep
        (appointment_id, act, before, after, actor, note, at)
      SELECT id, %(act)s, '', %(state)s, %(actor)s, '{{}}', %(state_since)s FROM made
    )
    SELECT id, seats FROM made
    """  # noqa: S608 put together from constants


TAKE_ALONE: Final = taking(ALONE)
TAKE_IN_GROUP: Final = taking(IN_GROUP)

# Nothing is stored when the code is drawn already or the person waits for the same.
QUEUE: Final = f"""
WITH made AS (
  INSERT INTO appointments_appointment ({", ".join(WISHED)})
  VALUES ({", ".join(f"%({name})s" for name in WISHED)})
  ON CONFLICT DO NOTHING
  RETURNING id
), step AS (
  INSERT INTO appointments_appointmentstep (appointment_id, act, before, after, actor, note, at)
  SELECT id, %(act)s, '', %(state)s, %(actor)s, '{{}}', %(state_since)s FROM made
)
SELECT id FROM made
"""  # noqa: S608 columns are the names above

# Asked in a statement of its own: it sees the rival who has just committed.
WHY_NOT: Final = f"""
SELECT
  EXISTS (SELECT 1 FROM appointments_appointment WHERE code = %(code)s AND is_code_taken),
  EXISTS (
    SELECT 1 FROM appointments_appointment
    WHERE person_id = %(person_id)s AND {TAKES_TIME}
      AND starts_at < %(ends_at)s AND ends_at > %(starts_at)s
  ),
  (
    SELECT count(*) FROM appointments_appointment
    WHERE doctor_id = %(doctor_id)s AND {TAKES_TIME}
      AND kind_id = %(kind_id)s AND starts_at = %(starts_at)s
  ),
  EXISTS (
    SELECT 1 FROM appointments_appointment
    WHERE doctor_id = %(doctor_id)s AND {TAKES_TIME}
      AND tstzrange(busy_from, busy_until) && tstzrange(%(busy_from)s, %(busy_until)s)
  ),
  EXISTS (
    SELECT 1 FROM doctors_doctor
    WHERE id = %(doctor_id)s AND (NOT is_appointment_open OR status <> 'active')
  ) OR EXISTS (
    SELECT 1 FROM doctors_leave
    WHERE doctor_id = %(doctor_id)s AND cancelled_at IS NULL
      AND starts_at < %(ends_at)s AND ends_at > %(starts_at)s
  )
"""  # noqa: S608 put together from constants

# Nothing is stored when the row is not in the state that the caller saw.
MOVE: Final = f"""
WITH moved AS (
  UPDATE appointments_appointment
  SET {", ".join(f"{column} = %({column})s" for column in LIFECYCLE)}
  WHERE id = %(id)s AND state = %(before)s RETURNING id
)
INSERT INTO appointments_appointmentstep (appointment_id, act, before, after, actor, note, at)
SELECT id, %(act)s, %(before)s, %(state)s, %(actor)s, %(note)s, %(now)s FROM moved
"""  # noqa: S608 columns are the names above
