"""Promises of the shared ground that a query can prove."""

from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.invariants import invariant
from clinic.core.models import OutboxEvent
from clinic.core.outbox import BACK_OFF

OVERDUE = timedelta(minutes=5)  # relay and worker together need milliseconds


@invariant("I6", _("Each stored fact is handled, or waits for its next try."))
def facts_left_lying() -> list[str]:
    """Return facts that are long overdue or have failed more often than there are pauses."""
    stuck = Q(next_at__lt=now() - OVERDUE) | Q(attempts__gt=2 * len(BACK_OFF))
    rows = OutboxEvent.objects.exclude(pending=[]).filter(stuck).order_by("pk")[:50]
    return [f"fact {row.pk} {row.kind} after {row.attempts} tries" for row in rows]


@invariant("I8", _("The triggers that keep history and protect the audit log are switched on."))
def triggers_switched_off() -> list[str]:
    """Return every trigger of ours that would not fire."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger
            WHERE NOT tgisinternal AND tgenabled NOT IN ('O', 'A') ORDER BY 1
            """
        )
        return [str(name) for (name,) in cursor.fetchall()]
