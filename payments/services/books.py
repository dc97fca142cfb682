"""Proving the books, and money that leaves the provider for the bank."""

import logging

from django.db import IntegrityError, transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from payments.enums import AccountKind, TransactionKind
from payments.models import ReconciliationRun
from payments.selectors.invariants import money_adds_up
from payments.services.ledger import CLINIC, Leg, book

log = logging.getLogger(__name__)


def check_ledger() -> list[str]:
    """Return every broken promise about money; each is also logged as an error."""
    found = money_adds_up()
    for breach in found:
        log.error("ledger breach", extra={"breach": breach})
    return found


def record_settlement(run_id: int, *, bank_fen: int, fee_fen: int, actor: Actor) -> None:
    """Book what the provider paid out for a day and what he kept as his fee, once a day.

    Raises LedgerRefusedError when it was booked before.
    """
    if bank_fen < 0 or fee_fen < 0 or bank_fen + fee_fen == 0:
        raise ValueError("a settlement moves money")
    run = ReconciliationRun.objects.select_related("merchant").get(pk=run_id)
    legs = [
        Leg(AccountKind.GATEWAY, run.merchant.public_id, bank_fen + fee_fen),
        Leg(AccountKind.BANK, CLINIC, -bank_fen),
        Leg(AccountKind.FEE, CLINIC, -fee_fen),
    ]
    try:
        with transaction.atomic():
            book(key=f"settlement:{run.pk}", kind=TransactionKind.SETTLEMENT, order=None, legs=legs)
            audit.record(
                actor,
                "settlement.record",
                "reconciliation",
                run.public_id,
                bank_fen=bank_fen,
                fee_fen=fee_fen,
            )
    except IntegrityError as error:
        raise translate(error) from None
