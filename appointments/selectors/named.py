"""The rows that a wish to book names, by one statement that is planned once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from appointments.models import AppointmentType
from appointments.selectors.facts import FACTS, Facts
from clinic.accounts.models import User
from clinic.core.clock import clinic_day
from clinic.core.models import PublicModel
from clinic.core.statements import Statement, rows_of
from clinic.patients.models import VisitPerson
from clinic.patients.selectors.consents import texts_in_force
from clinic.relations.models import Relation
from doctors.models import Branch, Department, Doctor

# What booking reads of each row; the rest loads when asked for.
COLUMNS: Final[dict[str, tuple[type[PublicModel], tuple[str, ...]]]] = {
    "k": (AppointmentType, (
        "id", "public_id", "code", "name_zh", "name_en", "mode", "duration_minutes",
        "step_minutes", "buffer_before_minutes", "buffer_after_minutes", "capacity", "price_fen",
        "min_notice", "max_advance", "needs_acceptance", "waiting_way", "waiting_timeout",
        "is_active",
    )),
    "b": (Branch, ("id", "public_id", "code", "name", "time_zone", "address", "is_active")),
    "p": (VisitPerson, (
        "id", "public_id", "account_id", "name", "gender", "birthday", "real_name_state",
        "real_name_at", "real_name_until", "is_active",
    )),
    "a": (User, ("id", "public_id", "is_active")),
    "d": (Doctor, (
        "id", "public_id", "user_id", "department_id", "name", "icon", "level", "status",
    )),
    "u": (User, ("id", "public_id", "is_active")),
    "dd": (Department, ("id", "code", "name")),
    "r": (Relation, ("id", "is_blocked_by_doctor", "is_blocked_by_patient")),
}  # fmt: skip


def _columns(aliases: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{name}" for alias in aliases for name in COLUMNS[alias][1])


def _giving(kind: str) -> str:
    """Return the condition that the doctor ``d`` of the account ``u`` gives the type ``kind``."""
    given = "SELECT FROM appointments_appointmenttype_doctors WHERE appointmenttype_id"
    return f"""d.status = 'active' AND d.certification = 'certified'
  AND u.is_active AND d.is_appointment_open AND d.licence_valid_until >= asked.day
  AND (EXISTS ({given} = {kind} AND doctor_id = d.id) OR NOT EXISTS ({given} = {kind}))"""


# The same reach as ``open_types``, ``branches_of``, ``visible_to`` and ``everybody`` of patients,
# and ``doctors_of``. Without an account every person is in reach.
_NAMED: Final = f"""
FROM asked
LEFT JOIN appointments_appointmenttype k ON k.code = asked.kind AND k.is_active
LEFT JOIN doctors_branch b ON b.code = asked.branch AND b.is_active AND (
  EXISTS (SELECT FROM appointments_appointmenttype_branches
          WHERE appointmenttype_id = k.id AND branch_id = b.id)
  OR NOT EXISTS (SELECT FROM appointments_appointmenttype_branches
                 WHERE appointmenttype_id = k.id))
LEFT JOIN (patients_visitperson p JOIN accounts_user a ON a.id = p.account_id)
  ON p.public_id = asked.person AND p.is_active
  AND (p.account_id = asked.account OR asked.account IS NULL AND a.is_active)
LEFT JOIN (
  doctors_doctor d
  JOIN accounts_user u ON u.id = d.user_id
  JOIN doctors_department dd ON dd.id = d.department_id
) ON d.public_id = asked.doctor AND {_giving("k.id")}
LEFT JOIN relations_relation r ON r.doctor_id = d.id AND r.patient_id = p.account_id
"""  # noqa: S608 put together from constants
_TYPES: Final = ("text", "text", "uuid", "uuid", "bigint", "date", "timestamptz", "timestamptz")
_ASKED: Final = """
WITH asked AS MATERIALIZED (
  SELECT %s AS kind, %s AS branch, %s AS person, %s AS doctor, %s AS account, %s AS day,
    %s AS starts_at, %s AS moment
)
"""
# With the texts that stand for the person first.
_TEXTS: Final = texts_in_force("p.id", "asked.moment")
READ: Final = Statement(
    "appointments_named_rows",
    _TYPES,
    f"{_ASKED} SELECT {_TEXTS}, {_columns(COLUMNS)} {_NAMED}",
)
READ_WITH_FACTS: Final = Statement(
    "appointments_named_rows_with_facts",
    _TYPES,
    f"{_ASKED} SELECT {_TEXTS}, {', '.join(FACTS.values())}, {_columns(COLUMNS)} {_NAMED}",
)


DOCTOR: Final = ("d", "u", "dd")
GIVING: Final = Statement(
    "appointments_doctors_giving",
    ("bigint", "bigint", "date"),
    f"""
WITH asked AS MATERIALIZED (SELECT %s AS kind, %s AS patient, %s AS day)
SELECT {_columns(DOCTOR)}
FROM asked
CROSS JOIN doctors_doctor d
JOIN accounts_user u ON u.id = d.user_id
JOIN doctors_department dd ON dd.id = d.department_id
WHERE {_giving("asked.kind")} AND u.id <> asked.patient AND NOT EXISTS (
  SELECT FROM relations_relation r WHERE r.doctor_id = d.id AND r.patient_id = asked.patient
    AND (r.is_blocked_by_doctor OR r.is_blocked_by_patient))
""",  # noqa: S608 put together from constants
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Rows behind the names, None for what is not there or out of reach; ``texts`` of consents.

    The person comes with the account, the doctor with account and department; with a doctor comes
    what his time is judged by.
    """

    kind: AppointmentType | None
    branch: Branch | None
    person: VisitPerson | None
    doctor: Doctor | None
    relation: Relation | None
    texts: str | None = None
    facts: Facts | None = None


def read_named(
    *,
    kind: str,
    branch: str,
    person_id: UUID,
    doctor_id: UUID | None,
    account_id: int | None,
    starts_at: datetime,
    moment: datetime,
) -> Named:
    """Return what codes and public ids name; one query.

    Only persons of the account count, all of standing accounts without one. The doctor's licence
    holds on the day of ``moment``.
    """
    asked = kind, branch, person_id, doctor_id, account_id, clinic_day(moment), starts_at, moment
    facts = None
    if doctor_id is None:
        ((texts, *row),) = rows_of(READ, *asked)
    else:
        ((texts, *row),) = rows_of(READ_WITH_FACTS, *asked)
        facts, row = Facts(*row[: len(FACTS)]), row[len(FACTS) :]
    found = _models_of(row, COLUMNS)
    person, doctor = found["p"], _doctor(found)
    if person is not None:
        person.account = found["a"]
    return Named(
        kind=found["k"], branch=found["b"], person=person, doctor=doctor, relation=found["r"],
        texts=texts, facts=facts if doctor else None,
    )  # fmt: skip


def doctors_for(kind_id: int, patient_id: int, day: date) -> list[Doctor]:
    """Return who gives a type, sees people on a day, and may meet this patient; one query.

    The same doctors as ``doctors_of`` without himself and those whom one of both blocks.
    """
    rows = (_models_of(row, DOCTOR) for row in rows_of(GIVING, kind_id, patient_id, day))
    return [doctor for row in rows if (doctor := _doctor(row)) is not None]


def _doctor(found: dict[str, Any]) -> Doctor | None:
    doctor: Doctor | None = found["d"]
    if doctor is not None:
        doctor.user, doctor.department = found["u"], found["dd"]
    return doctor


def _models_of(row: Sequence[Any], aliases: Iterable[str]) -> dict[str, Any]:
    """Return each table's row; the first column is its key, NULL where nothing was joined."""
    found: dict[str, Any] = {}
    start = 0
    for alias in aliases:
        model, names = COLUMNS[alias]
        values = row[start : start + len(names)]
        found[alias] = (
            None if values[0] is None else model.known(**dict(zip(names, values, strict=True)))
        )
        start += len(names)
    return found
