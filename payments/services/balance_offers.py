"""Refunds whose way back is dead: to the balance, when staff, payer and a second person agree."""

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.notifications.enums import NoticeKind
from payments.enums import RefundDestination, RefundStatus
from payments.errors import ConsentMissingError, RefundNotStuckError, SecondPersonRequiredError
from payments.models import BalanceOffer, Refund
from payments.services.payers import tell_payer
from payments.services.refund_bookings import complete
from payments.services.states import lock_refund


def propose_balance(refund_id: int, *, actor: Actor) -> BalanceOffer:
    """Offer the payer a stuck refund on his balance and ask him. Raises RefundNotStuckError."""
    with transaction.atomic():
        refund = _stuck(refund_id)
        offer, is_new = BalanceOffer.objects.get_or_create(
            refund=refund, defaults={"proposed_by_id": actor.account_id}
        )
        if is_new:
            audit.record(actor, "refund.offer_balance", "refund", refund.public_id)
            tell_payer(refund.order, refund.amount_fen, NoticeKind.CONSENT_WANTED)
    return offer


def accept_balance(refund_id: int, *, actor: Actor) -> Refund:
    """Write down that the payer agrees. Raises RefundNotStuckError when nothing is offered."""
    with transaction.atomic():
        refund = _stuck(refund_id)
        offer = BalanceOffer.objects.filter(refund=refund).first()
        if offer is None:
            raise RefundNotStuckError
        if offer.consented_at is None:
            offer.consented_at = now()
            offer.save(update_fields=["consented_at"])
            audit.record(actor, "refund.accept_balance", "refund", refund.public_id)
    return refund


def approve_balance(refund_id: int, *, actor: Actor) -> Refund:
    """Put the money on the balance. Raises ConsentMissingError, SecondPersonRequiredError."""
    with transaction.atomic():
        refund = _stuck(refund_id)
        offer = BalanceOffer.objects.filter(refund=refund).first()
        if offer is None or offer.consented_at is None:
            raise ConsentMissingError
        if offer.proposed_by_id == actor.user_id:
            raise SecondPersonRequiredError
        offer.approved_by_id, offer.approved_at = actor.account_id, now()
        offer.save(update_fields=["approved_by", "approved_at"])
        refund.destination = RefundDestination.BALANCE
        refund.save(update_fields=["destination"])
        complete(refund, actor=actor)
        audit.record(actor, "refund.approve_balance", "refund", refund.public_id)
    return refund


def _stuck(refund_id: int) -> Refund:
    _order, refund = lock_refund(refund_id)
    if refund.status != RefundStatus.NEEDS_STAFF:
        raise RefundNotStuckError
    return refund
