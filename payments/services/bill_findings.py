"""The work list of differences: found, found again, gone."""

from typing import Any

from django.db.models import Q

from payments.enums import UNSETTLED_ITEM, BillKind, ItemState, RunStatus, Verdict
from payments.models import ReconciliationItem, ReconciliationRun

GONE = "not found again"


def reopen(run: ReconciliationRun) -> None:
    """Before a comparison: take open differences as gone; those that are found again come back."""
    ReconciliationItem.objects.filter(run=run, state=ItemState.OPEN).update(
        state=ItemState.HEALED, resolution=GONE
    )


def note(
    run: ReconciliationRun, kind: BillKind, verdict: Verdict, number: str, **found: Any
) -> ReconciliationItem:
    """Put a difference on the work list, once; what staff resolved stays resolved."""
    item, is_new = ReconciliationItem.objects.get_or_create(
        run=run, kind=kind, verdict=verdict, number=number[:64], defaults=found
    )
    if not is_new and item.state == ItemState.HEALED:
        for name, value in {**found, "state": ItemState.OPEN, "resolution": ""}.items():
            setattr(item, name, value)
        item.save()
    return item


def heal(item: ReconciliationItem, *, how: str) -> None:
    """Mark a difference as gone by itself."""
    if item.state == ItemState.OPEN:
        item.state, item.resolution = ItemState.HEALED, how
        item.save(update_fields=["state", "resolution"])


def note_totals(run: ReconciliationRun, *, gateway_fen: int, our_fen: int) -> None:
    """Note that the sums differ although no line does."""
    number = f"{run.bill_date:%Y%m%d}"
    note(run, BillKind.PAYMENT, Verdict.TOTALS, number, gateway_fen=gateway_fen, our_fen=our_fen)


def heal_cutovers(run: ReconciliationRun) -> None:
    """End what neighbouring days missed near midnight and this day's bill has."""
    on_a_bill = Q(attempt__billed_on__isnull=False) | Q(refund__billed_on__isnull=False)
    found = ReconciliationItem.objects.filter(
        on_a_bill,
        run__merchant_id=run.merchant_id,
        state=ItemState.OPEN,
        verdict__in=[Verdict.CUTOVER, Verdict.ONLY_LOCAL],
    ).exclude(run=run)
    days = set(found.values_list("run_id", flat=True))
    ReconciliationItem.objects.filter(pk__in=list(found.values_list("pk", flat=True))).update(
        state=ItemState.HEALED, resolution="on the bill of another day"
    )
    rest = ReconciliationItem.objects.filter(run__in=days, state__in=UNSETTLED_ITEM)
    ReconciliationRun.objects.filter(pk__in=days, status=RunStatus.DIFFERENT).exclude(
        pk__in=list(rest.values_list("run_id", flat=True))
    ).update(status=RunStatus.CLEAN)
