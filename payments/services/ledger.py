"""Booking: the only way money moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.core.clock import now
from clinic.core.statements import Write, run
from payments.enums import AccountKind, TransactionKind
from payments.models import LedgerAccount, PaymentOrder, Refund
from payments.selectors.ledger import account_code
from payments.services.statements import BOOK

CLINIC = "clinic"  # owner of the accounts that exist once


@dataclass(frozen=True)
class Leg:
    """One side of a booking; amounts of a booking add up to zero, zero legs are left out."""

    kind: AccountKind
    owner: object
    amount_fen: int

    @property
    def code(self) -> str:
        """The code of its account."""
        return account_code(self.kind, self.owner)


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
    run(booking(key=key, kind=kind, order=order, legs=legs, refund=refund))


def booking(
    *,
    key: str,
    kind: TransactionKind,
    order: PaymentOrder | None,
    legs: Sequence[Leg],
    refund: Refund | None = None,
) -> Write:
    """Return the write that books, for a round trip with others."""
    moving = [leg for leg in legs if leg.amount_fen]
    values = (
        key,
        kind.value,
        order.pk if order else None,
        refund.pk if refund else None,
        now(),
        [leg.code for leg in moving],
        [leg.kind.value for leg in moving],
        [leg.amount_fen for leg in moving],
    )
    return Write(BOOK, values)


def account(kind: AccountKind, owner: object) -> LedgerAccount:
    """Return an account, opened now when it is new."""
    start = 0 if kind == AccountKind.WALLET else None
    found, _created = LedgerAccount.objects.get_or_create(
        code=account_code(kind, owner), defaults={"kind": kind, "balance_fen": start}
    )
    return found
