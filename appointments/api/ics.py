"""Appointments as other calendars read them (RFC 5545). Feeds of doctors name no patient."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress

from appointments.enums import State
from appointments.models import Appointment
from clinic.core.clock import CLINIC_ZONE

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
NOBODY_S_MAIL: Final = "invalid:nomail"  # an organizer is wanted; the clinic reads no mail
STATUS: Final = {
    State.QUEUED: "TENTATIVE",
    State.OFFERED: "TENTATIVE",
    State.HELD: "TENTATIVE",
    State.PENDING: "TENTATIVE",
    State.CANCELLED: "CANCELLED",
    State.EXPIRED: "CANCELLED",
}


def file_of(appointment: Appointment, *, changed_at: datetime) -> bytes:
    """Return the patient's own appointment as a file; METHOD:CANCEL takes it out again.

    Its UID stays through moves and its SEQUENCE grows, so the next file replaces the last one.
    Raises ValueError without a time.
    """
    status = STATUS.get(State(appointment.state), "CONFIRMED")
    calendar = _calendar(method="CANCEL" if status == "CANCELLED" else "PUBLISH")
    event = _event(appointment, changed_at)
    doctor = appointment.doctor.name if appointment.doctor else ""
    event.add("summary", f"{appointment.kind.name} {doctor}".strip())
    event.add("description", _("Code: %(code)s") % {"code": appointment.code})
    calendar.add_component(event)
    _add_zones(calendar, [appointment])
    return bytes(calendar.to_ical())


def feed_of(name: str, rows: Iterable[tuple[Appointment, datetime]]) -> bytes:
    """Return a doctor's calendar: type, code and branch of each (appointment, last change)."""
    calendar = _calendar(method="PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    shown = list(rows)
    for appointment, changed_at in shown:
        event = _event(appointment, changed_at)
        event.add("summary", f"{appointment.kind.name} {appointment.code}")
        calendar.add_component(event)
    _add_zones(calendar, [appointment for appointment, _changed_at in shown])
    return bytes(calendar.to_ical())


def _calendar(*, method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Xiangcao//Appointments//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(appointment: Appointment, changed_at: datetime) -> Event:
    if appointment.starts_at is None or appointment.ends_at is None:
        raise ValueError("an appointment without a time")
    zone, branch = _zone(appointment), appointment.branch
    organizer = vCalAddress(NOBODY_S_MAIL)
    organizer.params["cn"] = branch.name if branch else _("Xiangcao")
    event = Event()
    event.add("uid", f"{appointment.public_id}@appointments.xiangcao")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add("status", STATUS.get(State(appointment.state), "CONFIRMED"))
    event.add("organizer", organizer)
    if branch is not None:
        event.add("location", f"{branch.name} {branch.address}".strip())
    return event


def _zone(appointment: Appointment) -> ZoneInfo:
    branch = appointment.branch
    return ZoneInfo(branch.time_zone) if branch else CLINIC_ZONE


def _add_zones(calendar: Calendar, appointments: Iterable[Appointment]) -> None:
    """Explain each zone once, for the years that are meant."""
    years: dict[str, set[int]] = {}
    for one in appointments:
        if one.starts_at is not None:
            years.setdefault(_zone(one).key, set()).add(one.starts_at.year)
    for key in sorted(years):
        calendar.add_component(_explained(key, min(years[key]), max(years[key])))


@lru_cache(maxsize=128)
def _explained(key: str, first: int, last: int) -> Timezone:
    return Timezone.from_tzid(key, first_date=date(first - 1, 1, 1), last_date=date(last + 2, 1, 1))
