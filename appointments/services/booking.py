"""Booking: one statement takes the place, whoever comes late is told why and what is free."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from appointments import errors
from appointments.enums import Act, State
from appointments.models import Appointment
from appointments.rules import Calendar
from appointments.selectors.due import in_the_way
from appointments.selectors.named import Ahead
from appointments.selectors.openings import (
    NAMES_NEAREST,
    TimesOf,
    is_free,
    nearest_free,
    open_doctors,
)
from appointments.selectors.slots import terms_of
from appointments.services import codes, holding
from appointments.services.locks import lock_times
from appointments.services.pricing import price_by, price_of
from appointments.services.state import judged, stay, take, take_and_keep
from appointments.services.statements import WHY_NOT
from appointments.services.wishes import Plan, Wish, plan_of
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError, ConflictError
from doctors.models import Doctor
from payments.selectors.prices import Price

Keep = Callable[[Appointment], Mapping[str, Any]]


def book_at_once(
    *, actor: Actor, wish: Wish, keep: Keep, ahead: Ahead | None = None
) -> Appointment | None:
    """Return the new appointment when one statement can make it, None when nothing was stored.

    For a patient's own wish to be alone with a doctor he names, at a place that costs nothing.
    ``keep`` makes the values of ``idempotency.KEPT_WITH`` of the draft: its answer is stored with
    it. Raises what ``plan_of`` does.
    """
    if wish.doctor_id is None or wish.is_from_desk:
        return None
    now = current_moment()
    plan = plan_of(wish, actor=actor, now=now, ahead=ahead)
    if plan.facts is None or plan.facts.over or plan.kind.capacity > 1:
        return None
    (doctor,) = plan.doctors
    calendar = (_calendars(plan) or {}).get(doctor.pk)
    price = _price(plan, doctor, now)
    if price.amount_fen or not is_free(calendar, wish.starts_at, plan.ends_at, plan.terms, now):
        return None
    draft = _draft(plan, doctor, price, now)
    draft.code, draft.state_since = next(codes.draws()), now
    return draft if take_and_keep(draft, keep(draft), actor=actor, act=Act.BOOKED) else None


def book(*, actor: Actor, wish: Wish, ahead: Ahead | None = None) -> Appointment:
    """Return the new appointment: held while it is to be paid, else pending or confirmed.

    Rivals for one place are decided by the database; the patient's own order waits ten minutes.
    What the desk books needs no word of the doctor, and its order waits longer. What was read
    ``ahead`` is used if it is of this wish.
    Raises InvalidInputError and its kin for wishes that nobody can fulfil, the errors of
    NAMES_NEAREST with the nearest free slots, SelfBookingError.
    """
    now = current_moment()
    plan = plan_of(wish, actor=actor, now=now, ahead=ahead)
    doctors = _open_doctors(plan, now)
    with transaction.atomic(savepoint=False):  # who goes on after a refusal makes one
        over = _over(plan, [doctor.pk for doctor in doctors])
        if over or plan.kind.capacity > 1:
            made = _take_in_line(plan, doctors, actor, now, over)
        else:
            made = _take_first(plan, doctors, actor, now)
        if isinstance(made, ClinicError):
            raise _with_nearest(made, plan, now)
        return made


def _open_doctors(plan: Plan, now: datetime) -> list[Doctor]:
    try:
        return open_doctors(
            plan.kind, plan.branch, plan.doctors, plan.wish.starts_at, moment=now,
            terms=plan.terms, calendars=_calendars(plan),
        )  # fmt: skip
    except NAMES_NEAREST as refusal:
        raise _with_nearest(refusal, plan, now) from None


def _calendars(plan: Plan) -> dict[int, Calendar] | None:
    """Return what is known of the doctor who was named, None to read it of many."""
    if plan.facts is None:
        return None
    (doctor,) = plan.doctors
    calendar = plan.facts.calendar(plan.kind, plan.branch, doctor.pk, plan.wish.starts_at)
    return {} if calendar is None else {doctor.pk: calendar}


def _take_first(
    plan: Plan, doctors: list[Doctor], actor: Actor, now: datetime
) -> Appointment | ClinicError:
    """Ask the doctors one after the other. A refusal stores nothing, so none need be undone."""
    refusal: ClinicError = errors.SlotTakenError()
    for doctor in doctors:
        price = _price(plan, doctor, now)
        draft = _draft(plan, doctor, price, now)
        refused = _take(draft, actor, now)
        if refused is None:
            _note_exception(draft, plan.wish, actor, now)
            holding.ask_for_money(draft, price, actor=actor)
            return draft
        refusal = refused
        if isinstance(refusal, errors.PersonBookedError):
            break
    return refusal


def _take_in_line(
    plan: Plan, doctors: list[Doctor], actor: Actor, now: datetime, over: list[int]
) -> Appointment | ClinicError:
    """Do the same under locks. A refusal gives them back: the next one need not wait."""
    try:
        with transaction.atomic():
            _prepare(plan, doctors, over)
            made = _take_first(plan, doctors, actor, now)
            if isinstance(made, ClinicError):
                raise made
            return made
    except ClinicError as refusal:
        return refusal


def _take(draft: Appointment, actor: Actor, now: datetime) -> ClinicError | None:
    """Store the draft, or return what stands in its way."""
    act = Act.HELD if draft.state == State.HELD else Act.BOOKED
    for code in codes.draws():
        draft.code = code
        if take(draft, State(draft.state), actor=actor, act=act, now=now):
            return None
        why = _why_not(draft)
        if why is not None:
            return why
    return errors.CodeExhaustedError()


def _prepare(plan: Plan, doctors: list[Doctor], over: list[int]) -> None:
    """Take the locks of the whole booking in order, and end holds that are over but still stand.

    Who frees a time and then adds to it would deadlock with one who moves into it.
    """
    keys = [doctor.pk for doctor in doctors]
    lock_times(doctor_ids=keys, person_ids=[plan.person.pk] if over else [])
    for appointment_id in over:
        holding.release(appointment_id)


def _over(plan: Plan, keys: list[int]) -> list[int]:
    if plan.facts is not None:
        return plan.facts.over
    return in_the_way(
        doctor_ids=keys,
        person_id=plan.person.pk,
        starts_at=plan.wish.starts_at,
        ends_at=plan.ends_at,
        moment=current_moment(),
    )


def _why_not(draft: Appointment) -> ClinicError | None:
    """Return why no row was stored; None when another code, or the same again, may do."""
    names = ("code", "person_id", "doctor_id", "kind_id", "starts_at", "ends_at")
    values: dict[str, Any] = {name: getattr(draft, name) for name in names}
    values |= judged(draft.person)
    values |= {"busy_from": draft.busy_from, "busy_until": draft.busy_until}
    with connection.cursor() as cursor:
        cursor.execute(WHY_NOT, values)
        is_there, is_same, is_code_taken, is_busy, seated, is_doctor_busy, is_away = (
            cursor.fetchone()
        )
    if not is_same:  # changed or removed since he was judged
        return ConflictError() if is_there else errors.PersonGoneError()
    if is_away:
        return errors.OutsideHoursError()
    if is_busy:
        return errors.PersonBookedError()
    if draft.kind.capacity > 1 and seated >= draft.kind.capacity:
        return errors.CapacityFullError()
    if is_doctor_busy and not 0 < seated < draft.kind.capacity:
        return errors.SlotTakenError()
    return None if is_code_taken or not is_doctor_busy else errors.SlotTakenError()


def _with_nearest(refusal: ClinicError, plan: Plan, now: datetime) -> ClinicError:
    """Name the free slots around a time that cannot be had, for the doctors that were asked."""
    if isinstance(refusal, NAMES_NEAREST):
        terms = terms_of(plan.kind)
        refusal.extra["nearest"] = nearest_free(
            plan.kind, plan.branch, plan.doctors, plan.wish.starts_at, moment=now,
            terms=terms.without_notice() if plan.wish.is_from_desk else terms,
            elsewhere=TimesOf(plan.person.pk),
        )  # fmt: skip
    return refusal


def _price(plan: Plan, doctor: Doctor, now: datetime) -> Price:
    if plan.facts is None:
        return price_of(plan.kind, doctor, now=now)
    return price_by(plan.kind, plan.facts.practice.prices_at(now))


def _draft(plan: Plan, doctor: Doctor, price: Price, now: datetime) -> Appointment:
    wish, kind = plan.wish, plan.kind
    state, expires_at = holding.first_state(
        kind, price, wish.starts_at, source=wish.source, now=now
    )
    return Appointment.drafted(
        kind=kind,
        branch=plan.branch,
        doctor=doctor,
        is_doctor_chosen=wish.doctor_id is not None,
        patient=plan.person.account,
        person=plan.person,
        source=wish.source,
        state=state,
        expires_at=expires_at,
        starts_at=wish.starts_at,
        ends_at=plan.ends_at,
        busy_from=wish.starts_at - timedelta(minutes=kind.buffer_before_minutes),
        busy_until=plan.ends_at + timedelta(minutes=kind.buffer_after_minutes),
        requirements=wish.requirements,
        price_fen=price.amount_fen,
    )


def _note_exception(draft: Appointment, wish: Wish, actor: Actor, now: datetime) -> None:
    """Write down why a place lies outside the hours."""
    if wish.outside_hours is not None:
        note = {"outside_hours": wish.outside_hours.value}
        stay(draft, actor=actor, act=Act.CHANGED, now=now, note=note)
