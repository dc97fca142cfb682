"""Free slots: of a branch, of a doctor, of a type; and whether one time can be booked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from appointments.enums import Refusal
from appointments.models import AppointmentType
from appointments.rules import (
    DESK_ADVANCE,
    Calendar,
    Terms,
    blocked,
    bookable,
    free_places,
    free_runs,
    untimely,
)
from appointments.selectors.calendars import ONE_DAY, ONLINE_ZONE, Place, calendars_of
from doctors.models import Branch
from doctors.rules.wall_clock import day_in, moment_of


@dataclass(frozen=True, slots=True)
class Slot:
    """A free time and how many more people it takes, all doctors together."""

    starts_at: int
    places: int


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """Free slots in order, whose calendars were read, and when the clock alone changes them."""

    slots: list[Slot]
    doctor_ids: frozenset[int]
    until: datetime


def list_terms(kind: AppointmentType, *, at_desk: bool) -> Terms:
    """Return on which terms a place is given down the line: who stands there needs no notice."""
    terms = terms_of(kind)
    return terms.without_notice() if at_desk else terms


def terms_of(kind: AppointmentType) -> Terms:
    """Return what a type asks of a time."""
    return Terms(
        kind_id=kind.pk,
        duration=kind.duration_minutes * 60,
        step=kind.step_minutes * 60,
        before=kind.buffer_before_minutes * 60,
        after=kind.buffer_after_minutes * 60,
        capacity=kind.capacity,
        min_notice=_seconds(kind.min_notice),
        max_advance=min(_seconds(kind.max_advance), DESK_ADVANCE),
    )


def place_of(kind: AppointmentType, branch: Branch | None, doctor_id: int = 0) -> Place:
    """Return where a type takes place; without a branch online, in the clinic's zone."""
    if branch is None:
        return Place(kind_id=kind.pk, branch_id=0, zone=ONLINE_ZONE, doctor_id=doctor_id)
    return Place(kind_id=kind.pk, branch_id=branch.pk, zone=branch.time_zone, doctor_id=doctor_id)


def why_not(
    place: Place, terms: Terms, starts_at: datetime, ends_at: datetime, moment: datetime
) -> Refusal | None:
    """Return why a doctor cannot be booked at a time, None when he can; one query.

    A doctor who does not give the type there is outside his hours.
    """
    if refusal := untimely(starts_at, ends_at, terms, moment):
        return refusal
    day = starts_at.astimezone(ZoneInfo(place.zone)).date()
    found = calendars_of(place, day, day, step=terms.step, moment=moment)
    calendar = found.get(place.doctor_id, Calendar())
    return bookable(starts_at, ends_at, terms=terms, calendar=calendar, moment=moment)


def starts_by_doctor(
    place: Place, terms: Terms, first: date, days: int, moment: datetime
) -> dict[int, list[Slot]]:
    """Return each doctor's free slots in order, of ``days`` dates from ``first``; one query."""
    calendars = _calendars(place, terms, first, days, moment)
    return {
        doctor_id: [Slot(at, terms.capacity - seated.get(at, 0)) for run in runs for at in run]
        for doctor_id, runs, seated in _free(calendars, terms, moment)
    }


def slots_of(place: Place, terms: Terms, first: date, days: int, moment: datetime) -> FreeTimes:
    """Return the free slots of all doctors together; one query, none out of reach."""
    calendars = _calendars(place, terms, first, days, moment)
    if terms.capacity == 1:
        places = free_places(calendars.values(), terms, terms.window(moment))
    else:
        places = Counter()
        for _doctor, runs, seated in _free(calendars, terms, moment):
            starts = chain.from_iterable(runs)
            places.update({at: terms.capacity - seated.get(at, 0) for at in starts})
    slots = [Slot(at, places[at]) for at in sorted(places)]
    ends = [calendar.holds_until for calendar in calendars.values() if calendar.holds_until]
    if slots:
        ends.append(slots[0].starts_at - terms.min_notice)  # the next one to come too near
    ends += _turns(place, terms, first + ONE_DAY * days, moment)
    return FreeTimes(slots, frozenset(calendars), moment_of(min(ends)))


def _turns(place: Place, terms: Terms, after: date, moment: datetime) -> Iterator[int]:
    """Yield when other dates can be booked: at midnight, and as the furthest time moves on."""
    today = moment.astimezone(ZoneInfo(place.zone)).date()
    yield day_in(place.zone, today + ONE_DAY).edge(0)
    furthest = terms.window(moment)[1]
    if furthest < day_in(place.zone, after).edge(0):
        # Slots begin at whole minutes: nothing new before the next one comes within reach.
        yield (furthest // 60 + 1) * 60 - terms.max_advance


def _free(
    calendars: dict[int, Calendar], terms: Terms, moment: datetime
) -> Iterator[tuple[int, list[Sequence[int]], dict[int, int]]]:
    """Yield doctor, runs of free starts, and people already seated by start."""
    window = terms.window(moment)
    for doctor_id, calendar in calendars.items():
        taken = blocked(terms, calendar)
        runs = list(free_runs(calendar.hours, terms, taken, window))
        yield doctor_id, runs, dict(taken.seated)


def _calendars(
    place: Place, terms: Terms, first: date, days: int, moment: datetime
) -> dict[int, Calendar]:
    reach = _reach(place, terms, first, days, moment)
    return calendars_of(place, *reach, step=terms.step, moment=moment) if reach else {}


def _reach(
    place: Place, terms: Terms, first: date, days: int, moment: datetime
) -> tuple[date, date] | None:
    """Return the dates asked for that can be booked at all: nothing is read for the others."""
    local = moment.astimezone(ZoneInfo(place.zone))
    furthest = (local + timedelta(seconds=terms.max_advance)).date()
    begin = max(first, local.date())
    end = min(furthest, first + ONE_DAY * (days - 1))
    return (begin, end) if begin <= end else None


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
