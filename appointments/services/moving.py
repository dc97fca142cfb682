"""Another time or another doctor in one step: the old place goes when the new one is taken."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from appointments import errors
from appointments.enums import Act, State
from appointments.events import AppointmentMoved, PlaceFreed
from appointments.models import Appointment
from appointments.selectors.choosing import doctors_of
from appointments.selectors.due import in_the_way
from appointments.selectors.openings import nearest_free, open_doctors
from appointments.services import announcing, holding
from appointments.services.locks import lock_times, patience
from appointments.services.pricing import price_of
from appointments.services.state import advance, locked_with_order, stay
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.constraints import translate
from clinic.core.errors import ClinicError, ConflictError, InvalidInputError, NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.settings import rules as numbers
from doctors.models import Doctor

MOVABLE: Final = (State.PENDING, State.CONFIRMED)
TAKEN: Final = (errors.SlotTakenError, errors.CapacityFullError)


def move(
    appointment_id: int, *, actor: Actor, starts_at: datetime, doctor_id: UUID | None = None
) -> Appointment:
    """Give the patient's own appointment another time; nothing is changed when that is taken.

    A doctor who accepts each accepts it anew. Raises NotFoundError, MoveTooLateError,
    IllegalTransitionError, BusyError, and what booking raises for a time that cannot be had.
    """
    now = current_moment()
    seen = Appointment.objects.select_related("kind", "branch", "doctor__user").filter(
        pk=appointment_id, patient_id=actor.account_id
    )
    old = seen.first()
    if old is None or old.doctor is None:
        raise NotFoundError
    _check_movable(old, now)
    doctor = _new_doctor(old, doctor_id, now)
    open_doctors(old.kind, old.branch, [doctor], starts_at, moment=now)
    try:
        return _move(old, doctor, starts_at, actor, now)
    except IntegrityError as error:
        refusal = translate(error)
        if isinstance(refusal, TAKEN):
            _name_nearest(refusal, old, doctor, starts_at, now)
        raise refusal from error


def _move(
    old: Appointment, doctor: Doctor, starts_at: datetime, actor: Actor, now: datetime
) -> Appointment:
    with transaction.atomic():
        _stand_in_line(old, doctor, starts_at, now)
        with patience():
            appointment = locked_with_order(old.pk)
        if appointment.doctor_id != old.doctor_id:
            raise ConflictError
        _check_movable(appointment, now)
        note = {"from": f"{appointment.starts_at:%Y-%m-%dT%H:%M%z}"}
        before = appointment.doctor
        _set_time(appointment, doctor, starts_at)
        _store(appointment, actor, now, note)
        if before is not None:
            publish(PlaceFreed(doctor_id=before.pk))
            if before.pk != doctor.pk:
                announcing.push_lost(appointment, before.user.public_id)
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


def _set_time(appointment: Appointment, doctor: Doctor, starts_at: datetime) -> None:
    kind = appointment.kind
    ends_at = starts_at + timedelta(minutes=kind.duration_minutes)
    appointment.doctor = doctor
    appointment.starts_at, appointment.ends_at = starts_at, ends_at
    appointment.busy_from = starts_at - timedelta(minutes=kind.buffer_before_minutes)
    appointment.busy_until = ends_at + timedelta(minutes=kind.buffer_after_minutes)
    appointment.checked_in_at = None
    appointment.moves += 1


def _store(appointment: Appointment, actor: Actor, now: datetime, note: dict[str, str]) -> None:
    starts_at = appointment.starts_at or now
    to, appointment.expires_at = holding.after_payment(appointment.kind, starts_at, now=now)
    if to == appointment.state:
        stay(appointment, actor=actor, act=Act.MOVED, now=now, note=note)
    else:
        advance(appointment, to, actor=actor, act=Act.MOVED, now=now, note=note)


def _check_movable(appointment: Appointment, now: datetime) -> None:
    if appointment.state not in MOVABLE:
        check_move({}, appointment.state, State.CONFIRMED)
    if appointment.kind.capacity > 1 or appointment.starts_at is None:
        raise errors.MoveTooLateError
    is_late = appointment.starts_at - now < appointment.kind.free_cancel_before
    if is_late or appointment.moves >= numbers.APPOINTMENT_MAX_MOVES:
        raise errors.MoveTooLateError


def _new_doctor(old: Appointment, doctor_id: UUID | None, now: datetime) -> Doctor:
    """Return who takes it; another doctor only at the price that was paid."""
    rows = doctors_of(old.kind, now)
    wanted = rows.filter(public_id=doctor_id) if doctor_id else rows.filter(pk=old.doctor_id or 0)
    doctor = wanted.exclude(user_id=old.patient_id).first()
    if doctor is None:
        raise InvalidInputError("doctor_id", _("Choose a doctor from the list."))
    is_dearer = price_of(old.kind, doctor, now=now).amount_fen != old.price_fen
    if doctor.pk != old.doctor_id and is_dearer:
        raise InvalidInputError(
            "doctor_id", _("This doctor has another price. Cancel and book again."), code="price"
        )
    return doctor


def _name_nearest(
    refusal: ClinicError, old: Appointment, doctor: Doctor, starts_at: datetime, now: datetime
) -> None:
    refusal.extra["nearest"] = nearest_free(old.kind, old.branch, [doctor], starts_at, moment=now)
