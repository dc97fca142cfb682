"""When a doctor who was named is free, by his practice and by what is taken of his time."""

# ruff: noqa: S608 put together from constants

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import orjson

from appointments.models import AppointmentType
from appointments.rules import Busy, Calendar, Stretch
from appointments.selectors import calendars as form
from appointments.selectors.due import over
from appointments.selectors.practices import Practice, Timetable
from appointments.selectors.slots import place_of
from clinic.core.statements import Row
from doctors.models import Branch

SOMEBODY: Final = 1  # stands for the one doctor that all of it is about
# A visit of another day is never longer than one; its buffers neither.
AROUND: Final = "interval '1 day'"
BUFFERS: Final = "interval '8 hours'"  # as ``due.BUFFERS``


def _epochs(since: str, until: str) -> str:
    return f"floor(date_part('epoch', {since})), ceil(date_part('epoch', {until}))"


# ``p`` and ``asked`` are those of ``named.WISHED``; busy times are one word, as ``calendars``
# reads them.
FACTS: Final = {
    "leaves": f"""(SELECT array_agg(ARRAY[{_epochs("starts_at", "ends_at")}]::bigint[])::text
  FROM doctors_leave WHERE doctor_id = asked.doctor AND cancelled_at IS NULL
    AND ends_at > asked.starts_at AND starts_at < asked.starts_at + {AROUND})""",
    "busy": f"""(SELECT array_agg(ARRAY[{_epochs("busy_from", "busy_until")}, kind_id,
    floor(date_part('epoch', starts_at)), upper(seats) - lower(seats)]::bigint[])::text
  FROM appointments_appointment WHERE doctor_id = asked.doctor AND state IN ({form.STATES})
    AND starts_at > asked.starts_at - {AROUND} AND starts_at < asked.starts_at + {AROUND} * 2
    AND busy_until > asked.busy_from AND busy_from < asked.busy_until
    AND NOT (state IN ({form.BRIEF}) AND expires_at <= asked.moment))""",
    "over": f"""ARRAY({
        over("ARRAY[asked.doctor]", "p.id", f"asked.starts_at - {BUFFERS}",
             f"asked.ends_at + {BUFFERS}", "asked.moment")})""",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """A practice, and what the columns of FACTS say in their order."""

    practice: Practice
    leaves: str | None
    busy: str | None
    over: list[int]

    def calendar(
        self, kind: AppointmentType, branch: Branch | None, doctor_id: int, starts_at: datetime
    ) -> Calendar | None:
        """Return the doctor's calendar on the date of a time; None if he never works there."""
        timetable = self.practice.timetable
        if timetable is None or timetable.rules is None:
            return None
        place = place_of(kind, branch, doctor_id)
        day = starts_at.astimezone(ZoneInfo(place.zone)).date()
        return Calendar(
            _hours(place.zone, day, kind.step_minutes * 60, timetable),
            [(begins, ends) for begins, ends in form.numbers(self.leaves or "")],
            [Busy._make(one) for one in form.numbers(self.busy or "")],
            0,
        )


@lru_cache(maxsize=2048)
def _hours(zone: str, on: date, step: int, told: Timetable) -> Sequence[Stretch]:
    """Return when a doctor works on a date: many share their weeks, and each date is asked often.

    ``step`` in seconds is the grid.
    """
    place = form.Place(kind_id=0, branch_id=0, zone=zone, doctor_id=SOMEBODY)
    return form.calendar_of(place, on, _rows(told), step=step).hours


def _rows(told: Timetable) -> Iterator[Row]:
    yield form.DOCTOR, SOMEBODY, 0, 0, 0, "", told.licence_until, None
    yield form.RULE, SOMEBODY, 0, 0, 0, told.rules, None, None
    for weekday, start, end, since, until in form.numbers(told.opening):
        yield form.OPENING, 0, weekday, start, end, "", form.day(since), form.day(until)
    for is_own, branch, start, end, works_as, kind, day in orjson.loads(told.special):
        what = form.OWN if is_own else form.PLACE if branch else form.HOUSE
        whose = SOMEBODY if is_own else 0
        yield what, whose, start, end, works_as, kind, date.fromisoformat(day), None
