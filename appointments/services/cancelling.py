"""Stepping back before the visit, with what the policy says about the money."""

from datetime import datetime

from django.db import transaction

from appointments.enums import OPEN_STATES, Act, CancelledBy, State
from appointments.errors import CancelTooLateError
from appointments.models import Appointment
from appointments.selectors.due import without_consent
from appointments.selectors.substitutes import was_reassigned
from appointments.services import holding, offers, telling
from appointments.services.ending import end, settle_money
from appointments.services.sides import side_of
from appointments.services.state import locked_with_order
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from payments.rules import RefundDecision

ACCOUNTS = system_actor("account deletion")
CONSENTS = system_actor("revoked consent")


def cancel(
    appointment_id: int, *, actor: Actor, reason: str = ""
) -> tuple[Appointment, RefundDecision]:
    """End an appointment at the wish of its patient, its doctor or the desk; say what of the money.

    All goes back when doctor or desk cancel, when the clinic gave it to another doctor, or when the
    patient cancels in the free time of the type; later a share. Raises NotFoundError,
    CancelTooLateError once the visit has begun, IllegalTransitionError for one that has ended.
    """
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        by = side_of(appointment, actor)
        now = current_moment()
        if appointment.state == State.HELD and holding.is_paid(appointment):
            holding.settle(appointment, actor)
        _check(appointment, by, now)
        is_ours = by is CancelledBy.PATIENT and was_reassigned(appointment)
        payer = CancelledBy.STAFF if is_ours else by
        decision = settle_money(appointment, by=payer, actor=actor, now=now)
        if appointment.state == State.OFFERED:
            offers.give_back(appointment)
        appointment.cancelled_by = by
        end(appointment, State.CANCELLED, actor=actor, act=Act.CANCELLED, now=now, reason=reason)
    return appointment, decision


def cancel_without_patient(appointment_id: int) -> bool:
    """Cancel an appointment whose patient deleted his account, on his terms; say whether it was.

    What has begun goes on; who does not come is marked by the sweep.
    """
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        now = current_moment()
        has_begun = appointment.starts_at is not None and appointment.starts_at <= now
        is_over = appointment.state not in OPEN_STATES or appointment.state == State.IN_PROGRESS
        if is_over or has_begun or appointment.patient.anonymised_at is None:
            return False
        if appointment.state == State.HELD and holding.is_paid(appointment):
            holding.settle(appointment, ACCOUNTS)
        _cancel_for(appointment, ACCOUNTS, payer=CancelledBy.PATIENT, now=now)
    return True


def cancel_without_consent(appointment_id: int) -> bool:
    """End what its patient took a consent back for before anybody accepted it; say whether.

    All money goes back. What is accepted goes on: the patient may cancel it on the usual terms.
    """
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        if appointment.state == State.HELD and holding.is_paid(appointment):
            holding.settle(appointment, CONSENTS)
        if not without_consent().filter(pk=appointment.pk).exists():
            return False
        _cancel_for(appointment, CONSENTS, payer=CancelledBy.SYSTEM, now=current_moment())
        telling.tell_patient(appointment, NoticeKind.APPOINTMENT_WITHOUT_CONSENT)
    return True


def _cancel_for(
    appointment: Appointment, actor: Actor, *, payer: CancelledBy, now: datetime
) -> None:
    """Cancel a locked appointment as its patient would; ``payer`` decides what goes back."""
    settle_money(appointment, by=payer, actor=actor, now=now)
    if appointment.state == State.OFFERED:
        offers.give_back(appointment)
    appointment.cancelled_by = CancelledBy.PATIENT
    end(appointment, State.CANCELLED, actor=actor, act=Act.CANCELLED, now=now)


def _check(appointment: Appointment, by: CancelledBy, now: datetime) -> None:
    if appointment.state not in OPEN_STATES:
        check_move({}, appointment.state, State.CANCELLED)
    starts_at = appointment.starts_at
    has_begun = starts_at is not None and starts_at <= now and by is CancelledBy.PATIENT
    if has_begun or appointment.state == State.IN_PROGRESS:
        raise CancelTooLateError
