"""Batches and their reports."""

from django.db.models import Count, Q, QuerySet

from clinic.privacy.enums import ItemState, Obstacle, SkipReason
from clinic.privacy.models import AccountBatch, BatchItem


def batches_with_counts() -> QuerySet[AccountBatch]:
    """Return all batches, newest first, with the number of accounts in each state."""
    counts = {f"{state}_count": Count("items", filter=Q(items__state=state)) for state in ItemState}
    return AccountBatch.objects.annotate(**counts).order_by("-id")


def items_of(batch: AccountBatch) -> QuerySet[BatchItem]:
    """Return what became of each account of a batch."""
    return batch.items.select_related("account").order_by("id")


def reason_in_words(code: str) -> str:
    """Return the sentence of a reason; an unknown code says itself."""
    words = dict(Obstacle.choices) | dict(SkipReason.choices)
    return str(words.get(code, code))
