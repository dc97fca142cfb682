"""Reads for reconciliation: windows of a bill against our books, and what is only in our books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Max, Min, QuerySet

from clinic.core.clock import CLINIC_ZONE
from clinic.settings import rules
from payments.enums import (
    UNSETTLED_ITEM,
    AccountKind,
    AttemptStatus,
    BillKind,
    ItemState,
    RefundDestination,
    RefundStatus,
)
from payments.models import (
    BillRow,
    LedgerPosting,
    PaymentAttempt,
    ReconciliationItem,
    ReconciliationRun,
    Refund,
)
from payments.selectors.merchants import same_account

Values = dict[str, int | date | list[int]]
WINDOW = 2000
_MATCH = {
    BillKind.PAYMENT: """
        UPDATE payments_paymentattempt ours SET billed_on = %(day)s
          FROM payments_billrow line
         WHERE line.run_id = %(run)s AND line.id BETWEEN %(first)s AND %(last)s
           AND line.kind = 'payment' AND ours.out_trade_no = line.number
           AND ours.merchant_id = ANY(%(merchants)s) AND ours.status = 'succeeded'
           AND ours.amount_fen = line.amount_fen
           AND ours.gateway_transaction_id = line.gateway_number
     RETURNING line.id""",
    BillKind.REFUND: """
        UPDATE payments_refund ours SET billed_on = %(day)s
          FROM payments_billrow line, payments_paymentattempt attempt
         WHERE line.run_id = %(run)s AND line.id BETWEEN %(first)s AND %(last)s
           AND line.kind = 'refund' AND ours.out_refund_no = line.number
           AND attempt.id = ours.attempt_id AND attempt.merchant_id = ANY(%(merchants)s)
           AND ours.status = 'succeeded' AND ours.amount_fen = line.amount_fen
     RETURNING line.id""",
}
_BOOKED = """
    SELECT COALESCE(-sum(p.amount_fen), 0)::bigint
      FROM payments_ledgertransaction t
      JOIN payments_ledgerposting p ON p.transaction_id = t.id
      JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.kind = 'gateway'
     WHERE t.key IN ({keys})
"""
_PAYMENT_KEYS = """
    SELECT 'payment:' || id FROM payments_paymentattempt
     WHERE merchant_id = ANY(%(merchants)s) AND billed_on = %(day)s"""
_REFUND_KEYS = """
    SELECT 'refund:' || r.id || ':done' FROM payments_refund r
      JOIN payments_paymentattempt a ON a.id = r.attempt_id AND a.merchant_id = ANY(%(merchants)s)
     WHERE r.billed_on = %(day)s"""


def bill_ready_at(day: date) -> datetime:
    """Return when the providers promise the bill of a day."""
    return datetime.combine(day + timedelta(days=1), time(rules.BILL_READY_HOUR), CLINIC_ZONE)


@dataclass(frozen=True, slots=True)
class BookedDay:
    """What the ledger says moved at the provider for the lines of one bill."""

    paid_fen: int
    refunded_fen: int

    @property
    def net_fen(self) -> int:
        """What stayed at the provider."""
        return self.paid_fen - self.refunded_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What left a provider on a day: to the bank (negative: from it) and as his fees."""

    bank_fen: int
    fee_fen: int

    @property
    def total_fen(self) -> int:
        """What no longer lies with the provider."""
        return self.bank_fen + self.fee_fen

    @property
    def moves_money(self) -> bool:
        """Whether there is anything to book."""
        return bool(self.bank_fen or self.fee_fen)


def settled_of_day(run: ReconciliationRun) -> Settled | None:
    """Return what the ledger booked as settled for a day; None when nothing is booked."""
    rows = LedgerPosting.objects.filter(transaction__key=f"settlement:{run.pk}")
    found = dict(rows.values_list("account__kind", "amount_fen"))
    if not found:
        return None
    bank, fee = found.get(AccountKind.BANK, 0), found.get(AccountKind.FEE, 0)
    return Settled(bank_fen=-bank, fee_fen=-fee)


def count_rows_for_planner() -> None:
    """Tell the database how large a freshly stored bill is; it joins by the wrong side without."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_billrow")


def windows(run: ReconciliationRun) -> Iterator[tuple[int, int]]:
    """Return the key ranges in which the lines of a bill are compared, a few thousand each."""
    ends = BillRow.objects.filter(run=run).aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    for start in range(ends["first"], ends["last"] + 1, WINDOW):
        yield start, start + WINDOW - 1


def mark_matching(run: ReconciliationRun, first: int, last: int) -> set[int]:
    """Mark payments and refunds that agree with lines of this window; return those lines."""
    values: Values = {
        "run": run.pk,
        "day": run.bill_date,
        "merchants": same_account(run.merchant),
        "first": first,
        "last": last,
    }
    matched: set[int] = set()
    with connection.cursor() as cursor:
        for statement in _MATCH.values():
            cursor.execute(statement, values)
            matched.update(row[0] for row in cursor.fetchall())
    return matched


def rows_between(run: ReconciliationRun, first: int, last: int) -> QuerySet[BillRow]:
    """Return the lines of a window."""
    return BillRow.objects.filter(run=run, pk__range=(first, last)).order_by("pk")


def booked_of_day(merchant_ids: list[int], day: date) -> BookedDay:
    """Return what the ledger booked at the provider for everything on one bill."""
    values: Values = {"merchants": merchant_ids, "day": day}
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED.format(keys=_PAYMENT_KEYS), values)
        paid = int(cursor.fetchone()[0])
        cursor.execute(_BOOKED.format(keys=_REFUND_KEYS), values)
        refunded = -int(cursor.fetchone()[0])
    return BookedDay(paid, refunded)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day in the clinic and of the next one."""
    start = datetime.combine(day, time(), CLINIC_ZONE)
    return start, start + timedelta(days=1)


def payments_without_bill(run: ReconciliationRun) -> Iterator[PaymentAttempt]:
    """Return payments of the day that stand on no bill; a stream."""
    start, end = day_bounds(run.bill_date)
    rows = PaymentAttempt.objects.filter(
        merchant_id__in=same_account(run.merchant),
        status=AttemptStatus.SUCCEEDED,
        succeeded_at__gte=start,
        succeeded_at__lt=end,
        billed_on=None,
    )
    return rows.order_by("pk").iterator(chunk_size=1000)


def refunds_without_bill(run: ReconciliationRun) -> Iterator[Refund]:
    """Return refunds of the day that went back the way they came and stand on no bill."""
    start, end = day_bounds(run.bill_date)
    rows = Refund.objects.filter(
        attempt__merchant_id__in=same_account(run.merchant),
        status=RefundStatus.SUCCEEDED,
        destination=RefundDestination.ORIGIN,
        completed_at__gte=start,
        completed_at__lt=end,
        billed_on=None,
    )
    return rows.order_by("pk").iterator(chunk_size=1000)


def has_open_items(run: ReconciliationRun) -> bool:
    """Say whether a day still has differences that nobody settled."""
    return ReconciliationItem.objects.filter(run=run, state__in=UNSETTLED_ITEM).exists()


def has_differences(run: ReconciliationRun) -> bool:
    """Say whether a day has differences, settled by staff or not, that explain other sums."""
    return ReconciliationItem.objects.filter(run=run).exclude(state=ItemState.HEALED).exists()


def moved_by_our_books(run: ReconciliationRun) -> bool:
    """Say whether our books have movements of this day that stand on no bill yet."""
    found = (next(payments_without_bill(run), None), next(refunds_without_bill(run), None))
    return any(found)
