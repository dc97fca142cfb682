"""Reads of the ledger."""

from uuid import UUID

from django.db.models import QuerySet, Sum

from payments.enums import AccountKind
from payments.models import LedgerAccount, LedgerPosting


def account_code(kind: AccountKind, owner: object) -> str:
    """Return the code of an account, for example ``wallet:<uuid of the person>``."""
    return f"{kind.value}:{owner}"


def balance_of(user_public_id: UUID) -> int:
    """Return a person's balance in fen; 0 before the first top-up."""
    code = account_code(AccountKind.WALLET, user_public_id)
    found = LedgerAccount.objects.filter(code=code).values_list("balance_fen", flat=True).first()
    return found or 0


def total_of(kind: AccountKind, owner: object) -> int:
    """Return what all postings of one account add up to, in fen."""
    return _sum(LedgerPosting.objects.filter(account__code=account_code(kind, owner)))


def booked_apart(item_id: int) -> int:
    """Return what the movement of an item of the work list put into suspense, in fen, or 0."""
    return _sum(
        LedgerPosting.objects.filter(
            transaction__key=f"movement:{item_id}", account__kind=AccountKind.SUSPENSE
        )
    )


def sum_of(account: LedgerAccount) -> int:
    """Return the same of an account at hand."""
    return _sum(LedgerPosting.objects.filter(account=account))


def _sum(rows: QuerySet[LedgerPosting]) -> int:
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def statement(user_public_id: UUID) -> QuerySet[LedgerPosting]:
    """Return the movements of a person's balance, newest first, with what they stand for."""
    code = account_code(AccountKind.WALLET, user_public_id)
    return (
        LedgerPosting.objects.filter(account__code=code)
        .select_related("transaction", "transaction__order")
        .order_by("-pk")
    )


def totals_by_kind() -> dict[str, int]:
    """Return what the postings of each kind of account add up to, in fen."""
    rows = LedgerPosting.objects.values("account__kind").annotate(total=Sum("amount_fen"))
    return {row["account__kind"]: row["total"] for row in rows.order_by("account__kind")}
