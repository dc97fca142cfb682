"""Between instants and the wall clock of a place."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from appointments.models import Appointment
from appointments.selectors.calendars import ONLINE_ZONE
from clinic.core.errors import InvalidInputError
from doctors.models import Branch
from doctors.rules.wall_clock import DAY_MINUTES, day_in, moment_of

ONE_DAY: Final = timedelta(days=1)


def zone_of(branch: Branch | None) -> str:
    """Return the zone whose wall clock counts at a branch, or online."""
    return ONLINE_ZONE if branch is None else branch.time_zone


def moment_at(zone: str, day: date, at: time) -> datetime:
    """Return the instant of a wall time. Raises InvalidInputError when the clocks skip it."""
    instant = day_in(zone, day).instant(at.hour * 60 + at.minute)
    if instant is None:
        raise InvalidInputError("time", _("The clocks skip this time. Choose another one."))
    return moment_of(instant)


def bounds_of(zone: str, day: date) -> tuple[datetime, datetime]:
    """Return when a date begins and ends on the wall clock of a place."""
    wall = ZoneInfo(zone)
    return datetime.combine(day, time(), wall), datetime.combine(day + ONE_DAY, time(), wall)


def next_minute(moment: datetime) -> datetime:
    """Return the first full minute from a moment on."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def minute_on(moment: datetime, zone: ZoneInfo, day: date) -> int:
    """Return where a moment lies on a date's wall clock: 0 before it, 1440 after it."""
    wall = moment.astimezone(zone)
    if wall.date() == day:
        return wall.hour * 60 + wall.minute
    return 0 if wall.date() < day else DAY_MINUTES


def zone_of_visit(appointment: Appointment) -> str:
    """Return the zone of the place at which an appointment is."""
    return zone_of(appointment.branch)


def on_the_clock(appointment: Appointment, moment: datetime) -> datetime:
    """Return a moment on the wall clock of the place at which an appointment is."""
    return moment.astimezone(ZoneInfo(zone_of_visit(appointment)))
