"""Large payments outside: one person reports them, a second one confirms or refuses."""

from datetime import datetime

from django.db import IntegrityError, transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.constraints import translate
from payments.enums import ClaimState, ProofKind
from payments.errors import ClaimDecidedError, PaymentNeedsSecondPersonError, ProofUsedError
from payments.models import OfflineClaim, OfflineProof, PaymentAttempt
from payments.services.offline import Receipt, end_open_try, lock_payable, settle_by_receipt


def claim_offline_payment(
    order_id: int, *, kind: ProofKind, reference: str, received_at: datetime, actor: Actor
) -> OfflineClaim:
    """Write down a payment that a second person must confirm; the order stays unpaid.

    Raises ProofUsedError, PaymentInProgressError when one waits already, OrderNotPayableError.
    """
    reference = reference.strip()[:60]
    try:
        with transaction.atomic():
            order = lock_payable(order_id, moment=now())
            if OfflineProof.objects.filter(kind=kind, reference=reference).exists():
                raise ProofUsedError
            claim = OfflineClaim.objects.create(
                order=order,
                kind=kind,
                reference=reference,
                received_at=received_at,
                claimed_by_id=actor.account_id,
            )
            audit.record(
                actor, "payment.claim", "order", order.public_id, claim=str(claim.public_id)
            )
    except IntegrityError as error:
        raise translate(error) from None
    return claim


def confirm_claim(claim_id: int, *, actor: Actor) -> PaymentAttempt:
    """Pay the order by a receipt that a second person has checked.

    Never in a transaction: an open try at a provider is ended first. Raises
    PaymentNeedsSecondPersonError for who reported it, ClaimDecidedError, and what
    ``take_offline_payment`` raises.
    """
    claim = OfflineClaim.objects.get(pk=claim_id)
    if claim.claimed_by_id == actor.user_id:
        raise PaymentNeedsSecondPersonError
    if claim.state != ClaimState.WAITING:
        raise ClaimDecidedError
    moment = end_open_try(claim.order_id, actor=actor)
    receipt = Receipt(
        kind=claim.kind,
        reference=claim.reference,
        received_at=claim.received_at,
        confirmed_by_id=claim.claimed_by_id,
        approved_by_id=actor.account_id,
    )
    try:
        with transaction.atomic():
            attempt = settle_by_receipt(claim.order_id, receipt, actor=actor, moment=moment)
            _decide(claim, ClaimState.CONFIRMED, actor=actor)
    except IntegrityError as error:
        raise translate(error) from None
    return attempt


def reject_claim(claim_id: int, *, actor: Actor, reason: str) -> None:
    """Give up a reported payment; its receipt may be reported again. Raises ClaimDecidedError."""
    claim = OfflineClaim.objects.get(pk=claim_id)
    with transaction.atomic():
        _decide(claim, ClaimState.REJECTED, actor=actor)
        audit.record(actor, "payment.claim_reject", "claim", claim.public_id, reason=reason[:120])


def _decide(claim: OfflineClaim, state: ClaimState, *, actor: Actor) -> None:
    waiting = OfflineClaim.objects.filter(pk=claim.pk, state=ClaimState.WAITING)
    decided = waiting.update(state=state, decided_by_id=actor.account_id, decided_at=now())
    if decided != 1:
        raise ClaimDecidedError
