"""A booking as plain SQL: the statements that one request sends, for pgbench."""

import json
from typing import Final

from appointments.selectors.named import Naming, looking_ahead
from appointments.selectors.practices import practice_of
from appointments.services.statements import ABOUT, JUDGED, MOST, TAKE_AND_KEEP, TOLD
from bench import visits
from clinic.accounts.selectors import ACTOR_OF_SESSION
from clinic.accounts.tokens import read_access
from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.idempotency import KEPT_WITH
from clinic.core.statements import Statement, together, told

ANSWER_CHARS: Final = 900  # of the JSON that a booking stores


def raw_booking(house: visits.House, *, with_read: bool) -> str:
    """Return the statements of a booking as a script of pgbench, or the one that writes alone.

    Who calls and what is named are the same each time, the rows that are written are not.
    """
    doctors, readers = house.doctors, house.readers
    starts = "timestamptz '2100-01-01' + :at * interval '30 minutes'"
    ends = f"{starts} + interval '30 minutes'"
    values = {
        "public_id": "gen_random_uuid()", "created_at": "now()", "state_since": "now()",
        "code": "lpad((:at % 1000000)::text, 6, '0')", "kind_id": str(house.kind.pk),
        "branch_id": str(house.branch.pk), "doctor_id": ":doctor", "patient_id": ":patient",
        "person_id": ":person", "starts_at": starts, "busy_from": starts, "ends_at": ends,
        "busy_until": ends, "expires_at": "NULL::timestamptz", "price_fen": "0", "capacity": "1",
        "is_doctor_chosen": "true", "key_user": ":patient", "key": "gen_random_uuid()::text",
        "key_status": "201", "key_at": "now()",
    }  # fmt: skip
    words = {
        "source": "patient", "state": "confirmed", "requirements": "", "act": "booked",
        "actor": "raw", "facts": FACTS, "key_operation": "POST raw", "key_digest": "0" * 64,
        "key_body": json.dumps({"answer": "x" * ANSWER_CHARS}),
    }  # fmt: skip
    person = house.persons[0]  # all have one name
    words |= {
        "person_name": person.name, "person_gender": person.gender,
        "person_birthday": f"{person.birthday}", "person_proof": person.real_name_state,
    }  # fmt: skip
    values |= {name: f"'{word}'" for name, word in words.items()}
    columns = TOLD | ABOUT | JUDGED | KEPT_WITH
    given = ", ".join(f"({values[name]})::{kind} AS {name}" for name, kind in columns.items())
    # Values of their own, where the product sends them as one object.
    take = " ".join(TAKE_AND_KEEP.sql.replace(told(columns, most=MOST), f"SELECT {given}").split())
    return RAW_BOOKING.format(
        doctors=(doctors[0].pk, doctors[-1].pk), person=house.persons[0].pk,
        patient=readers[0].user_id, last=len(readers) - 1,
        read=_raw_read(house) if with_read else "", take=take,
    )  # fmt: skip


def _raw_read(house: visits.House) -> str:
    """Return the read of who calls, of what he names, and of what that is judged by."""
    session = read_access(house.readers[0].token).session_public_id
    place = next(visits.free(house))
    named = Naming(
        kind=house.kind.code, branch=house.branch.code,
        person_id=house.persons[0].public_id, doctor_id=house.doctors[0].public_id,
        starts_at=place.starts_at(CLINIC_ZONE),
    )  # fmt: skip
    practice_of(named.practice, now())  # which a process keeps
    ahead = looking_ahead(named, moment=now())
    assert ahead is not None
    read = ahead.read
    both = together(ACTOR_OF_SESSION, read.statement)
    return _with_values(both, *(f"'{value}'" for value in (session, *read.values))) + ";"


def _with_values(statement: Statement, *values: str) -> str:
    pairs = zip(values, statement.types, strict=True)
    return " ".join((statement.sql % tuple(f"({value})::{kind}" for value, kind in pairs)).split())


# In the form of ``packed``.
FACTS: Final = json.dumps(
    [
        {
            "kind": "raw",
            "payload": {"act": "booked", "before": "", "after": "confirmed", "by": "patient"},
            "pending": ["raw"],
            "at": "2026-01-01",
        }
    ]
)
RAW_BOOKING: Final = """\\set at random(0, 40000000)
\\set doctor random{doctors}
\\set n random(0, {last})
\\set person {person} + :n
\\set patient {patient} + :n
{read}
{take};
"""
