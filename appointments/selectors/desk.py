"""What the front desk looks up: one appointment, those of a code or a phone, free times."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from appointments.enums import OPEN_STATES, WAITING, State
from appointments.models import Appointment, AppointmentType
from appointments.rules import bookable
from appointments.selectors.calendars import calendars_of
from appointments.selectors.choosing import doctors_of
from appointments.selectors.slots import place_of, starts_by_doctor, terms_of
from appointments.selectors.waiting import Standing, standings
from appointments.selectors.walls import next_minute
from clinic.accounts.models import User
from clinic.accounts.rules import normalise_mobile
from clinic.core.errors import InvalidInputError
from clinic.patients.models import VisitPerson
from clinic.patients.selectors import persons_of
from clinic.settings import rules as numbers
from doctors.models import Branch, Doctor
from doctors.rules.wall_clock import moment_of

SHOWN: Final = (
    "kind",
    "branch",
    "doctor__department",
    "doctor__user",
    "patient",
    "person",
    "order",
)
FOUND: Final = 20
CODE: Final = re.compile(r"[0-9]{6}", re.ASCII)
LOOK_AHEAD: Final = 7  # days in which the next free times are looked for


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time at which a doctor is free."""

    starts_at: datetime
    doctor: Doctor


@dataclass(frozen=True, slots=True)
class Caller:
    """An account with the people it books for."""

    account: User
    persons: list[VisitPerson]


def on_desk() -> QuerySet[Appointment]:
    """Return the appointments that the front desk sees: all of them, with what it shows."""
    return Appointment.objects.select_related(*SHOWN)


def find(text: str) -> list[Appointment]:
    """Return the appointments of a booking code or a mobile number, the open ones first.

    Raises InvalidInputError for anything else: nobody is found by halves of numbers.
    """
    if CODE.fullmatch(text):
        return _open_first(on_desk().filter(code=text))
    try:
        phone = normalise_mobile(text)
    except ValueError:
        message = _("Write a code of six digits or a whole mobile number.")
        raise InvalidInputError("q", message) from None
    return _open_first(on_desk().filter(patient__phone=phone)) or _open_first(
        on_desk().filter(person__phone=phone)
    )


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody on the waiting list, and where he stands while he has no offer."""

    appointment: Appointment
    standing: Standing | None


def waiting_at(branch: Branch | None, *, moment: datetime) -> list[Waiter]:
    """Return who waits at a branch, or online, in the order in which they are served.

    They stand where they are told themselves. Three queries for each type that is waited for.
    """
    rows = on_desk().filter(branch=branch, state__in=WAITING)
    rows = rows.select_related(*SHOWN, "wanted_doctor").order_by("-priority", "queued_at", "id")
    shown = list(rows[: numbers.DESK_WAITING])
    kinds = {row.kind_id: row.kind for row in shown}
    standings_of = (standings(kind, branch, moment=moment) for kind in kinds.values())
    found = {one.appointment_id: one for line in standings_of for one in line}
    return [Waiter(row, found.get(row.public_id)) for row in shown]


def caller_of(phone: str) -> Caller | None:
    """Return the account of a phone that may log in, with its visit persons; None without one."""
    account = User.objects.filter(phone=phone, is_active=True).first()
    return None if account is None else Caller(account, list(persons_of(account.pk)))


def free_times(
    kind: AppointmentType,
    branch: Branch | None,
    *,
    doctor: Doctor | None,
    first: date,
    moment: datetime,
) -> list[FreeTime]:
    """Return the next free times of a type from a date on, earliest first, without any notice."""
    place = place_of(kind, branch, doctor.pk if doctor else 0)
    terms = terms_of(kind).without_notice()
    found = starts_by_doctor(place, terms, first, LOOK_AHEAD, moment)
    doctors = {row.pk: row for row in doctors_of(kind, moment) if row.pk in found}
    times = sorted(
        (slot.starts_at, key) for key, slots in found.items() if key in doctors for slot in slots
    )
    return [FreeTime(moment_of(at), doctors[key]) for at, key in times[: numbers.DESK_FREE_TIMES]]


def works_now(
    kind: AppointmentType, branch: Branch | None, *, doctor: Doctor | None, moment: datetime
) -> bool:
    """Say whether a doctor of a type (or this one) can see somebody from the next minute on."""
    place, terms = place_of(kind, branch, doctor.pk if doctor else 0), terms_of(kind).at_the_desk()
    starts_at = next_minute(moment)
    ends_at = starts_at + timedelta(minutes=kind.duration_minutes)
    day = starts_at.astimezone(ZoneInfo(place.zone)).date()
    calendars = calendars_of(place, day, day, step=terms.step, moment=moment).values()
    refusals = (
        bookable(starts_at, ends_at, terms=terms, calendar=calendar, moment=moment)
        for calendar in calendars
    )
    return None in refusals


def possible_acts(appointment: Appointment, *, moment: datetime) -> list[str]:
    """Return what the desk may do with an appointment now, by the names of its endpoints."""
    state, starts_at = appointment.state, appointment.starts_at
    acts: list[str] = []
    if state in (State.PENDING, State.CONFIRMED):
        acts.append("move")
    if state == State.PENDING:
        acts.append("accept")
    if state == State.OFFERED:
        acts += ["offer/accept", "offer/decline"]
    if state == State.HELD and appointment.order_id is not None:
        acts.append("pay")
    is_due = starts_at is not None and moment >= starts_at - numbers.APPOINTMENT_CHECK_IN_FROM
    if is_due and state == State.CONFIRMED and appointment.checked_in_at is None:
        acts.append("check-in")
    if is_due and state in (State.CONFIRMED, State.NO_SHOW):
        acts.append("start")
    is_late = starts_at is not None and moment >= starts_at + numbers.APPOINTMENT_NO_SHOW_AFTER
    if is_late and state == State.CONFIRMED and appointment.checked_in_at is None:
        acts.append("no-show")
    if state == State.IN_PROGRESS:
        acts.append("finish")
    elif state in OPEN_STATES:
        acts.append("cancel")
    return acts


def _open_first(rows: QuerySet[Appointment]) -> list[Appointment]:
    is_over = Case(
        When(state__in=OPEN_STATES, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return list(rows.annotate(is_over=is_over).order_by("is_over", "-starts_at", "-id")[:FOUND])
