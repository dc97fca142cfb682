"""Comparing a merchant's day with the provider's bill, again and again until it is signed off."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Sum

from clinic.adapters.bills import BillError
from clinic.adapters.errors import AdapterError, NotExistError
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.batches import each_alone
from clinic.core.clock import clinic_day, now
from clinic.core.transitions import check_move
from clinic.settings import rules
from payments.enums import RUN_MOVES, BillKind, ItemState, RunFailure, RunStatus
from payments.errors import DayHasDifferencesError
from payments.gateways.registry import gateway_of
from payments.gateways.types import BillLine
from payments.models import BillRow, MerchantConfig, ReconciliationItem, ReconciliationRun
from payments.selectors.bills import (
    bill_ready_at,
    booked_of_day,
    count_rows_for_planner,
    has_differences,
    has_open_items,
    moved_by_our_books,
)
from payments.selectors.merchants import merchants_in_use, one_per_account, same_account
from payments.services.bill_comparison import compare
from payments.services.bill_findings import note_totals, reopen
from payments.services.provider_calls import outside_transaction
from payments.services.settlements import settle_day

log = logging.getLogger(__name__)
BATCH = 2000
_DONE = frozenset({RunStatus.CLEAN, RunStatus.SIGNED_OFF})


def reconcile_due(*, moment: datetime | None = None) -> int:
    """Compare the last days that do not agree yet, of every merchant; return how many."""
    yesterday = clinic_day(moment or now()) - timedelta(days=1)
    days = [yesterday - timedelta(days=back) for back in range(rules.RECONCILE_DAYS_BACK)]
    return sum(reconcile_day(day, again=False) for day in reversed(days))


def reconcile_day(day: date, *, again: bool = True) -> int:
    """Compare one day of every merchant that has bills; return how many were compared.

    ``again``: also days that agreed before. Days that are signed off stay as they are.
    """
    merchants = one_per_account(merchants_in_use())
    due = [merchant for merchant in merchants if again or not _is_done(merchant, day)]
    return each_alone(
        [merchant for merchant in due if gateway_of(merchant.provider).capabilities.has_bills],
        lambda merchant: reconcile(merchant, day),
    )


def _is_done(merchant: MerchantConfig, day: date) -> bool:
    rows = ReconciliationRun.objects.filter(merchant=merchant, bill_date=day, status__in=_DONE)
    return rows.exists()


def reconcile(merchant: MerchantConfig, day: date) -> ReconciliationRun:
    """Fetch the bills, heal what callbacks lost, book fees and payouts, list the rest for staff.

    Safe to repeat. Never in a transaction. A day that is signed off, or that another process
    compares right now, is returned as it is.
    """
    outside_transaction()
    run, is_ours = _begin(merchant, day)
    if not is_ours:
        return run
    try:
        _load(run, gateway_of(merchant.provider).bill(merchant, day))
    except NotExistError:  # a day without movements has no bill, nor one that is not made yet
        if moved_by_our_books(run):
            return _finish(run, RunStatus.FAILED, failure=RunFailure.NO_BILL_YET)
    except AdapterError as error:
        if now() < bill_ready_at(day) and not isinstance(error, BillError):
            return _finish(run, RunStatus.FAILED, failure=RunFailure.NO_BILL_YET)
        log.warning("no bill", extra={"run_id": run.pk, "why": type(error).__name__})
        return _finish(run, RunStatus.FAILED, failure=RunFailure.NOT_FETCHED)
    reopen(run)
    found = {"matched_count": compare(run), **_totals(run)}
    try:
        settled = settle_day(run)
    except AdapterError as error:
        log.warning("no bill of movements", extra={"run_id": run.pk, "why": type(error).__name__})
        return _finish(run, RunStatus.FAILED, failure=RunFailure.MOVEMENTS, **found)
    if settled.moves_money:
        found |= {"gateway_fee_fen": settled.fee_fen, "gateway_payout_fen": settled.bank_fen}
    return _finish(run, _verdict(run), **found)


def sign_off(run_id: int, *, actor: Actor) -> ReconciliationRun:
    """Close a compared day for ever. Raises DayHasDifferencesError, IllegalTransitionError."""
    with transaction.atomic():
        run = _locked(run_id)
        check_move(RUN_MOVES, run.status, RunStatus.SIGNED_OFF)
        if has_open_items(run):
            raise DayHasDifferencesError
        run.status, run.signed_off_at = RunStatus.SIGNED_OFF, now()
        run.signed_off_by_id = actor.account_id
        run.save(update_fields=["status", "signed_off_at", "signed_off_by"])
        audit.record(actor, "reconciliation.sign_off", "reconciliation", run.public_id)
    return run


def resolve_item(item_id: int, *, actor: Actor, resolution: str) -> ReconciliationItem:
    """Write down how staff settled a difference; a healed or settled one stays as it is."""
    with transaction.atomic():
        item = ReconciliationItem.objects.select_for_update(of=("self",), no_key=True).get(
            pk=item_id
        )
        if item.state == ItemState.OPEN:
            item.state, item.resolution = ItemState.RESOLVED, resolution[:120]
            item.resolved_by_id, item.resolved_at = actor.account_id, now()
            item.save(update_fields=["state", "resolution", "resolved_by", "resolved_at"])
            audit.record(actor, "reconciliation.resolve", "difference", item.public_id)
    return item


def _begin(merchant: MerchantConfig, day: date) -> tuple[ReconciliationRun, bool]:
    moment = now()
    with transaction.atomic():
        made, is_new = ReconciliationRun.objects.get_or_create(
            merchant=merchant, bill_date=day, defaults={"started_at": moment}
        )
        run = _locked(made.pk)
        if not is_new:
            is_alive = moment - run.started_at < rules.RECONCILE_RUN_BUDGET
            if run.status == RunStatus.SIGNED_OFF or (run.status == RunStatus.RUNNING and is_alive):
                return run, False
            run.status, run.started_at, run.failure = RunStatus.RUNNING, moment, ""
            run.save(update_fields=["status", "started_at", "failure"])
        _forget_rows(run)
    return run, True


def _load(run: ReconciliationRun, lines: Iterable[BillLine]) -> None:
    """Store the lines batch by batch: the bill is never in memory as a whole."""
    stream = iter(lines)
    while batch := list(islice(stream, BATCH)):
        rows = [
            BillRow(
                run=run,
                kind=line.kind,
                number=line.number[:64],
                trade_number=line.trade_number[:64],
                gateway_number=line.gateway_number[:64],
                amount_fen=line.amount_fen,
                fee_fen=line.fee_fen,
            )
            for line in batch
        ]
        BillRow.objects.bulk_create(rows, ignore_conflicts=True)
    count_rows_for_planner()


def _totals(run: ReconciliationRun) -> dict[str, int]:
    """Return what bill and books say; when all lines agree, so must the sums of the ledger."""
    rows = BillRow.objects.filter(run=run)
    sums = {
        kind: rows.filter(kind=kind).aggregate(total=Sum("amount_fen"), fee=Sum("fee_fen"))
        for kind in (BillKind.PAYMENT, BillKind.REFUND)
    }
    ours = booked_of_day(same_account(run.merchant), run.bill_date)
    found = {
        "line_count": rows.count(),
        "gateway_paid_fen": sums[BillKind.PAYMENT]["total"] or 0,
        "gateway_refunded_fen": sums[BillKind.REFUND]["total"] or 0,
        "gateway_fee_fen": sum(part["fee"] or 0 for part in sums.values()),
        "our_paid_fen": ours.paid_fen,
        "our_refunded_fen": ours.refunded_fen,
    }
    bill = (found["gateway_paid_fen"], found["gateway_refunded_fen"])
    if bill != (ours.paid_fen, ours.refunded_fen) and not has_differences(run):
        note_totals(run, gateway_fen=bill[0] - bill[1], our_fen=ours.net_fen)
    return found


def _verdict(run: ReconciliationRun) -> RunStatus:
    return RunStatus.DIFFERENT if has_open_items(run) else RunStatus.CLEAN


def _finish(run: ReconciliationRun, to: RunStatus, **changes: object) -> ReconciliationRun:
    with transaction.atomic():
        check_move(RUN_MOVES, run.status, to)
        _forget_rows(run)
        values = {"status": to, "finished_at": now(), **changes}
        for name, value in values.items():
            setattr(run, name, value)
        run.save(update_fields=list(values))
    return run


def _forget_rows(run: ReconciliationRun) -> None:
    BillRow.objects.filter(run=run).delete()


def _locked(run_id: int) -> ReconciliationRun:
    rows = ReconciliationRun.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("merchant").get(pk=run_id)
