"""Places that wait: for money (held), for the doctor's word (pending). What ends them."""

from datetime import datetime

from django.db import transaction

from appointments.enums import DESK_SOURCES, OPEN_STATES, WAITING, Act, CancelledBy, State
from appointments.models import Appointment, AppointmentType
from appointments.selectors.due import was_paid_in_time
from appointments.services import offers
from appointments.services.ending import drop_unpaid_order, end
from appointments.services.no_show import miss
from appointments.services.pricing import order_for
from appointments.services.state import advance, locked_with_order
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.settings import rules as numbers
from payments.enums import REFUNDABLE, OrderStatus, RefundReason, RefundSource
from payments.selectors.prices import Price
from payments.services.refunds import request_refund

PAYMENT = system_actor("payment")
SWEEP = system_actor("appointment sweep")
REFUNDS = system_actor("refund")


def after_payment(
    kind: AppointmentType, starts_at: datetime, *, now: datetime
) -> tuple[State, datetime | None]:
    """Return where a paid or free appointment goes, and when that ends by itself.

    The doctor has his time to accept, but never longer than until the start.
    """
    if kind.needs_acceptance:
        return State.PENDING, min(now + numbers.APPOINTMENT_ACCEPT_WITHIN, starts_at)
    return State.CONFIRMED, None


def first_state(
    kind: AppointmentType, price: Price, starts_at: datetime, *, source: str, now: datetime
) -> tuple[State, datetime | None]:
    """Return where somebody stands who takes a place, and when that ends by itself."""
    is_from_desk = source in DESK_SOURCES
    if price.amount_fen:
        hold = numbers.APPOINTMENT_DESK_HOLD if is_from_desk else numbers.APPOINTMENT_HOLD
        return State.HELD, now + hold
    if is_from_desk:  # the desk has the doctor's word
        return State.CONFIRMED, None
    return after_payment(kind, starts_at, now=now)


def ask_for_money(appointment: Appointment, price: Price, *, actor: Actor) -> None:
    """Make the order of a place that is held."""
    if appointment.state == State.HELD and appointment.expires_at is not None:
        ends_at = appointment.expires_at
        appointment.order = order_for(appointment, price, expires_at=ends_at, actor=actor)
        appointment.save(update_fields=["order"])


def settle_paid(appointment_id: int, *, actor: Actor = PAYMENT) -> bool:
    """Give a held place whose order is paid to its patient; say whether it is newly his.

    Money for an appointment that ended unpaid goes straight back: it never revives. Repeatable.
    """
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        if not is_paid(appointment):
            return False
        if appointment.state in (State.EXPIRED, State.CANCELLED):
            _send_back_late_money(appointment, actor=actor)
        if appointment.state != State.HELD:
            return False
        settle(appointment, actor)
    return True


def settle(appointment: Appointment, actor: Actor) -> None:
    """Move a locked, held appointment on because its order is paid."""
    now = current_moment()
    starts_at = appointment.starts_at or now
    to, appointment.expires_at = after_payment(appointment.kind, starts_at, now=now)
    if appointment.source in DESK_SOURCES:
        to, appointment.expires_at = State.CONFIRMED, None  # the desk has the doctor's word
    advance(appointment, to, actor=actor, act=Act.PAID, now=now)


def release(appointment_id: int, *, actor: Actor = SWEEP) -> bool:
    """End a held, offered or waiting one whose time is over; say whether it did now. Repeatable.

    Whose offer ends may wait on. A hold whose order turns out to hold money is given to its
    patient instead.
    """
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        now = current_moment()
        if appointment.expires_at is None or appointment.expires_at > now:
            return False
        if appointment.state in WAITING:
            offers.run_out(appointment, actor=actor, now=now)
            return True
        return appointment.state == State.HELD and _drop_hold(appointment, actor, now)


def release_unpaid(appointment_id: int, *, actor: Actor = PAYMENT) -> bool:
    """End a held appointment whose order was closed; say whether it ended now. Repeatable."""
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        if appointment.state != State.HELD:
            return False
        return _drop_hold(appointment, actor, current_moment())


def _drop_hold(appointment: Appointment, actor: Actor, now: datetime) -> bool:
    if is_paid(appointment):
        settle(appointment, actor)
        return False
    drop_unpaid_order(appointment, actor=actor, reason="hold expired")
    end(appointment, State.EXPIRED, actor=actor, act=Act.HOLD_EXPIRED, now=now)
    return True


def mark_missed(appointment_id: int, *, actor: Actor = SWEEP) -> bool:
    """Say of a confirmed appointment that nobody came, by the rule of no-shows. Repeatable."""
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        now = current_moment()
        if appointment.state != State.CONFIRMED or not _is_overdue(appointment, now):
            return False
        miss(appointment, actor=actor, now=now)
    return True


def _is_overdue(appointment: Appointment, now: datetime) -> bool:
    starts_at = appointment.starts_at
    is_late = starts_at is not None and starts_at + numbers.APPOINTMENT_NO_SHOW_AFTER <= now
    return is_late and appointment.checked_in_at is None


def note_full_refund(appointment_id: int) -> None:
    """Cancel an appointment that still stands though all its money went back. Repeatable."""
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        order = appointment.order
        if order is None or order.status != OrderStatus.REFUNDED:
            return
        if appointment.state not in OPEN_STATES or appointment.state == State.IN_PROGRESS:
            return
        appointment.cancelled_by = CancelledBy.SYSTEM
        now = current_moment()
        end(appointment, State.CANCELLED, actor=REFUNDS, act=Act.CANCELLED, now=now)


def is_paid(appointment: Appointment) -> bool:
    """Say whether the order of an appointment holds money."""
    return appointment.order is not None and appointment.order.status in REFUNDABLE


def _send_back_late_money(appointment: Appointment, *, actor: Actor) -> None:
    order = appointment.order
    if order is None or order.left_fen <= 0 or was_paid_in_time(appointment):
        return
    request_refund(
        order_id=order.pk,
        amount_fen=None,
        reason=RefundReason.LATE_PAYMENT,
        source=RefundSource.SYSTEM,
        actor=actor,
    )
