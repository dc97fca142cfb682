"""What a wish is judged by that is the same for everybody: the practice of a type at a branch.

A process keeps it and asks with each booking whether it moved, as decision 18 does for answers.
"""

# ruff: noqa: S608 put together from constants

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from appointments.models import AppointmentType, CalendarMove
from appointments.selectors.columns import columns_of, kinds_of, rows_from
from clinic.core.statements import Statement, packed, rows_of
from clinic.patients.selectors.consents import Text, texts_from, texts_of
from clinic.settings import rules as numbers
from doctors.models import Branch, Doctor
from payments.selectors.prices import COLUMNS, coming

SERVICE: Final = "appointment_"  # before the code of a type: what price rules call it
TABLES: Final = ("k", "b", "d", "u", "dd")
HOURS: Final = """array_agg(ARRAY[weekday, start_minute, end_minute, valid_from - '0001-01-01',
    coalesce(valid_until, '9999-12-31') - '0001-01-01'] ORDER BY weekday, start_minute)::text"""
# Days of a zone far ahead or behind have begun or not ended yet.
DAYS_BACK: Final = 2


def giving(kind: str) -> str:
    """Return the condition that the doctor ``d`` of the account ``u`` gives the type ``kind``.

    His licence is asked for apart: it ends by the clock.
    """
    given = "SELECT FROM appointments_appointmenttype_doctors WHERE appointmenttype_id"
    return f"""d.status = 'active' AND d.certification = 'certified'
  AND u.is_active AND d.is_appointment_open
  AND (EXISTS ({given} = {kind} AND doctor_id = d.id) OR NOT EXISTS ({given} = {kind}))"""


# Rules of a doctor are one word each, as ``calendars`` reads them.
_HOURS: Final = {
    "licence_until": "d.licence_valid_until",
    "rules": f"""(SELECT {HOURS} FROM doctors_workrule
  WHERE doctor_id = d.id AND coalesce(branch_id, 0) = coalesce(b.id, 0))""",
    "opening": f"(SELECT {HOURS} FROM doctors_branchhours WHERE branch_id = b.id)",
    "special": f"""(SELECT json_agg(json_build_array(doctor_id, branch_id, start_minute, end_minute,
    works_as, kind, date))::text FROM doctors_calendarday
  WHERE d.id IS NOT NULL
    AND (doctor_id = d.id OR doctor_id IS NULL AND coalesce(branch_id, 0) IN (0, coalesce(b.id, 0)))
    AND date >= asked.moment::date - {DAYS_BACK})""",
}
_PRICES: Final = f"""(SELECT json_agg(json_build_array({COLUMNS}, r.valid_from))::text {
    coming(
        service=f"'{SERVICE}' || k.code",
        doctor="d.public_id",
        level="d.level",
        department="dd.code",
        moment="asked.moment",
    )
})"""
# The same reach as ``open_types``, ``branches_of`` and ``doctors_of``.
PRACTICE: Final = packed(
    Statement(
        "appointments_practice",
        ("text", "text", "uuid", "timestamptz"),
        f"""
WITH asked AS MATERIALIZED (SELECT %s AS kind, %s AS branch, %s AS doctor, %s AS moment)
SELECT pg_current_snapshot()::text, {", ".join(_HOURS.values())}, {_PRICES},
  {texts_from("asked.moment")}, {columns_of(TABLES)}
FROM asked
LEFT JOIN appointments_appointmenttype k ON k.code = asked.kind AND k.is_active
LEFT JOIN doctors_branch b ON b.code = asked.branch AND b.is_active AND (
  EXISTS (SELECT FROM appointments_appointmenttype_branches
          WHERE appointmenttype_id = k.id AND branch_id = b.id)
  OR NOT EXISTS (SELECT FROM appointments_appointmenttype_branches
                 WHERE appointmenttype_id = k.id))
LEFT JOIN (
  doctors_doctor d
  JOIN accounts_user u ON u.id = d.user_id
  JOIN doctors_department dd ON dd.id = d.department_id
) ON d.public_id = asked.doctor AND {giving("k.id")}
""",
    ),
    str, date, object, object, object, object, object, *kinds_of(TABLES),
)  # fmt: skip
# Whether anything of it moved: true when a move of the house is seen that ``shot`` did not see.
MOVED: Final = f"""EXISTS (SELECT FROM appointments_calendarmove
  WHERE doctor_id = {CalendarMove.EVERYBODY} AND made_by >= pg_snapshot_xmin(asked.shot)
    AND made_by < pg_snapshot_xmax(pg_current_snapshot())
    AND NOT pg_visible_in_snapshot(made_by, asked.shot))"""


class Timetable(NamedTuple):
    """What the columns say of when a doctor works, whoever takes which of his time."""

    licence_until: date
    rules: str | None  # None: he never works there
    opening: str
    special: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The names of a practice: codes of type and branch, the doctor's public id."""

    kind: str
    branch: str
    doctor_id: UUID | None


@dataclass(slots=True)
class Practice:
    """A type at a branch by a doctor, read at ``read_at`` and true in ``snapshot`` of PostgreSQL.

    ``prices`` holds values of ``prices.COLUMNS`` with the start of each rule behind; rules and
    texts whose time is to come are among them.
    """

    snapshot: str
    read_at: datetime
    timetable: Timetable | None
    prices: Sequence[Sequence[Any]]
    texts: Sequence[Text]
    columns: Sequence[Any]
    doctor_id: int | None = None
    spans: tuple[int, int, int] = (0, 0, 0)  # minutes before the visit, of it, and after it

    def rows(self) -> tuple[AppointmentType | None, Branch | None, Doctor | None]:
        """Return type, branch and doctor, each None where it is not there or out of reach.

        Rows of the caller's own: what one loads or changes of them is not there for the next.
        """
        found = rows_from(self.columns, TABLES)
        return found["k"], found["b"], found["d"]

    def is_licensed(self, on: date) -> bool:
        """Say whether the doctor may see people on a day; without a doctor nobody may."""
        return self.timetable is not None and self.timetable.licence_until >= on

    def prices_at(self, moment: datetime) -> list[Sequence[Any]]:
        """Return the price rules that hold, as ``prices.narrowest`` wants them."""
        return [
            rule[:-1]
            for rule in self.prices
            if rule[-1] <= moment and (rule[-2] is None or moment < rule[-2])
        ]

    def stands(self, snapshot: str) -> None:
        """Note that nothing of it had moved in a snapshot: the next one looks no further back."""
        self.snapshot = snapshot


class KeptPractices:
    """The practices that were asked for last, so many of them."""

    def __init__(self, most: int) -> None:
        """Begin empty."""
        self._most = most
        self._kept: OrderedDict[Asked, Practice] = OrderedDict()
        self._lock = Lock()

    def last(self, asked: Asked, moment: datetime) -> Practice | None:
        """Return what is kept, true unless a move of the house ended it.

        None inside a transaction, which must see what it did itself, and when it was read so long
        ago that moves since then may be forgotten; then whatever went wrong ends as well.
        """
        if connection.in_atomic_block:
            return None
        with self._lock:
            kept = self._kept.get(asked)
            if kept is None:
                return None
            self._kept.move_to_end(asked)
        is_fresh = abs(moment - kept.read_at) < numbers.APPOINTMENT_PRACTICE_FOR
        return kept if is_fresh else None

    def keep(self, asked: Asked, practice: Practice) -> None:
        """Keep one; those not asked for longest go for it. Not inside a transaction."""
        if connection.in_atomic_block:
            return
        with self._lock:
            self._kept[asked] = practice
            self._kept.move_to_end(asked)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forget all: another database stands behind this process now."""
        with self._lock:
            self._kept.clear()


PRACTICES: Final = KeptPractices(numbers.APPOINTMENT_PRACTICES_KEPT)


def practice_of(asked: Asked, moment: datetime) -> Practice:
    """Return the practice as it is now; one query. It is kept when all that was named is there."""
    (row,) = rows_of(PRACTICE, asked.kind, asked.branch, asked.doctor_id, moment)
    snapshot, until, rules, opening, special, prices, texts, *columns = row
    practice = Practice(
        snapshot=snapshot,
        read_at=moment,
        timetable=until and Timetable(until, rules, opening or "", special or "[]"),
        prices=[_rule(*rule) for rule in orjson.loads(prices or "[]")],
        texts=texts_of(texts),
        columns=columns,
    )
    kind, branch, doctor = practice.rows()
    practice.doctor_id = doctor.pk if doctor else None
    if kind is not None:
        before, after = kind.buffer_before_minutes, kind.buffer_after_minutes
        practice.spans = before, kind.duration_minutes, after
    if kind and (branch or not asked.branch) and (doctor or not asked.doctor_id):
        PRACTICES.keep(asked, practice)
    return practice


def _rule(scope: str, pk: int, amount_fen: int, until: str | None, since: str) -> Sequence[Any]:
    end = until and datetime.fromisoformat(until)
    return scope, pk, amount_fen, end, datetime.fromisoformat(since)
