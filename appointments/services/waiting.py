"""Joining the waiting list when nothing is free, and moving up in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from appointments import errors
from appointments.enums import Source
from appointments.models import Appointment, AppointmentType
from appointments.rules import Terms, is_one_date
from appointments.selectors.choosing import is_given
from appointments.selectors.fitting import FreePlaces, seeker_of
from appointments.selectors.slots import list_terms
from appointments.selectors.waiting import waits_already
from appointments.selectors.walls import zone_of
from appointments.services import codes
from appointments.services.state import enqueue
from appointments.services.wishes import Plan, Wish, plan_of
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import InvalidInputError
from clinic.settings import rules as numbers
from doctors.models import Doctor
from doctors.rules.wall_clock import moment_of


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingWish:
    """What somebody would wait for: a visit that begins and ends within a window.

    Codes of type and branch, public ids of people. Without ``wanted_from`` as soon as may be,
    without a doctor whoever has a place first. Only the desk may be the ``source`` for others.
    """

    kind: str
    person_id: UUID
    wanted_until: datetime
    wanted_from: datetime | None = None
    branch: str = ""
    doctor_id: UUID | None = None
    requirements: str = ""
    source: Source = Source.WAITING_LIST
    is_by_name: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """What of a wish can be booked at all, and on which terms."""

    since: datetime
    until: datetime
    terms: Terms


def join(*, actor: Actor, wish: WaitingWish) -> Appointment:
    """Return the new appointment that waits for a place.

    Who stands at the desk for today needs no notice and gets the first place without being asked.
    A place that becomes free just now is found
    by the sweep. Raises NothingToWaitForError with free slots, NotGivenThereError,
    AlreadyWaitingError, and what booking raises for wishes that nobody can fulfil.
    """
    now = current_moment()
    first = wish.wanted_from or now
    plan = plan_of(_as_booking(wish, first), actor=actor, now=now)
    at_desk = wish.source == Source.WALK_IN and is_one_date(
        zone_of(plan.branch), max(first, now), now
    )
    terms = list_terms(plan.kind, at_desk=at_desk)
    window = _window(plan.kind, terms, first, wish.wanted_until, now)
    doctor = plan.doctors[0] if wish.doctor_id is not None else None
    _check_somebody_gives_it(plan, doctor, now)
    _check_nothing_is_free(plan, window, doctor, now, at_desk=at_desk)
    with transaction.atomic():
        return _stored(plan, window, doctor, actor, now)


def _as_booking(wish: WaitingWish, first: datetime) -> Wish:
    return Wish(
        kind=wish.kind,
        person_id=wish.person_id,
        starts_at=first,
        branch=wish.branch,
        doctor_id=wish.doctor_id,
        requirements=wish.requirements,
        source=wish.source,
        is_by_name=wish.is_by_name,
    )


def _window(
    kind: AppointmentType, terms: Terms, first: datetime, until: datetime, now: datetime
) -> Window:
    """Cut a window down to what may be booked. Raises the error of what is wrong with it."""
    if until <= first:
        raise InvalidInputError("until", _("The end lies before the beginning."))
    if until <= now:
        raise errors.InPastError
    duration = timedelta(minutes=kind.duration_minutes)
    earliest, latest = (moment_of(at) for at in terms.window(now))
    if first > latest:
        raise errors.TooFarError
    window = Window(max(first, earliest), min(until, latest + duration), terms)
    if until - first >= duration > window.until - window.since:
        raise errors.TooSoonError
    if window.until - window.since < duration:
        raise InvalidInputError("until", _("The service takes longer than this time."))
    if _waits_until(kind, window, now) < now + numbers.APPOINTMENT_OFFER_AT_LEAST:
        raise errors.TooSoonError
    if window.until - window.since > LONGEST:
        raise InvalidInputError("until", _("Wait for a time within 31 days."))
    return window


LONGEST = timedelta(days=numbers.APPOINTMENT_SLOT_DAYS)


def _check_somebody_gives_it(plan: Plan, doctor: Doctor | None, now: datetime) -> None:
    """Refuse to let somebody wait for what never comes."""
    if not is_given(plan.kind, plan.branch, doctor.pk if doctor else None, now):
        raise errors.NotGivenThereError(
            "doctor_id" if doctor else "branch" if plan.branch else "type"
        )


def _check_nothing_is_free(
    plan: Plan, window: Window, doctor: Doctor | None, now: datetime, *, at_desk: bool
) -> None:
    only = doctor.pk if doctor is not None else 0
    places = FreePlaces(plan.kind, plan.branch, now, window.until, only, at_desk)
    seeker = seeker_of(
        patient_id=plan.person.account_id,
        person_id=plan.person.pk,
        wanted_from=window.since,
        wanted_until=window.until,
        wanted_doctor_id=only or None,
        moment=now,
    )
    free = list(places.for_seeker(seeker))[: numbers.APPOINTMENT_NEAREST]
    if free:
        nearest: list[dict[str, Any]] = [
            {"starts_at": moment_of(at), "doctor_id": doctors[0].public_id} for at, doctors in free
        ]
        raise errors.NothingToWaitForError(extra={"nearest": nearest})


def _stored(
    plan: Plan, window: Window, doctor: Doctor | None, actor: Actor, now: datetime
) -> Appointment:
    draft = _draft(plan, window, doctor, now)
    for code in codes.draws():
        draft.code = code
        if enqueue(draft, actor=actor, now=now):
            return draft
        if waits_already(
            person_id=plan.person.pk,
            kind_id=plan.kind.pk,
            wanted_from=window.since,
            wanted_until=window.until,
        ):
            raise errors.AlreadyWaitingError
    raise errors.CodeExhaustedError


def _draft(plan: Plan, window: Window, doctor: Doctor | None, now: datetime) -> Appointment:
    waits_until = _waits_until(plan.kind, window, now)
    return Appointment(
        kind=plan.kind,
        branch=plan.branch,
        is_doctor_chosen=doctor is not None,
        patient_id=plan.person.account_id,
        person=plan.person,
        source=plan.wish.source,
        requirements=plan.wish.requirements,
        wanted_from=window.since,
        wanted_until=window.until,
        wanted_doctor=doctor,
        queued_at=now,
        waits_until=waits_until,
        expires_at=waits_until,
    )


def _waits_until(kind: AppointmentType, window: Window, now: datetime) -> datetime:
    """Return when the waiting ends: by its time-out, or when nothing could be offered any more."""
    last_start = window.until - timedelta(minutes=kind.duration_minutes)
    return min(now + kind.waiting_timeout, last_start - timedelta(seconds=window.terms.min_notice))
