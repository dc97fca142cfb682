"""Booking as seed 002 prints it: a store, a name and a phone instead of rows of ours."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.enums import Mode
from appointments.errors import BadDurationError, CapacityFullError, SlotTakenError, TooSoonError
from appointments.models import Appointment, AppointmentType
from appointments.services import flow, offering
from appointments.services.booking import book
from appointments.services.waiting import WaitingWish, join
from appointments.services.wishes import Wish
from clinic.core.actor import Actor
from clinic.core.errors import InvalidInputError
from clinic.patients.services.persons import person_by_name
from doctors.models import Branch, WorkRule
from doctors.rules.wall_clock import day_in, moment_of

FULL: Final = (SlotTakenError, CapacityFullError)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreWish:
    """What the seed's body says. Date and time are the wall clock of the branch; phone is E.164."""

    store_id: str
    customer_name: str = field(repr=False)
    customer_phone: str = field(repr=False)
    appointment_date: date
    start_time: time
    duration_minutes: int | None = None
    requirements: str = ""
    realtor_id: UUID | None = None


def book_at_store(*, actor: Actor, told: StoreWish) -> Appointment:
    """Book for the visit person of that name and phone, whom the account gets when he is new.

    The first type of that duration that somebody gives at the branch is booked; when every place
    at that time is taken he waits for one. Raises InvalidInputError, BadDurationError,
    AlreadyWaitingError and what booking raises; then nobody is added either.
    """
    branch = Branch.objects.filter(code=told.store_id, is_active=True).first()
    if branch is None:
        raise InvalidInputError("store_id", _("Choose a branch from the list."))
    kind, starts_at = _kind(branch, told.duration_minutes), _moment(branch, told)
    with transaction.atomic():
        person = person_by_name(
            actor=actor,
            account_id=actor.account_id,
            name=told.customer_name,
            phone=told.customer_phone,
        )
        wish = Wish(
            kind=kind.code,
            person_id=person.public_id,
            starts_at=starts_at,
            branch=branch.code,
            doctor_id=told.realtor_id,
            requirements=told.requirements,
            is_by_name=True,
        )
        try:
            with transaction.atomic():
                return book(actor=actor, wish=wish)
        except FULL as refusal:
            return _wait(actor, wish, kind, refusal)


def accept_at_store(appointment: Appointment, *, actor: Actor) -> None:
    """Say yes: the doctor to a booking, who waits to the place that is offered to him.

    Raises NotFoundError; IllegalTransitionError for the doctor, OfferGoneError for the patient.
    """
    accept = offering.accept if appointment.patient_id == actor.user_id else flow.accept
    accept(appointment.pk, actor=actor)


def _wait(
    actor: Actor, wish: Wish, kind: AppointmentType, refusal: SlotTakenError | CapacityFullError
) -> Appointment:
    """Let him wait for the time that is full; so shortly before it the refusal stands."""
    waiting = WaitingWish(
        kind=wish.kind,
        person_id=wish.person_id,
        wanted_from=wish.starts_at,
        wanted_until=wish.starts_at + timedelta(minutes=kind.duration_minutes),
        branch=wish.branch,
        doctor_id=wish.doctor_id,
        requirements=wish.requirements,
        is_by_name=wish.is_by_name,
    )
    try:
        return join(actor=actor, wish=waiting)
    except TooSoonError:
        raise refusal from None


def _kind(branch: Branch, minutes: int | None) -> AppointmentType:
    """Return the first type of that length that somebody gives at the branch."""
    there = WorkRule.objects.filter(branch=branch).values("doctor")
    given = AppointmentType.objects.filter(
        Q(branches=None) | Q(branches=branch),
        Q(doctors=None) | Q(doctors__in=there),
        is_active=True,
        mode=Mode.CLINIC,
    )
    kinds = list(given.distinct().order_by("position", "id"))
    if not kinds:
        raise InvalidInputError("store_id", _("Nothing can be booked at this branch."))
    kind = next((one for one in kinds if minutes in (None, one.duration_minutes)), None)
    if kind is None:
        raise BadDurationError
    return kind


def _moment(branch: Branch, told: StoreWish) -> datetime:
    minute = told.start_time.hour * 60 + told.start_time.minute
    instant = day_in(branch.time_zone, told.appointment_date).instant(minute)
    if instant is None:
        raise InvalidInputError("start_time", _("The clocks skip this time. Choose another one."))
    return moment_of(instant)
