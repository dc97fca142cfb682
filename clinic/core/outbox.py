"""Handing stored facts to their handlers: the relay's and the worker's half of the outbox."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from clinic.core import events
from clinic.core.clock import now
from clinic.core.metrics import OUTBOX_DELAY, OUTBOX_HANDLED
from clinic.core.models import OutboxEvent

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)  # a handed-out fact is handed out again when not done by then
BACK_OFF = (1, 5, 15, 60, 300, 900, 3600)  # seconds before the next try of a failed handler
KEPT = timedelta(days=7)


def due(limit: int = 200) -> list[int]:
    """Lease facts whose time has come and return their keys, oldest first.

    Safe with several relays: rows are skipped while another one holds them.
    """
    moment = now()
    with transaction.atomic():
        keys = list(
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(next_at__lte=moment)
            .exclude(pending=[])
            .order_by("next_at", "id")
            .values_list("pk", flat=True)[:limit]
        )
        OutboxEvent.objects.filter(pk__in=keys).update(next_at=moment + LEASE)
    return keys


def deliver(event_id: int) -> None:
    """Run every pending handler of a fact, each in its own transaction, each marked when done.

    A failing handler does not stop the others; it is tried again after a growing pause.
    """
    row = OutboxEvent.objects.filter(pk=event_id).first()
    if row is None or not row.pending:
        return
    OUTBOX_DELAY.observe(max(0.0, (now() - row.created_at).total_seconds()))
    for name in row.pending:
        _run(row, name)


def _run(row: OutboxEvent, name: str) -> None:
    try:
        with transaction.atomic():
            locked = OutboxEvent.objects.select_for_update(no_key=True).get(pk=row.pk)
            if name not in locked.pending:
                return
            handler = events.HANDLERS.get(row.kind, {}).get(name)
            if handler is not None:
                handler(events.load(row.kind, row.payload))
            locked.pending.remove(name)
            locked.save(update_fields=["pending"])
    except Exception as error:  # noqa: BLE001 the edge of event delivery: log, pause, go on
        _postpone(row, name, error)
    else:
        OUTBOX_HANDLED.labels(result="done").inc()


def _postpone(row: OutboxEvent, name: str, error: Exception) -> None:
    OUTBOX_HANDLED.labels(result="failed").inc()
    pause = BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
    fields = {"event_id": row.pk, "handler": name}
    log.error("event handler failed", exc_info=error, extra=fields)
    OutboxEvent.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1,
        next_at=now() + timedelta(seconds=pause),
        last_error=f"{name.rsplit('.', 1)[-1]}: {type(error).__name__}"[:200],
    )


def forget_old() -> int:
    """Remove finished facts older than a week and return how many."""
    return OutboxEvent.objects.filter(pending=[], created_at__lt=now() - KEPT).delete()[0]
