"""Another time or another doctor in one step: the old place goes when the new one is taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from appointments import errors
from appointments.enums import Act, CancelledBy, OutsideHours, State
from appointments.events import AppointmentMoved, PlaceFreed
from appointments.models import Appointment
from appointments.rules import Terms
from appointments.selectors.choosing import doctors_of
from appointments.selectors.due import in_the_way
from appointments.selectors.openings import NAMES_NEAREST, TimesOf, nearest_free, open_doctors
from appointments.selectors.slots import terms_of
from appointments.services import announcing, holding, places
from appointments.services.locks import lock_times, patience
from appointments.services.pricing import price_of
from appointments.services.sides import desk_terms, side_of
from appointments.services.state import advance, locked_with_order, stay
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.constraints import translate
from clinic.core.errors import ClinicError, ConflictError, InvalidInputError, NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.relations.selectors.relations import may_start
from clinic.settings import rules as numbers
from doctors.models import Doctor

MOVABLE: Final = (State.PENDING, State.CONFIRMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Move:
    """What is to happen: whose word it is decides what is asked of the time."""

    old: Appointment
    by: CancelledBy
    actor: Actor
    doctor: Doctor
    starts_at: datetime
    now: datetime
    outside_hours: OutsideHours | None

    @property
    def terms(self) -> Terms:
        if self.by is CancelledBy.STAFF:
            return desk_terms(self.old.kind, self.outside_hours)
        return terms_of(self.old.kind)

    @property
    def act(self) -> Act:
        is_same_time = self.starts_at == self.old.starts_at
        is_other_doctor = self.doctor.pk != self.old.doctor_id
        return Act.REASSIGNED if is_same_time and is_other_doctor else Act.MOVED

    @property
    def note(self) -> dict[str, str]:
        note = {
            "from": f"{self.old.starts_at:%Y-%m-%dT%H:%M%z}",
            "to": f"{self.starts_at:%Y-%m-%dT%H:%M%z}",
        }
        if self.old.doctor is not None and self.old.doctor_id != self.doctor.pk:
            note["from_doctor"] = str(self.old.doctor.public_id)
            note["to_doctor"] = str(self.doctor.public_id)
        if self.outside_hours is not None:
            note["outside_hours"] = self.outside_hours.value
        return note


def move(
    appointment_id: int,
    *,
    actor: Actor,
    starts_at: datetime,
    doctor_id: UUID | None = None,
    outside_hours: OutsideHours | None = None,
) -> Appointment:
    """Give an appointment another time or doctor; nothing is changed when that is taken.

    The patient moves in his free time and three times at most, and a doctor who accepts each
    accepts it anew. The desk moves to any minute, at any notice, as often as it likes, and speaks
    for the doctor; ``outside_hours`` is its reason to go beyond them. Raises NotFoundError,
    MoveTooLateError, MovedTooOftenError, IllegalTransitionError, BusyError, SameTimeError when
    nothing would move, and what booking raises for a time that cannot be had.
    """
    now = current_moment()
    old = _seen(appointment_id)
    by = side_of(old, actor)
    if by is CancelledBy.DOCTOR:
        raise NotFoundError
    _check_movable(old, by, now)
    _check_something_moves(old, starts_at, doctor_id)
    wish = _Move(
        old=old, by=by, actor=actor, doctor=_new_doctor(old, doctor_id, now), starts_at=starts_at,
        now=now, outside_hours=outside_hours if by is CancelledBy.STAFF else None,
    )  # fmt: skip
    try:
        doctors = [wish.doctor]
        open_doctors(old.kind, old.branch, doctors, starts_at, moment=now, terms=wish.terms)
        return _move(wish)
    except NAMES_NEAREST as refusal:
        _name_nearest(refusal, wish)
        raise
    except IntegrityError as error:
        taken = translate(error)
        if isinstance(taken, NAMES_NEAREST):
            _name_nearest(taken, wish)
        raise taken from error


def _seen(appointment_id: int) -> Appointment:
    rows = Appointment.objects.select_related("kind", "branch", "doctor__user")
    row = rows.filter(pk=appointment_id).first()
    if row is None:
        raise NotFoundError
    return row


def _move(wish: _Move) -> Appointment:
    old, doctor, now = wish.old, wish.doctor, wish.now
    with transaction.atomic():
        _stand_in_line(old, doctor, wish.starts_at, now)
        with patience():
            appointment = locked_with_order(old.pk)
        if (appointment.doctor_id, appointment.starts_at) != (old.doctor_id, old.starts_at):
            raise ConflictError
        _check_movable(appointment, wish.by, now)
        before, was_at = appointment.doctor, appointment.starts_at
        if not places.put(appointment, doctor, wish.starts_at):
            raise errors.CapacityFullError
        _store(appointment, wish)
        if before is not None:
            publish(PlaceFreed(doctor_id=before.pk))
            if before.pk != doctor.pk:
                announcing.push_lost(appointment, before.user.public_id, was_at=was_at)
        publish(AppointmentMoved(appointment_id=appointment.pk))
    return appointment


def _stand_in_line(old: Appointment, doctor: Doctor, starts_at: datetime, now: datetime) -> None:
    lock_times(doctor_ids=[old.doctor_id or 0, doctor.pk], person_ids=[old.person_id])
    over = in_the_way(
        doctor_ids=[doctor.pk],
        person_id=old.person_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=old.kind.duration_minutes),
        moment=now,
    )
    for appointment_id in over:
        holding.release(appointment_id)


def _store(appointment: Appointment, wish: _Move) -> None:
    actor, act, now, note = wish.actor, wish.act, wish.now, wish.note
    if wish.starts_at - now > numbers.APPOINTMENT_CHECK_IN_FROM:
        appointment.checked_in_at = None
    if wish.by is CancelledBy.STAFF:
        to, appointment.expires_at = State.CONFIRMED, None  # the desk has the doctor's word
    else:
        appointment.moves += 1
        to, appointment.expires_at = holding.after_payment(
            appointment.kind, wish.starts_at, now=now
        )
    if to == appointment.state:
        stay(appointment, actor=actor, act=act, now=now, note=note)
    else:
        advance(appointment, to, actor=actor, act=act, now=now, note=note)


def _check_movable(appointment: Appointment, by: CancelledBy, now: datetime) -> None:
    if appointment.state not in MOVABLE:
        check_move({}, appointment.state, State.CONFIRMED)
    if appointment.starts_at is None:
        raise errors.MoveTooLateError
    if by is CancelledBy.STAFF:
        return
    if appointment.starts_at - now < appointment.kind.free_cancel_before:
        raise errors.MoveTooLateError
    if appointment.moves >= numbers.APPOINTMENT_MAX_MOVES:
        raise errors.MovedTooOftenError


def _check_something_moves(old: Appointment, starts_at: datetime, doctor_id: UUID | None) -> None:
    own = (None, old.doctor.public_id if old.doctor is not None else None)
    if starts_at == old.starts_at and doctor_id in own:
        raise errors.SameTimeError


def _new_doctor(old: Appointment, doctor_id: UUID | None, now: datetime) -> Doctor:
    """Return who takes it; another doctor only at the price that was paid."""
    rows = doctors_of(old.kind, now)
    wanted = rows.filter(public_id=doctor_id) if doctor_id else rows.filter(pk=old.doctor_id or 0)
    doctor = wanted.exclude(user_id=old.patient_id).first()
    is_other = doctor is not None and doctor.pk != old.doctor_id
    if doctor and is_other and not may_start(doctor_id=doctor.pk, patient_id=old.patient_id):
        doctor = None
    if doctor is None:
        raise InvalidInputError("doctor_id", _("Choose a doctor from the list."))
    is_dearer = price_of(old.kind, doctor, now=now).amount_fen != old.price_fen
    if doctor.pk != old.doctor_id and is_dearer:
        raise InvalidInputError(
            "doctor_id", _("This doctor has another price. Cancel and book again."), code="price"
        )
    return doctor


def _name_nearest(refusal: ClinicError, wish: _Move) -> None:
    old, terms = wish.old, terms_of(wish.old.kind)
    refusal.extra["nearest"] = nearest_free(
        old.kind, old.branch, [wish.doctor], wish.starts_at, moment=wish.now,
        terms=terms.without_notice() if wish.by is CancelledBy.STAFF else terms,
        elsewhere=TimesOf(old.person_id, but_not=old.pk),
    )  # fmt: skip
