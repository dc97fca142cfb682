"""Whether doctors see people at a time, and which times near it are free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from appointments import errors
from appointments.enums import Refusal
from appointments.models import AppointmentType
from appointments.rules import REFUSED, Calendar, Terms, bookable, untimely
from appointments.selectors.calendars import calendars_of
from appointments.selectors.fitting import times_taken
from appointments.selectors.slots import place_of, starts_by_doctor, terms_of
from clinic.settings import rules as numbers
from doctors.models import Branch, Doctor, Leave
from doctors.rules.wall_clock import moment_of

ONE_DAY: Final = timedelta(days=1)
# Refusals of a time that come with the free slots near it.
NAMES_NEAREST: Final = (
    errors.SlotTakenError,
    errors.CapacityFullError,
    errors.OutsideHoursError,
    errors.OffGridError,
    errors.PersonBookedError,
)


@dataclass(frozen=True, slots=True)
class TimesOf:
    """A person who is elsewhere at times; the appointment ``but_not`` is the one that moves."""

    person_id: int
    but_not: int = 0


def open_doctors(
    kind: AppointmentType,
    branch: Branch | None,
    doctors: Sequence[Doctor],
    starts_at: datetime,
    *,
    moment: datetime,
    terms: Terms | None = None,
    calendars: Mapping[int, Calendar] | None = None,
) -> list[Doctor]:
    """Return who sees people at a time, in the given order; those with a free place if any.

    Without ``terms`` those of the type hold, without ``calendars`` they are read. Whether the place
    is really free is decided by who takes it. Raises the error of the refusal when nobody sees
    people then.
    """
    terms = terms or terms_of(kind)
    ends_at = starts_at + timedelta(minutes=kind.duration_minutes)
    if refusal := untimely(starts_at, ends_at, terms, moment):
        raise REFUSED[refusal]
    found = calendars
    if found is None:
        found = _calendars(kind, branch, doctors, starts_at, moment)
    judged = {doctor: _judge(found.get(doctor.pk), starts_at, ends_at, terms, moment)
              for doctor in doctors}  # fmt: skip
    free = [doctor for doctor, refusal in judged.items() if refusal is None]
    taken = (Refusal.SLOT_TAKEN, Refusal.CAPACITY_FULL)
    busy = [doctor for doctor, refusal in judged.items() if refusal in taken]
    if not free and not busy:
        is_off_grid = Refusal.OFF_GRID in judged.values()
        raise REFUSED[Refusal.OFF_GRID if is_off_grid else Refusal.OUTSIDE_HOURS]
    return free or busy[:1]


def is_free(
    calendar: Calendar | None,
    starts_at: datetime,
    ends_at: datetime,
    terms: Terms,
    moment: datetime,
) -> bool:
    """Say whether a doctor with this calendar can be booked at a time, as far as is known."""
    if untimely(starts_at, ends_at, terms, moment):
        return False
    return _judge(calendar, starts_at, ends_at, terms, moment) is None


def nearest_free(
    kind: AppointmentType,
    branch: Branch | None,
    doctors: Sequence[Doctor],
    starts_at: datetime,
    *,
    moment: datetime,
    terms: Terms | None = None,
    elsewhere: TimesOf | None = None,
) -> list[dict[str, Any]]:
    """Return the free slots of these doctors nearest to a time, within a day, in order.

    Slots at which the person ``elsewhere`` has another appointment are left out.
    """
    place, terms = place_of(kind, branch, _only(doctors)), terms or terms_of(kind)
    day = starts_at.astimezone(ZoneInfo(place.zone)).date()
    known = {doctor.pk: doctor.public_id for doctor in doctors}
    by_doctor = starts_by_doctor(place, terms, day - ONE_DAY, 3, moment)
    free = {
        slot.starts_at: known[pk]
        for pk, slots in by_doctor.items()
        if pk in known
        for slot in slots
    }
    lasting = kind.duration_minutes * 60
    for since, until in _times(elsewhere, starts_at, moment):
        free = {at: who for at, who in free.items() if not since - lasting < at < until}
    wanted = starts_at.timestamp()
    near = sorted(free, key=lambda at: abs(at - wanted))[: numbers.APPOINTMENT_NEAREST]
    return [{"starts_at": moment_of(at), "doctor_id": free[at]} for at in sorted(near)]


def _times(one: TimesOf | None, around: datetime, moment: datetime) -> Sequence[tuple[int, int]]:
    """Return when a person is elsewhere in the days around a time."""
    if one is None:
        return []
    since, until = around - 2 * ONE_DAY, around + 3 * ONE_DAY
    return times_taken([one.person_id], since, until, moment, but_not=one.but_not)[one.person_id]


def _calendars(
    kind: AppointmentType,
    branch: Branch | None,
    doctors: Sequence[Doctor],
    starts_at: datetime,
    moment: datetime,
) -> dict[int, Calendar]:
    place = place_of(kind, branch, _only(doctors))
    day = starts_at.astimezone(ZoneInfo(place.zone)).date()
    return calendars_of(place, day, day, step=kind.step_minutes * 60, moment=moment)


def _judge(
    calendar: Calendar | None,
    starts_at: datetime,
    ends_at: datetime,
    terms: Terms,
    moment: datetime,
) -> Refusal | None:
    if calendar is None:
        return Refusal.OUTSIDE_HOURS
    return bookable(starts_at, ends_at, terms=terms, calendar=calendar, moment=moment)


def _only(doctors: Sequence[Doctor]) -> int:
    """Return the key of the one doctor who is asked, 0 for several."""
    return doctors[0].pk if len(doctors) == 1 else 0


def is_away(doctor: Doctor, starts_at: datetime, ends_at: datetime) -> bool:
    """Say whether a leave of the doctor meets a time."""
    leaves = Leave.objects.filter(doctor=doctor, cancelled_at=None)
    return leaves.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists()
