"""What becomes of an appointment whose doctor cannot or will not have it.

Another doctor gets it at the same time and price, or it ends and all the money goes back. One
appointment a transaction; everything here may be repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from appointments.enums import WAITING, Act, CancelledBy, DeclineReason, Displacement, State
from appointments.events import (
    AppointmentDisplaced,
    AppointmentHit,
    AppointmentReassigned,
    PlaceFreed,
)
from appointments.models import Appointment, AppointmentType
from appointments.selectors.hits import FOR_GOOD, ahead, is_hit
from appointments.selectors.substitutes import substitutes
from appointments.services import announcing, holding, offers, places
from appointments.services.ending import end, settle_money
from appointments.services.locks import lock_times
from appointments.services.pricing import price_of
from appointments.services.state import advance, locked_with_order, stay
from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ConflictError, NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.settings import rules as numbers
from doctors.models import Doctor

CLINIC: Final = system_actor("displacing")
ENDED_BY: Final = {
    Displacement.LEAVE: CancelledBy.DOCTOR,
    Displacement.DECLINED: CancelledBy.DOCTOR,
}
ANSWERED: Final = (Displacement.DECLINED, Displacement.NO_ANSWER)  # the time of that doctor is free

# What giving it to another doctor changes on the row, to be undone when that one is taken.
CHANGED: Final = (
    "doctor", "is_doctor_chosen", "ends_at", "busy_from", "busy_until", "seats", "state",
    "state_since", "expires_at", "sequence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """Why an appointment leaves its doctor, at whose word, when, and his own reason (a code)."""

    why: Displacement
    actor: Actor
    now: datetime
    reason: str = ""

    @property
    def told(self) -> dict[str, str]:
        """What the step says of it."""
        return {"why": self.why.value} | ({"reason": self.reason} if self.reason else {})


def displace(appointment_id: int, *, why: Displacement, actor: Actor = CLINIC) -> bool:
    """Give an appointment that is hit to another doctor, or end it; say whether it was hit."""
    with transaction.atomic():
        now = current_moment()
        if not is_hit(Appointment.objects.get(pk=appointment_id), why, now):
            return False  # no lock of anybody's time is needed to know that
        others = _stand_in_line(appointment_id, now)
        appointment = locked_with_order(appointment_id)
        if not is_hit(appointment, why, now):
            return False
        if appointment.state in WAITING and why in FOR_GOOD:
            offers.stop_waiting(appointment, actor=actor, now=now)
            return True
        if appointment.state == State.OFFERED:  # he waits on, in his place of the line
            act = Act.OFFER_WITHDRAWN
            offers.send_back(appointment, act=act, actor=actor, now=now)
            return True
        if appointment.state == State.HELD and holding.is_paid(appointment):
            holding.settle(appointment, actor)
        if why in FOR_GOOD:
            others = []
        _pass_on(appointment, others, Turn(why, actor, now))
    return True


def decline(appointment_id: int, *, actor: Actor, why: DeclineReason) -> None:
    """Give a booking that waits for the doctor's word to another doctor, at his wish.

    Whoever chose him by name, or was refused by three, gets all the money back. Raises
    NotFoundError, IllegalTransitionError.
    """
    with transaction.atomic():
        now = current_moment()
        others = _stand_in_line(appointment_id, now)
        appointment = locked_with_order(appointment_id)
        doctor = appointment.doctor
        if doctor is None or doctor.user_id != actor.user_id:
            raise NotFoundError
        if appointment.state != State.PENDING:
            check_move({}, appointment.state, State.CANCELLED)
        _hop(appointment, others, Turn(Displacement.DECLINED, actor, now, why.value))


def pass_unanswered(appointment_id: int, *, actor: Actor = CLINIC) -> bool:
    """Give a booking that its doctor did not answer in time to another; say whether it was due."""
    with transaction.atomic():
        now = current_moment()
        others = _stand_in_line(appointment_id, now)
        appointment = locked_with_order(appointment_id)
        until = appointment.expires_at
        if appointment.state != State.PENDING or until is None or until > now:
            return False
        _hop(appointment, others, Turn(Displacement.NO_ANSWER, actor, now))
    return True


def withdraw_type(kind_id: int, *, by: Actor) -> int:
    """End every appointment ahead of a type that is switched off; return how many it will be.

    Also who waits for it waits no longer. Each ends by itself, with all its money back. Raises
    ConflictError for a type that is on.
    """
    with transaction.atomic():
        kind = AppointmentType.objects.select_for_update(no_key=True).get(pk=kind_id)
        if kind.is_active:
            raise ConflictError
        waiting = Appointment.objects.filter(state=State.QUEUED, kind=kind)
        rows = ahead(current_moment()).filter(kind=kind), waiting
        keys = [key for one in rows for key in one.values_list("pk", flat=True)]
        for key in keys:
            publish(AppointmentHit(appointment_id=key, why=Displacement.OFF_SALE.value))
        audit.record(by, "withdraw", "appointment_type", kind.public_id, count=len(keys))
    return len(keys)


def _stand_in_line(appointment_id: int, now: datetime) -> list[Doctor]:
    """Take the locks of the appointment's doctor and of those who may get it; return the latter."""
    seen = Appointment.objects.select_related("kind", "branch", "doctor").get(pk=appointment_id)
    others: list[Doctor] = []
    for doctor in substitutes(seen, now) if seen.doctor_id else []:
        if price_of(seen.kind, doctor, now=now).amount_fen == seen.price_fen:
            others.append(doctor)
        if len(others) == numbers.APPOINTMENT_ASKED_AT_ONCE:
            break
    lock_times(doctor_ids=[seen.doctor_id or 0, *(doctor.pk for doctor in others)])
    return others


def _hop(appointment: Appointment, others: Sequence[Doctor], turn: Turn) -> None:
    appointment.hops += 1
    is_last = appointment.is_doctor_chosen or appointment.hops >= numbers.APPOINTMENT_MAX_HOPS
    _pass_on(appointment, [] if is_last else others, turn)


def _pass_on(appointment: Appointment, others: Sequence[Doctor], turn: Turn) -> None:
    """Give a locked appointment to the first of these doctors who is free, else end it."""
    former = appointment.doctor
    if former is None:
        raise ConflictError
    if not any(_give(appointment, former, doctor, turn) for doctor in others):
        _end(appointment, turn)
        return
    announcing.push_lost(appointment, former.user.public_id)
    if turn.why in ANSWERED:
        publish(PlaceFreed(doctor_id=former.pk))
    publish(
        AppointmentReassigned(
            appointment_id=appointment.pk, former_doctor_id=former.pk, why=turn.why.value
        )
    )


def _give(appointment: Appointment, former: Doctor, doctor: Doctor, turn: Turn) -> bool:
    """Let a doctor have a locked appointment; say whether his time was free."""
    before = {name: getattr(appointment, name) for name in CHANGED}
    appointment.is_doctor_chosen = False  # whoever has it now was not chosen
    places.put(appointment, doctor, appointment.starts_at or turn.now)
    try:
        with transaction.atomic():
            told = {"from_doctor": str(former.public_id), "to_doctor": str(doctor.public_id)}
            _store(appointment, turn, **told)
    except IntegrityError:
        for name, value in before.items():
            setattr(appointment, name, value)
        return False
    return True


def _store(appointment: Appointment, turn: Turn, **note: str) -> None:
    """Write the new doctor; one who accepts each booking accepts this one, too."""
    act, to = Act.REASSIGNED, State(appointment.state)
    told = {**turn.told, **note}
    if to in {State.PENDING, State.CONFIRMED}:
        starts_at = appointment.starts_at or turn.now
        kind = appointment.kind
        to, appointment.expires_at = holding.after_payment(kind, starts_at, now=turn.now)
    if to == appointment.state:
        stay(appointment, actor=turn.actor, act=act, now=turn.now, note=told)
    else:
        advance(appointment, to, actor=turn.actor, act=act, now=turn.now, note=told)


def _end(appointment: Appointment, turn: Turn) -> None:
    """End a locked appointment that nobody can have; all the money goes back."""
    actor, now, note = turn.actor, turn.now, turn.told
    if turn.why is Displacement.NO_ANSWER:
        settle_money(appointment, by=CancelledBy.SYSTEM, actor=actor, now=now)
        end(appointment, State.EXPIRED, actor=actor, act=Act.TIMED_OUT, now=now, note=note)
        return
    by = ENDED_BY.get(turn.why, CancelledBy.STAFF)
    act = Act.CANCELLED if turn.why is Displacement.DECLINED else Act.DISPLACED
    settle_money(appointment, by=by, actor=actor, now=now)
    appointment.cancelled_by = by
    end(appointment, State.CANCELLED, actor=actor, act=act, now=now, note=note)
    publish(AppointmentDisplaced(appointment_id=appointment.pk, why=turn.why.value))
