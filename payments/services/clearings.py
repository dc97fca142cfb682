"""Movements booked as money without an order: what they were, once somebody has found it out."""

from django.db import IntegrityError, transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.constraints import translate
from payments.enums import AccountKind, ClaimState, ClearingTarget, TransactionKind
from payments.errors import ClaimDecidedError, NothingToClearError, SecondPersonRequiredError
from payments.models import ReconciliationItem, SuspenseClearing
from payments.selectors.ledger import booked_apart
from payments.services.ledger import CLINIC, Leg, book


def propose_clearing(
    item_id: int, *, target: ClearingTarget, why: str, actor: Actor
) -> SuspenseClearing:
    """Say what a booked movement was; nothing is booked before a second person confirms it.

    Raises NothingToClearError for one that is not in suspense, was explained, or waits already.
    """
    amount_fen = booked_apart(item_id)
    if amount_fen == 0:
        raise NothingToClearError
    try:
        with transaction.atomic():
            item = ReconciliationItem.objects.get(pk=item_id)
            clearing = SuspenseClearing.objects.create(
                item=item,
                target=target,
                amount_fen=amount_fen,
                why=why.strip()[:120],
                proposed_by_id=actor.account_id,
            )
            audit.record(actor, "movement.clear_propose", "difference", item.public_id)
    except IntegrityError as error:
        raise translate(error) from None
    return clearing


def confirm_clearing(clearing_id: int, *, actor: Actor) -> SuspenseClearing:
    """Book a movement from suspense to what it was, once.

    Raises SecondPersonRequiredError for who proposed it, ClaimDecidedError.
    """
    with transaction.atomic():
        clearing = _locked(clearing_id)
        if clearing.proposed_by_id == actor.user_id:
            raise SecondPersonRequiredError
        _decide(clearing, ClaimState.CONFIRMED, actor=actor)
        legs = [
            Leg(AccountKind.SUSPENSE, CLINIC, -clearing.amount_fen),
            Leg(AccountKind(clearing.target), CLINIC, clearing.amount_fen),
        ]
        kind = TransactionKind.SUSPENSE_CLEARED
        book(key=f"clearing:{clearing.pk}", kind=kind, order=None, legs=legs)
        audit.record(actor, "movement.clear", "difference", clearing.item.public_id)
    return clearing


def reject_clearing(clearing_id: int, *, actor: Actor, reason: str) -> SuspenseClearing:
    """Give an explanation up; the movement may be explained anew. Raises ClaimDecidedError."""
    with transaction.atomic():
        clearing = _locked(clearing_id)
        _decide(clearing, ClaimState.REJECTED, actor=actor)
        audit.record(
            actor,
            "movement.clear_reject",
            "difference",
            clearing.item.public_id,
            reason=reason[:120],
        )
    return clearing


def _decide(clearing: SuspenseClearing, state: ClaimState, *, actor: Actor) -> None:
    if clearing.state != ClaimState.WAITING:
        raise ClaimDecidedError
    clearing.state, clearing.decided_by_id, clearing.decided_at = state, actor.account_id, now()
    clearing.save(update_fields=["state", "decided_by", "decided_at"])


def _locked(clearing_id: int) -> SuspenseClearing:
    rows = SuspenseClearing.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("item").get(pk=clearing_id)
