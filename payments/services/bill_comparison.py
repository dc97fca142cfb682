"""Both ways through a bill: what the provider has and we do not, what we have and he does not."""

import logging
from datetime import datetime

from clinic.adapters.errors import AdapterError
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.settings import rules
from payments.enums import AttemptStatus, BillKind, RefundStatus, Verdict
from payments.gateways.registry import gateway_of
from payments.gateways.types import RefundSnapshot, RefundState
from payments.models import (
    BillRow,
    PaymentAttempt,
    ReconciliationItem,
    ReconciliationRun,
    Refund,
)
from payments.selectors.bills import (
    day_bounds,
    mark_matching,
    payments_without_bill,
    refunds_without_bill,
    rows_between,
    windows,
)
from payments.selectors.merchants import same_account
from payments.services.adoptions import adopt_refund
from payments.services.bill_findings import heal, heal_cutovers, note
from payments.services.provider_calls import query_attempt
from payments.services.refund_steps import apply_refund_snapshot

log = logging.getLogger(__name__)
READER = Actor(kind="gateway", name="bill")
BY_BILL = "taken over from the provider"


def compare(run: ReconciliationRun) -> int:
    """Compare the stored lines of a bill with our books; return how many lines agree."""
    matched = 0
    for first, last in windows(run):
        agreeing = mark_matching(run, first, last)
        matched += len(agreeing)
        for row in rows_between(run, first, last):
            if row.pk not in agreeing:
                matched += _settle(run, row)
    for attempt in payments_without_bill(run):
        _note_local(run, attempt, None, at=attempt.succeeded_at)
    for refund in refunds_without_bill(run):
        _note_local(run, None, refund, at=refund.completed_at)
    heal_cutovers(run)
    return matched


def _settle(run: ReconciliationRun, row: BillRow) -> bool:
    """Heal one line that does not agree, or put it on the work list; say whether it healed."""
    item = _payment(run, row) if row.kind == BillKind.PAYMENT else _refund(run, row)
    if item is None:
        return False
    if not mark_matching(run, row.pk, row.pk):
        return False
    heal(item, how=BY_BILL)
    return True


def _payment(run: ReconciliationRun, row: BillRow) -> ReconciliationItem | None:
    """Note the line; an item is returned when the money was taken over just now."""
    ours = PaymentAttempt.objects.filter(
        merchant_id__in=same_account(run.merchant), out_trade_no=row.number
    ).first()
    if ours is None:
        _note_row(run, row, Verdict.ONLY_GATEWAY)
        return None
    if ours.status == AttemptStatus.SUCCEEDED:
        is_amount = ours.amount_fen != row.amount_fen
        verdict = Verdict.AMOUNT if is_amount else Verdict.STATUS
        _note_row(run, row, verdict, attempt=ours, our_fen=ours.amount_fen)
        return None
    try:
        query_attempt(ours.pk, actor=READER, moment=now())
    except AdapterError as error:
        log.warning("query failed", extra={"attempt_id": ours.pk, "why": type(error).__name__})
    return _note_row(run, row, Verdict.ONLY_GATEWAY, attempt=ours)


def _refund(run: ReconciliationRun, row: BillRow) -> ReconciliationItem | None:
    ours = (
        Refund.objects.select_related("attempt", "attempt__merchant", "order")
        .filter(attempt__merchant_id__in=same_account(run.merchant), out_refund_no=row.number)
        .first()
    )
    if ours is None:
        adopt_refund(run.merchant, _seen(row), actor=READER)
        return _note_row(run, row, Verdict.ONLY_GATEWAY)
    if ours.status == RefundStatus.SUCCEEDED or ours.amount_fen != row.amount_fen:
        _note_row(run, row, Verdict.AMOUNT, refund=ours, our_fen=ours.amount_fen)
        return None
    try:
        snapshot = gateway_of(ours.attempt.provider).query_refund(ours)
    except AdapterError as error:
        log.warning("query failed", extra={"refund_id": ours.pk, "why": type(error).__name__})
    else:
        apply_refund_snapshot(ours.pk, snapshot, actor=READER, moment=now())
    return _note_row(run, row, Verdict.STATUS, refund=ours, our_fen=ours.amount_fen)


def _seen(row: BillRow) -> RefundSnapshot:
    return RefundSnapshot(
        state=RefundState.SUCCEEDED,
        out_refund_no=row.number,
        refund_id=row.gateway_number,
        amount_fen=row.amount_fen,
        out_trade_no=row.trade_number,
    )


def _note_row(
    run: ReconciliationRun,
    row: BillRow,
    verdict: Verdict,
    *,
    attempt: PaymentAttempt | None = None,
    refund: Refund | None = None,
    our_fen: int | None = None,
) -> ReconciliationItem:
    return note(
        run,
        BillKind(row.kind),
        verdict,
        row.number,
        gateway_number=row.gateway_number,
        gateway_fen=row.amount_fen,
        our_fen=our_fen,
        attempt=attempt,
        refund=refund,
    )


def _note_local(
    run: ReconciliationRun,
    attempt: PaymentAttempt | None,
    refund: Refund | None,
    *,
    at: datetime | None,
) -> None:
    if attempt is not None:
        number, amount, kind = attempt.out_trade_no, attempt.amount_fen, BillKind.PAYMENT
    elif refund is not None:
        number, amount, kind = refund.out_refund_no, refund.amount_fen, BillKind.REFUND
    else:
        return
    verdict = Verdict.CUTOVER if at and _is_near_midnight(run, at) else Verdict.ONLY_LOCAL
    note(run, kind, verdict, number, our_fen=amount, attempt=attempt, refund=refund)


def _is_near_midnight(run: ReconciliationRun, moment: datetime) -> bool:
    start, end = day_bounds(run.bill_date)
    near = rules.RECONCILE_CUTOVER
    return moment - start < near or end - moment <= near
