"""The statements that take and change places. Nobody else writes rows of appointments.

A place is taken by one INSERT with ON CONFLICT DO NOTHING: rivals neither deadlock nor fail, the
ones that come late simply get no row. A plain INSERT or UPDATE of many rivals would deadlock.
"""

from typing import Final

from appointments.enums import BLOCKING
from clinic.core.events import storing
from clinic.core.idempotency import KEPT_WITH, keeping
from clinic.core.statements import Statement, told

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
# What somebody who takes a place tells, with the types of the columns.
TOLD: Final = {
    "public_id": "uuid", "created_at": "timestamptz", "code": "text", "kind_id": "bigint",
    "branch_id": "bigint", "doctor_id": "bigint", "is_doctor_chosen": "boolean",
    "patient_id": "bigint", "person_id": "bigint", "source": "text", "state": "text",
    "state_since": "timestamptz", "starts_at": "timestamptz", "ends_at": "timestamptz",
    "busy_from": "timestamptz", "busy_until": "timestamptz", "requirements": "text",
    "expires_at": "timestamptz", "price_fen": "integer",
}  # fmt: skip
# What every new one has.
FRESH: Final = {
    "is_code_taken": "true", "priority": "0", "cancelled_by": "''", "cancel_reason": "''",
    "moves": "0", "hops": "0", "sequence": "0",
}  # fmt: skip
# The person as he was judged.
JUDGED: Final = {
    "person_name": "text", "person_gender": "text", "person_birthday": "date",
    "person_proof": "text",
}  # fmt: skip
# The patients_visitperson ``p`` who still is.
THE_ONE_JUDGED: Final = """p.id = {person_id} AND p.is_active AND p.name = {person_name}
  AND p.gender = {person_gender} AND p.birthday IS NOT DISTINCT FROM {person_birthday}
  AND p.real_name_state = {person_proof}"""
MADE: Final = "made JOIN given USING (public_id)"
MOST: Final = 8  # appointments of one statement
Columns = dict[str, str]
NOTHING: Final[Columns] = {}
ABOUT: Final = {"act": "text", "actor": "text", "capacity": "integer", "facts": "jsonb"}
WISHED: Final = (
    "public_id", "created_at", "code", "is_code_taken", "kind_id", "branch_id", "is_doctor_chosen",
    "patient_id", "person_id", "source", "state", "state_since", "requirements", "wanted_from",
    "wanted_until", "wanted_doctor_id", "queued_at", "waits_until", "priority", "expires_at",
    "price_fen", "cancelled_by", "cancel_reason", "moves", "hops", "sequence",
)  # fmt: skip

ALONE: Final = f"SELECT int4range(0, {WHOLE}) AS seats"


def _in_group(mark: str, own_id: str) -> str:
    """Return the lowest free seat; nothing when another type or start is there, or it is full."""
    names = ("capacity", "doctor_id", "busy_from", "busy_until", "kind_id", "starts_at")
    given = {name: mark.format(name) for name in names}
    return """
    SELECT int4range(min(k), min(k) + 1) AS seats
    FROM generate_series(0, {capacity} - 1) k
    WHERE NOT EXISTS (
      SELECT 1 FROM appointments_appointment o
      WHERE o.doctor_id = {doctor_id} AND o.{takes_time}
        AND tstzrange(o.busy_from, o.busy_until) && tstzrange({busy_from}, {busy_until})
        AND o.id <> {own_id}
        AND (o.seats @> k OR o.kind_id <> {kind_id} OR o.starts_at <> {starts_at})
    ) HAVING min(k) IS NOT NULL
    """.format(takes_time=TAKES_TIME, own_id=own_id, **given)  # noqa: S608 put together from constants


IN_GROUP: Final = _in_group("%({})s", "%(own_id)s")


def _taking(name: str, seats: str, more: Columns = NOTHING, also: str = "") -> Statement:
    """Return the statement that stores appointments, each if its time is free.

    With each go its first step and the facts of it, which learn its key here, and what ``also``
    stores of ``more`` values. All values come as one JSON: as many parameters cost more.
    Nothing is stored for a person who is no longer the one that was judged:
    changes of him lock his row, and what waited for them looks again.
    """
    columns = TOLD | ABOUT | JUDGED | more
    given = {name: f"given.{name}" for name in columns}
    facts = storing("given.facts", MADE, "jsonb_build_object('appointment_id', made.id)")
    sql = f"""
    WITH given AS MATERIALIZED ({told(columns, most=MOST)}), made AS (
      INSERT INTO appointments_appointment ({", ".join([*TOLD, *FRESH, "seats"])})
      SELECT {", ".join([*(given[name] for name in TOLD), *FRESH.values(), "place.seats"])}
      FROM given JOIN doctors_doctor d ON d.id = given.doctor_id
      JOIN patients_visitperson p ON {THE_ONE_JUDGED.format(**given)}
      CROSS JOIN LATERAL ({seats}) place
      WHERE d.is_appointment_open AND d.status = 'active'
        AND NOT EXISTS (
          SELECT 1 FROM doctors_leave l
          WHERE l.doctor_id = d.id AND l.cancelled_at IS NULL
            AND l.starts_at < given.ends_at AND l.ends_at > given.starts_at
        )
      FOR KEY SHARE OF p
      ON CONFLICT DO NOTHING
      RETURNING id, public_id, seats
    ), step AS (
      INSERT INTO appointments_appointmentstep
        (appointment_id, act, before, after, actor, note, at)
      SELECT made.id, given.act, '', given.state, given.actor, '{{}}', given.state_since
      FROM {MADE}
    ), told AS ({facts}){also}
    SELECT public_id, id, lower(seats), upper(seats) FROM made
    """  # noqa: S608 put together from constants
    return Statement(name, ("json",), sql)


TAKE_ALONE: Final = _taking("appointments_take_alone", ALONE)
TAKE_AND_KEEP: Final = _taking(
    "appointments_take_and_keep", ALONE, KEPT_WITH, f", kept AS ({keeping('given', MADE)})"
)
TAKE_IN_GROUP: Final = _taking("appointments_take_in_group", _in_group("given.{}", "0"))

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

_STILL_HE: Final = THE_ONE_JUDGED.format(**{name: f"%({name})s" for name in ("person_id", *JUDGED)})
# Asked in a statement of its own: it sees the rival who has just committed.
WHY_NOT: Final = f"""
SELECT
  EXISTS (SELECT FROM patients_visitperson WHERE id = %(person_id)s AND is_active),
  EXISTS (SELECT FROM patients_visitperson p WHERE {_STILL_HE}),
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
