"""The rows that a wish to book names: a practice, mostly kept, and what is the patient's own."""

# ruff: noqa: S608 put together from constants

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from appointments.models import AppointmentType
from appointments.selectors.columns import columns_of, kinds_of, rows_from
from appointments.selectors.facts import FACTS, Facts
from appointments.selectors.practices import (
    MOVED,
    PRACTICES,
    Asked,
    Practice,
    giving,
    practice_of,
)
from clinic.core.clock import clinic_day
from clinic.core.statements import Read, Row, Statement, packed, rows_of
from clinic.patients.models import VisitPerson
from clinic.patients.selectors.consents import TextInForce, consents_of, in_force
from clinic.relations.models import Relation
from doctors.models import Branch, Doctor

PEOPLE: Final = ("p", "a", "r")
# The same reach as ``everybody`` of patients.
WISHED: Final = packed(
    Statement(
        "appointments_wished",
        (
            "pg_snapshot", "uuid", "bigint", "timestamptz", "timestamptz", "timestamptz",
            "timestamptz", "timestamptz",
        ),
        f"""
WITH asked AS MATERIALIZED (
  SELECT %s AS shot, %s AS person, %s AS doctor, %s AS starts_at, %s AS ends_at, %s AS busy_from,
    %s AS busy_until, %s AS moment
)
SELECT {MOVED}, pg_current_snapshot()::text, {consents_of("p.id")}, {", ".join(FACTS.values())},
  {columns_of(PEOPLE)}
FROM asked
LEFT JOIN (patients_visitperson p JOIN accounts_user a ON a.id = p.account_id AND a.is_active)
  ON p.public_id = asked.person AND p.is_active
LEFT JOIN relations_relation r ON r.doctor_id = asked.doctor AND r.patient_id = p.account_id
""",
    ),
    object, object, object, *(object for _fact in FACTS), *kinds_of(PEOPLE),
)  # fmt: skip
DOCTOR: Final = ("d", "u", "dd")
GIVING: Final = packed(
    Statement(
        "appointments_doctors_giving",
        ("bigint", "bigint", "date"),
        f"""
WITH asked AS MATERIALIZED (SELECT %s AS kind, %s AS patient, %s AS day)
SELECT {columns_of(DOCTOR)}
FROM asked
CROSS JOIN doctors_doctor d
JOIN accounts_user u ON u.id = d.user_id
JOIN doctors_department dd ON dd.id = d.department_id
WHERE {giving("asked.kind")} AND d.licence_valid_until >= asked.day
  AND u.id <> asked.patient AND NOT EXISTS (
  SELECT FROM relations_relation r WHERE r.doctor_id = d.id AND r.patient_id = asked.patient
    AND (r.is_blocked_by_doctor OR r.is_blocked_by_patient))
""",
    ),
    *kinds_of(DOCTOR),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Naming:
    """What a wish names: codes of type and branch, public ids of people, a moment."""

    kind: str
    branch: str = ""
    person_id: UUID
    doctor_id: UUID | None = None
    starts_at: datetime

    @property
    def practice(self) -> Asked:
        """The part of it that others name too."""
        return Asked(self.kind, self.branch, self.doctor_id)


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
    texts: list[TextInForce]
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A read that goes along with who calls, before the wish is judged; then also its row."""

    naming: Naming
    practice: Practice
    read: Read
    row: Row | None = None

    def answered(self, rows: list[Row] | None) -> "Ahead":
        """Return it with the row that came."""
        return Ahead(self.naming, self.practice, self.read, rows[0]) if rows else self

    def found(self, naming: Naming) -> Row | None:
        """Return the row, None when something else was asked for or the practice moved."""
        return self.row if self.row and not self.row[0] and self.naming == naming else None


def looking_ahead(naming: Naming, *, moment: datetime) -> Ahead | None:
    """Return what is to be read of a wish; None where its practice is not kept.

    Nothing is read for this: nobody has said yet whether who asks may.
    """
    practice = PRACTICES.last(naming.practice, moment)
    return Ahead(naming, practice, _reading(naming, practice, moment)) if practice else None


def read_named(
    naming: Naming, *, account_id: int | None, moment: datetime, ahead: Ahead | None = None
) -> Named:
    """Return what is named; two queries, none when it was read ahead, four when it moves meanwhile.

    Only persons of the account are found, those of all standing accounts without one.
    """
    row = ahead.found(naming) if ahead else None
    if ahead and row:
        practice = ahead.practice
        practice.stands(row[1])
    else:
        practice, row = _read(naming, moment)
        if row[0]:
            practice, row = _read(naming, moment)
    return _named(practice, row, account_id, moment)


def _read(naming: Naming, moment: datetime) -> tuple[Practice, Row]:
    """Return the practice, and the rest with whether the practice moved between the two."""
    practice = practice_of(naming.practice, moment)
    read = _reading(naming, practice, moment)
    (row,) = rows_of(read.statement, *read.values)
    return practice, row


def _reading(naming: Naming, practice: Practice, moment: datetime) -> Read:
    starts_at = naming.starts_at
    before, lasts, after = practice.spans
    ends_at = starts_at + timedelta(minutes=lasts)
    busy_from = starts_at - timedelta(minutes=before + 1)
    busy_until = ends_at + timedelta(minutes=after + 1)
    people = naming.person_id, practice.doctor_id
    times = starts_at, ends_at, busy_from, busy_until, moment
    return Read(WISHED, (practice.snapshot, *people, *times))


def _named(practice: Practice, row: Row, account_id: int | None, moment: datetime) -> Named:
    _moved, _snapshot, consents, leaves, busy, over, *columns = row
    kind, branch, doctor = practice.rows()
    if not practice.is_licensed(clinic_day(moment)):
        doctor = None
    found = rows_from(columns, PEOPLE)
    person = found["p"]
    if person is not None and account_id not in (None, person.account_id):
        person = None
    return Named(
        kind=kind, branch=branch, person=person, doctor=doctor,
        relation=found["r"] if doctor else None,
        texts=in_force(practice.texts, consents, moment),
        facts=Facts(practice, leaves, busy, over) if doctor else None,
    )  # fmt: skip


def doctors_for(kind_id: int, patient_id: int, day: date) -> list[Doctor]:
    """Return who gives a type, sees people on a day, and may meet this patient; one query.

    The same doctors as ``doctors_of`` without himself and those whom one of both blocks.
    """
    rows = (rows_from(row, DOCTOR) for row in rows_of(GIVING, kind_id, patient_id, day))
    return [row["d"] for row in rows]
