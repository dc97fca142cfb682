"""What every end of an appointment has in common: the money, the moment, the free place."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from appointments.enums import Act, CancelledBy, State
from appointments.events import AppointmentEnded, PlaceFreed
from appointments.models import Appointment
from appointments.services.state import advance
from clinic.core.actor import Actor
from clinic.core.events import publish
from clinic.settings import rules as numbers
from payments.enums import REFUNDABLE, EndedBy, RefundMode, RefundReason, RefundSource, ServicePhase
from payments.rules import Ending, RefundDecision, RefundTerms, decide_refund
from payments.services.income import recognise
from payments.services.orders import cancel_order
from payments.services.refunds import request_refund

_ENDED_BY: Final = {
    CancelledBy.PATIENT: EndedBy.PATIENT,
    CancelledBy.DOCTOR: EndedBy.DOCTOR,
    CancelledBy.STAFF: EndedBy.SYSTEM,
    CancelledBy.SYSTEM: EndedBy.SYSTEM,
}
_REASONS: Final = {
    CancelledBy.PATIENT: RefundReason.PATIENT_CANCELLED,
    CancelledBy.DOCTOR: RefundReason.DOCTOR_DECLINED,
    CancelledBy.STAFF: RefundReason.STAFF,
    CancelledBy.SYSTEM: RefundReason.NO_REPLY,
}


def end(
    appointment: Appointment,
    to: State,
    *,
    actor: Actor,
    act: Act,
    now: datetime,
    reason: str = "",
    note: Mapping[str, Any] | None = None,
) -> None:
    """Move a locked appointment to an end without a visit; its place is free again."""
    appointment.ended_at, appointment.expires_at = now, None
    appointment.cancel_reason = reason
    advance(appointment, to, actor=actor, act=act, now=now, note=note)
    publish(AppointmentEnded(appointment_id=appointment.pk, state=to.value))
    if appointment.doctor_id is not None:
        publish(PlaceFreed(doctor_id=appointment.doctor_id))


def settle_money(
    appointment: Appointment, *, by: CancelledBy, actor: Actor, now: datetime
) -> RefundDecision:
    """Close the unpaid order of a locked appointment, or send back what the policy grants.

    What stays after a late cancellation is earned. To be called before the state moves.
    """
    drop_unpaid_order(appointment, actor=actor, reason=f"cancelled by {by.value}")
    decision = decide_refund(_ending(appointment, by, now), terms_of(appointment))
    if decision.mode is RefundMode.AUTOMATIC and appointment.order_id is not None:
        request_refund(
            order_id=appointment.order_id,
            amount_fen=decision.amount_fen,
            reason=_REASONS[by],
            source=RefundSource.SYSTEM,
            actor=actor,
        )
    earn(appointment)
    return decision


def drop_unpaid_order(appointment: Appointment, *, actor: Actor, reason: str) -> None:
    """Begin to end the order of a locked appointment that nobody paid."""
    order = appointment.order
    if order is not None and order.paid_at is None:
        cancel_order(order.pk, actor=actor, reason=reason)


def earn(appointment: Appointment) -> None:
    """Turn what the order holds into income of the doctor and the clinic. Repeatable."""
    if appointment.order_id is None or appointment.doctor is None:
        return
    recognise(
        order_id=appointment.order_id,
        doctor_user_public_id=appointment.doctor.user.public_id,
        share=numbers.DOCTOR_SHARE,
    )


def terms_of(appointment: Appointment) -> RefundTerms:
    """Return what the type promises about cancelling."""
    return RefundTerms(
        free_until=appointment.kind.free_cancel_before,
        late_share_percent=numbers.APPOINTMENT_LATE_CANCEL_PERCENT,
    )


def _ending(appointment: Appointment, by: CancelledBy, now: datetime) -> Ending:
    order = appointment.order
    left = order.left_fen if order is not None and order.status in REFUNDABLE else 0
    starts_at = appointment.starts_at
    return Ending(
        by=_ENDED_BY[by],
        phase=ServicePhase.WAITING,
        elapsed=timedelta(0),
        amount_fen=left,
        starts_in=starts_at - now if starts_at is not None else None,
    )
