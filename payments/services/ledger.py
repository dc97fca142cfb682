"""Booking: the only way money moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from payments.enums import AccountKind, TransactionKind
from payments.models import LedgerAccount, LedgerPosting, LedgerTransaction, PaymentOrder, Refund
from payments.selectors.ledger import account_code

CLINIC = "clinic"  # owner of the accounts that exist once


@dataclass(frozen=True)
class Leg:
    """One side of a booking; amounts of a booking add up to zero, zero legs are left out."""

    kind: AccountKind
    owner: object
    amount_fen: int


def book(
    *,
    key: str,
    kind: TransactionKind,
    order: PaymentOrder | None,
    legs: Sequence[Leg],
    refund: Refund | None = None,
) -> None:
    """Book once under a key, in the caller's transaction.

    Accounts are taken in one order everywhere, so bookings cannot lock each other out. A wallet
    below zero raises IntegrityError ``wallet_not_overdrawn`` at once; an unbalanced booking at
    commit.
    """
    booking = LedgerTransaction.objects.create(key=key, kind=kind, order=order, refund=refund)
    wanted = [(account(leg.kind, leg.owner), leg.amount_fen) for leg in legs if leg.amount_fen]
    for target, amount in sorted(wanted, key=lambda pair: pair[0].pk):
        LedgerPosting.objects.create(transaction=booking, account=target, amount_fen=amount)


def account(kind: AccountKind, owner: object) -> LedgerAccount:
    """Return an account, opened now when it is new."""
    start = 0 if kind == AccountKind.WALLET else None
    found, _created = LedgerAccount.objects.get_or_create(
        code=account_code(kind, owner), defaults={"kind": kind, "balance_fen": start}
    )
    return found
