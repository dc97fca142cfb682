"""The book of the front desk: who sees people when, and who comes, at one place on some dates."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from appointments.enums import BLOCKING, SHORT, State
from appointments.models import Appointment
from appointments.rules import Calendar
from appointments.selectors.calendars import ONE_DAY, Place, calendars_of
from appointments.selectors.walls import minute_on, zone_of
from doctors.models import Branch, CalendarDay, Doctor
from doctors.rules.calendar import merged
from doctors.rules.wall_clock import day_in, moment_of

Span = tuple[int, int]
ON_PAGE: Final = (*BLOCKING, State.COMPLETED, State.NO_SHOW)
COLUMNS: Final = (
    "public_id", "code", "state", "starts_at", "ends_at", "seats", "doctor_id", "branch_id",
    "checked_in_at", "expires_at", "source", "requirements", "kind__code", "kind__name_zh",
    "kind__name_en", "kind__capacity", "kind__mode", "person__name", "branch__name",
)  # fmt: skip


@dataclass(slots=True)
class DoctorDay:
    """A date of a doctor in minutes of the wall clock; ``away`` is leave."""

    hours: list[Span] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)
    taken: list[Span] = field(default_factory=list)

    @property
    def booked(self) -> int:
        """How long he is booked, as statistics count it; people of a group share their time."""
        return sum(end - start for start, end in merged(self.taken))

    @property
    def open_minutes(self) -> int:
        """How long he sees people, leave taken off."""
        lost = sum(
            max(0, min(end, until) - max(start, since))
            for start, end in self.hours
            for since, until in self.away
        )
        return sum(end - start for start, end in self.hours) - lost


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment on a date; one over midnight is a visit on both. ``row`` has COLUMNS."""

    row: dict[str, Any]
    day: date
    begins: int
    ends: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """What the page of a place shows; ``special`` are the names of its special days."""

    branch: Branch | None
    zone: str
    days: Sequence[date]
    doctors: Sequence[Doctor]
    lanes: dict[int, dict[date, DoctorDay]]
    special: dict[date, list[CalendarDay]]
    visits: list[Visit]


def schedule_of(
    branch: Branch | None, first: date, days: int, *, doctor: Doctor | None, moment: datetime
) -> Schedule:
    """Return the book of a branch, or of what is online, or of one doctor there; five queries.

    Doctors who may not work any more are there as long as somebody is booked with them.
    """
    zone = zone_of(branch)
    dates = [first + ONE_DAY * number for number in range(days)]
    place = Place(
        kind_id=0, branch_id=branch.pk if branch else 0, zone=zone,
        doctor_id=doctor.pk if doctor else 0,
    )  # fmt: skip
    calendars = calendars_of(place, dates[0], dates[-1], step=0, moment=moment)
    since = moment_of(day_in(zone, dates[0]).edge(0))
    until = moment_of(day_in(zone, dates[-1]).edge(1440))
    taking = _taking(branch, list(calendars), since, until)
    if doctor is not None:
        taking = taking.filter(doctor=doctor)
    rows = taking.exclude(state__in=SHORT, expires_at__lte=moment).values(*COLUMNS)
    visits = [visit for row in rows for visit in _visits(row, ZoneInfo(zone), dates)]
    lanes = _lanes(calendars, ZoneInfo(zone), dates)
    for visit in visits:
        lanes[visit.row["doctor_id"]][visit.day].taken.append((visit.begins, visit.ends))
    return Schedule(
        branch=branch, zone=zone, days=dates, doctors=_doctors(lanes), lanes=lanes,
        special=_special(branch, dates), visits=visits,
    )  # fmt: skip


def _taking(
    branch: Branch | None, working: list[int], since: datetime, until: datetime
) -> QuerySet[Appointment]:
    """Return what takes place there, and what takes the time of those who work there."""
    return Appointment.objects.filter(
        Q(branch=branch) | Q(doctor_id__in=working),
        state__in=ON_PAGE,
        starts_at__lt=until,
        starts_at__gt=since - ONE_DAY,
        ends_at__gt=since,
    ).order_by("starts_at", "id")


def _visits(row: dict[str, Any], zone: ZoneInfo, dates: Sequence[date]) -> Iterable[Visit]:
    first = row["starts_at"].astimezone(zone).date()
    for day in (first, first + ONE_DAY):
        begins, ends = (minute_on(row[name], zone, day) for name in ("starts_at", "ends_at"))
        if dates[0] <= day <= dates[-1] and begins < ends:
            yield Visit(row, day, begins, ends)


def _lanes(
    calendars: dict[int, Calendar], zone: ZoneInfo, dates: Sequence[date]
) -> dict[int, dict[date, DoctorDay]]:
    lanes: dict[int, dict[date, DoctorDay]] = defaultdict(
        lambda: {day: DoctorDay() for day in dates}
    )
    for key, calendar in calendars.items():
        lane = lanes[key]
        for stretch in calendar.hours:
            day = moment_of(stretch.begins).astimezone(zone).date()
            if day in lane:
                lane[day].hours.append(_span((stretch.begins, stretch.ends), zone, day))
        for leave in calendar.leaves:
            for day in dates:
                begins, ends = _span(leave, zone, day)
                if begins < ends:
                    lane[day].away.append((begins, ends))
    return lanes


def _span(instants: Span, zone: ZoneInfo, day: date) -> Span:
    begins, ends = (minute_on(moment_of(at), zone, day) for at in instants)
    return begins, ends


def _doctors(lanes: dict[int, Any]) -> list[Doctor]:
    rows = Doctor.objects.filter(pk__in=list(lanes)).select_related("department")
    return list(rows.order_by("department__position", "name", "pk"))


def _special(branch: Branch | None, dates: Sequence[date]) -> dict[date, list[CalendarDay]]:
    rows = CalendarDay.objects.filter(
        Q(branch=branch) | Q(branch=None), doctor=None, date__range=(dates[0], dates[-1])
    )
    found: dict[date, list[CalendarDay]] = defaultdict(list)
    for row in rows.order_by("date", "start_minute"):
        found[row.date].append(row)
    return {
        day: [one for one in rows if one.branch_id is not None] or rows
        for day, rows in found.items()
    }
