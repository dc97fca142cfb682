"""The rows that a wish to book names, by one statement that is planned once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import DateField, DateTimeField, DurationField, UUIDField

from appointments.models import AppointmentType
from appointments.selectors.facts import FACTS, Facts
from clinic.accounts.models import User
from clinic.core.clock import clinic_day
from clinic.core.models import PublicModel
from clinic.core.statements import Read, Row, Statement, packed, rows_of
from clinic.patients.models import VisitPerson
from clinic.patients.selectors.consents import texts_in_force
from clinic.relations.models import Relation
from doctors.models import Branch, Department, Doctor

# What booking reads of each row; the rest loads when asked for.
COLUMNS: Final[dict[str, tuple[type[PublicModel], tuple[str, ...]]]] = {
    "k": (AppointmentType, (
        "id", "code", "name_zh", "name_en", "mode", "duration_minutes",
        "step_minutes", "buffer_before_minutes", "buffer_after_minutes", "capacity", "price_fen",
        "min_notice", "max_advance", "needs_acceptance", "waiting_way", "waiting_timeout",
        "is_active",
    )),
    "b": (Branch, ("id", "code", "name", "time_zone", "address", "is_active")),
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


# How columns are read that JSON cannot carry as they are.
KINDS: Final[dict[type, type]] = {
    UUIDField: UUID, DateTimeField: datetime, DateField: date, DurationField: timedelta,
}  # fmt: skip


def _kinds(aliases: Iterable[str]) -> Iterator[tuple[str, object]]:
    """Yield the columns of these tables, and what each is in Python."""
    for alias in aliases:
        model, names = COLUMNS[alias]
        for name in names:
            field = model._meta.get_field(name)  # noqa: SLF001 Django's name
            yield f"{alias}.{name}", KINDS.get(type(field), object)


def _columns(aliases: Iterable[str]) -> str:
    return ", ".join(
        f"extract(epoch FROM {column})" if kind is timedelta else column
        for column, kind in _kinds(aliases)
    )


def _giving(kind: str) -> str:
    """Return the condition that the doctor ``d`` of the account ``u`` gives the type ``kind``."""
    given = "SELECT FROM appointments_appointmenttype_doctors WHERE appointmenttype_id"
    return f"""d.status = 'active' AND d.certification = 'certified'
  AND u.is_active AND d.is_appointment_open AND d.licence_valid_until >= asked.day
  AND (EXISTS ({given} = {kind} AND doctor_id = d.id) OR NOT EXISTS ({given} = {kind}))"""


# The same reach as ``open_types``, ``branches_of``, ``everybody`` of patients, and ``doctors_of``.
_NAMED: Final = f"""
FROM asked
LEFT JOIN appointments_appointmenttype k ON k.code = asked.kind AND k.is_active
LEFT JOIN doctors_branch b ON b.code = asked.branch AND b.is_active AND (
  EXISTS (SELECT FROM appointments_appointmenttype_branches
          WHERE appointmenttype_id = k.id AND branch_id = b.id)
  OR NOT EXISTS (SELECT FROM appointments_appointmenttype_branches
                 WHERE appointmenttype_id = k.id))
LEFT JOIN (patients_visitperson p JOIN accounts_user a ON a.id = p.account_id AND a.is_active)
  ON p.public_id = asked.person AND p.is_active
LEFT JOIN (
  doctors_doctor d
  JOIN accounts_user u ON u.id = d.user_id
  JOIN doctors_department dd ON dd.id = d.department_id
) ON d.public_id = asked.doctor AND {_giving("k.id")}
LEFT JOIN relations_relation r ON r.doctor_id = d.id AND r.patient_id = p.account_id
"""  # noqa: S608 put together from constants
_ASKED: Final = """
WITH asked AS MATERIALIZED (
  SELECT %s AS kind, %s AS branch, %s AS person, %s AS doctor, %s AS starts_at, %s AS day,
    %s AS moment
)
"""
# With the texts that stand for the person first.
_TEXTS: Final = texts_in_force("p.id", "asked.moment")
READ: Final = packed(
    Statement(
        "appointments_named_rows",
        ("text", "text", "uuid", "uuid", "timestamptz", "date", "timestamptz"),
        f"{_ASKED} SELECT {_TEXTS}, {', '.join(FACTS.values())}, {_columns(COLUMNS)} {_NAMED}",
    ),
    str,
    *(date if name == "licence_until" else object for name in FACTS),
    *(kind for _column, kind in _kinds(COLUMNS)),
)
WANTED: Final = 5  # of its values say what is wanted; the rest say when it was asked


DOCTOR: Final = ("d", "u", "dd")
GIVING: Final = packed(
    Statement(
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
    ),
    *(kind for _column, kind in _kinds(DOCTOR)),
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


@dataclass(frozen=True, slots=True)
class Ahead:
    """Rows that were read before the wish was judged, and what they were asked for."""

    read: Read
    row: Row

    def row_of(self, read: Read) -> Row | None:
        """Return the row, None when something else was asked for."""
        return self.row if self.read.values[:WANTED] == read.values[:WANTED] else None


def naming(
    *,
    kind: str,
    branch: str,
    person_id: UUID,
    doctor_id: UUID | None,
    starts_at: datetime,
    moment: datetime,
) -> Read:
    """Return the read of what codes and public ids name; its row is for ``read_named``.

    The doctor's licence holds on the day of ``moment``.
    """
    wanted = kind, branch, person_id, doctor_id, starts_at
    return Read(READ, (*wanted, clinic_day(moment), moment))


def read_named(read: Read, *, account_id: int | None, ahead: Ahead | None = None) -> Named:
    """Return what is named; one query, none when it was read ahead.

    Only persons of the account are found, those of all standing accounts without one.
    """
    row = ahead.row_of(read) if ahead else None
    if row is None:
        (row,) = rows_of(read.statement, *read.values)
    texts, *facts = row[: 1 + len(FACTS)]
    found = _models_of(row[1 + len(FACTS) :], COLUMNS)
    person, doctor = found["p"], _doctor(found)
    if person is not None and account_id not in (None, person.account_id):
        person = None
    if person is not None:
        person.account = found["a"]
    return Named(
        kind=found["k"], branch=found["b"], person=person, doctor=doctor, relation=found["r"],
        texts=texts, facts=Facts(*facts) if doctor else None,
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
