"""Movements that nobody can explain: booked apart, when two people of staff agree."""

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from payments.enums import AccountKind, ClaimState, ItemState, TransactionKind, Verdict
from payments.errors import DifferenceNotBookableError, SecondPersonRequiredError
from payments.models import ReconciliationItem
from payments.selectors.ledger import booked_apart
from payments.services.ledger import CLINIC, Leg, book

BOOKED = "booked as money without an order"


def is_bookable(item: ReconciliationItem) -> bool:
    """Say whether an item of the work list is money that moved past our books."""
    return item.verdict == Verdict.UNEXPLAINED and bool(item.gateway_fen)


def is_booked_apart(item: ReconciliationItem) -> bool:
    """Say whether two people booked an item as money without an order and nobody explained it."""
    if item.state != ItemState.RESOLVED or not is_bookable(item) or not booked_apart(item.pk):
        return False
    return not item.clearings.exclude(state=ClaimState.REJECTED).exists()


def propose_booking(item_id: int, *, actor: Actor) -> ReconciliationItem:
    """Ask a second person to book an open movement. Raises DifferenceNotBookableError."""
    with transaction.atomic():
        item = _locked(item_id)
        if item.state != ItemState.OPEN or not is_bookable(item):
            raise DifferenceNotBookableError
        item.state, item.proposed_by_id = ItemState.PROPOSED, actor.account_id
        item.save(update_fields=["state", "proposed_by"])
        audit.record(actor, "movement.propose", "difference", item.public_id)
    return item


def confirm_booking(item_id: int, *, actor: Actor) -> ReconciliationItem:
    """Book a movement between the provider and money without an order; that resolves it.

    Raises SecondPersonRequiredError for who proposed it, DifferenceNotBookableError.
    """
    with transaction.atomic():
        item = _proposed(item_id)
        if item.proposed_by_id == actor.user_id:
            raise SecondPersonRequiredError
        item.state, item.resolution = ItemState.RESOLVED, BOOKED
        item.resolved_by_id, item.resolved_at = actor.account_id, now()
        item.save(update_fields=["state", "resolution", "resolved_by", "resolved_at"])
        _book(item)
        audit.record(actor, "movement.book", "difference", item.public_id)
    return item


def decline_booking(item_id: int, *, actor: Actor) -> ReconciliationItem:
    """Put a proposed movement back on the work list. Raises DifferenceNotBookableError."""
    with transaction.atomic():
        item = _proposed(item_id)
        item.state, item.proposed_by = ItemState.OPEN, None
        item.save(update_fields=["state", "proposed_by"])
        audit.record(actor, "movement.decline", "difference", item.public_id)
    return item


def _proposed(item_id: int) -> ReconciliationItem:
    item = _locked(item_id)
    if item.state != ItemState.PROPOSED:
        raise DifferenceNotBookableError
    return item


def _book(item: ReconciliationItem) -> None:
    amount = item.gateway_fen or 0
    legs = [
        Leg(AccountKind.GATEWAY, item.run.merchant.public_id, -amount),
        Leg(AccountKind.SUSPENSE, CLINIC, amount),
    ]
    book(key=f"movement:{item.pk}", kind=TransactionKind.MOVEMENT, order=None, legs=legs)


def _locked(item_id: int) -> ReconciliationItem:
    rows = ReconciliationItem.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("run__merchant").get(pk=item_id)
