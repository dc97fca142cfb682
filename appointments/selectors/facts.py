"""What a wish that names its doctor is judged by: columns for the statement that reads its rows."""

# ruff: noqa: S608 put together from constants

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from appointments.models import AppointmentType
from appointments.rules import Busy, Calendar, Stretch
from appointments.selectors import calendars as form
from appointments.selectors.due import over
from appointments.selectors.slots import place_of
from clinic.core.statements import Row
from doctors.models import Branch
from payments.selectors.prices import COLUMNS, holding

SERVICE: Final = "appointment_"  # before the code of a type: what price rules call it
SOMEBODY: Final = 1  # stands for the one doctor that all of it is about
# A visit of another day is never longer than one; its buffers neither.
AROUND: Final = "interval '1 day'"
MINUTE: Final = "interval '1 minute'"
BUFFERS: Final = "interval '8 hours'"  # as ``due.BUFFERS``
HOURS: Final = """array_agg(ARRAY[weekday, start_minute, end_minute, valid_from - '0001-01-01',
    coalesce(valid_until, '9999-12-31') - '0001-01-01'] ORDER BY weekday, start_minute)::text"""


def _epochs(since: str, until: str) -> str:
    return f"floor(date_part('epoch', {since})), ceil(date_part('epoch', {until}))"


# ``k``, ``b``, ``p``, ``d``, ``dd`` and ``asked`` are those of ``named.READ``. Rules and busy times
# of a doctor are one word each, as ``calendars`` reads them.
FACTS: Final = {
    "licence_until": "d.licence_valid_until",
    "rules": f"""(SELECT {HOURS} FROM doctors_workrule
  WHERE doctor_id = d.id AND coalesce(branch_id, 0) = coalesce(b.id, 0))""",
    "opening": f"(SELECT {HOURS} FROM doctors_branchhours WHERE branch_id = b.id)",
    "special": f"""(SELECT json_agg(json_build_array(doctor_id, branch_id, start_minute, end_minute,
    works_as, kind, date))::text FROM doctors_calendarday
  WHERE (doctor_id = d.id OR doctor_id IS NULL AND coalesce(branch_id, 0) IN (0, coalesce(b.id, 0)))
    AND date BETWEEN (asked.starts_at - {AROUND})::date
      AND (asked.starts_at + {AROUND} * 2)::date)""",
    "leaves": f"""(SELECT array_agg(ARRAY[{_epochs("starts_at", "ends_at")}]::bigint[])::text
  FROM doctors_leave WHERE doctor_id = d.id AND cancelled_at IS NULL
    AND ends_at > asked.starts_at AND starts_at < asked.starts_at + {AROUND})""",
    "busy": f"""(SELECT array_agg(ARRAY[{_epochs("busy_from", "busy_until")}, kind_id,
    floor(date_part('epoch', starts_at)), upper(seats) - lower(seats)]::bigint[])::text
  FROM appointments_appointment WHERE doctor_id = d.id AND state IN ({form.STATES})
    AND starts_at > asked.starts_at - {AROUND} AND starts_at < asked.starts_at + {AROUND} * 2
    AND busy_until > asked.starts_at - (k.buffer_before_minutes + 1) * {MINUTE}
    AND busy_from < asked.starts_at + (k.duration_minutes + k.buffer_after_minutes + 1) * {MINUTE}
    AND NOT (state IN ({form.BRIEF}) AND expires_at <= asked.moment))""",
    "over": f"""ARRAY({
        over("ARRAY[d.id]", "p.id", f"asked.starts_at - {BUFFERS}",
             f"asked.starts_at + k.duration_minutes * {MINUTE} + {BUFFERS}",
             "asked.moment")})""",
    "prices": f"""(SELECT json_agg(json_build_array({COLUMNS}))::text {
        holding(service=f"'{SERVICE}' || k.code", doctor="d.public_id", level="d.level",
                department="dd.code", moment="asked.moment")})""",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the columns of FACTS say, in their order. Without ``rules`` he never works there."""

    licence_until: date
    rules: str | None
    opening: str | None
    special: str | None
    leaves: str | None
    busy: str | None
    over: list[int]
    prices: str | None

    @property
    def price_rules(self) -> list[Sequence[object]]:
        """The rules of prices that hold, as ``prices.narrowest`` wants them."""
        return [
            (*rule, until and datetime.fromisoformat(until))
            for *rule, until in orjson.loads(self.prices or "[]")
        ]

    def calendar(
        self, kind: AppointmentType, branch: Branch | None, doctor_id: int, starts_at: datetime
    ) -> Calendar | None:
        """Return the doctor's calendar on the date of a time; None if he never works there."""
        if self.rules is None:
            return None
        place = place_of(kind, branch, doctor_id)
        day = starts_at.astimezone(ZoneInfo(place.zone)).date()
        told = _Told(self.licence_until, self.rules, self.opening or "", self.special or "[]")
        return Calendar(
            _hours(place.zone, day, kind.step_minutes * 60, told),
            [(begins, ends) for begins, ends in form.numbers(self.leaves or "")],
            [Busy._make(one) for one in form.numbers(self.busy or "")],
            0,
        )


class _Told(NamedTuple):
    """What the columns say of when somebody works, whoever takes which of his time."""

    licence_until: date
    rules: str
    opening: str
    special: str


@lru_cache(maxsize=2048)
def _hours(zone: str, on: date, step: int, told: _Told) -> Sequence[Stretch]:
    """Return when a doctor works on a date: many share their weeks, and each date is asked often.

    ``step`` in seconds is the grid.
    """
    place = form.Place(kind_id=0, branch_id=0, zone=zone, doctor_id=SOMEBODY)
    return form.calendar_of(place, on, _rows(told), step=step).hours


def _rows(told: _Told) -> Iterator[Row]:
    yield form.DOCTOR, SOMEBODY, 0, 0, 0, "", told.licence_until, None
    yield form.RULE, SOMEBODY, 0, 0, 0, told.rules, None, None
    for weekday, start, end, since, until in form.numbers(told.opening):
        yield form.OPENING, 0, weekday, start, end, "", form.day(since), form.day(until)
    for is_own, branch, start, end, works_as, kind, day in orjson.loads(told.special):
        what = form.OWN if is_own else form.PLACE if branch else form.HOUSE
        whose = SOMEBODY if is_own else 0
        yield what, whose, start, end, works_as, kind, date.fromisoformat(day), None
