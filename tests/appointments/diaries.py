"""What calendars should offer, worked out the slow way: start by start, row by row.

Nothing here is shared with the rules that are tested but the names of states.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from appointments.enums import BLOCKING, State
from appointments.models import Appointment, AppointmentType
from clinic.core.clock import CLINIC_ZONE
from tests.doctors_cast import DoctorMember

Spans = list[tuple[int, int]]
SHORT = (State.HELD, State.OFFERED)


@dataclass
class Diary:
    """Whatever was told about a doctor's time; minutes of the wall clock, inside one day."""

    doctor: DoctorMember
    week: dict[int, Spans] = field(default_factory=dict)
    special: dict[date, Spans] = field(default_factory=dict)
    leaves: list[tuple[datetime, datetime]] = field(default_factory=list)

    def hours(self, day: date) -> Spans:
        """Return the stretches of a date."""
        usual = self.week.get(day.weekday(), [])
        if day in self.special:
            return self.special[day] if any(self.week.values()) else []
        return usual

    def is_away(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether leave touches a time."""
        return any(since < ends_at and starts_at < until for since, until in self.leaves)

    def has_open(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether a time lies whole inside the hours and outside leave."""
        midnight = at(starts_at.astimezone(CLINIC_ZONE).date(), 0)
        first, last = _minutes(starts_at - midnight), _minutes(ends_at - midnight)
        spans = self.hours(midnight.date())
        is_inside = any(start <= first and last <= end for start, end in spans)
        return is_inside and not self.is_away(starts_at, ends_at)

    def places(self, kind: AppointmentType, moment: datetime) -> dict[datetime, int]:
        """Return every start that is free, with the people who may still come."""
        rows = list(Appointment.objects.filter(doctor=self.doctor.doctor, state__in=BLOCKING))
        standing = [row for row in rows if stands(row, moment)]
        found = {start: left(kind, start, standing) for start in self._starts(kind, moment)}
        return {start: places for start, places in found.items() if places}

    def _starts(self, kind: AppointmentType, moment: datetime) -> Iterable[datetime]:
        today = moment.astimezone(CLINIC_ZONE).date()
        lasting = timedelta(minutes=kind.duration_minutes)
        for day in (today + timedelta(days=number) for number in range(9)):
            for opens, closes in self.hours(day):
                for minute in range(opens, closes, kind.step_minutes):
                    start = at(day, minute)
                    is_near = moment + kind.min_notice <= start <= moment + kind.max_advance
                    if is_near and self.has_open(start, start + lasting):
                        yield start


def left(kind: AppointmentType, start: datetime, rows: Iterable[Appointment]) -> int:
    """Return how many people may still come at a start beside these rows of the doctor."""
    since = start - timedelta(minutes=kind.buffer_before_minutes)
    until = start + timedelta(minutes=kind.duration_minutes + kind.buffer_after_minutes)
    places = kind.capacity
    for row in rows:
        assert row.busy_from
        assert row.busy_until
        if row.busy_from >= until or row.busy_until <= since:
            continue
        if kind.capacity == 1 or (row.kind_id, row.starts_at) != (kind.pk, start):
            return 0
        places -= 1
    return max(0, places)


def stands(row: Appointment, moment: datetime) -> bool:
    """Say whether a row still takes time: a hold whose end has come does not."""
    return row.state not in SHORT or row.expires_at is None or row.expires_at > moment


def at(day: date, minute: int) -> datetime:
    """Return a minute of a date on the clinic's wall clock."""
    return datetime(day.year, day.month, day.day, tzinfo=CLINIC_ZONE) + timedelta(minutes=minute)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60
