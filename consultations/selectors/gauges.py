"""Figures of the queue for Prometheus, read from the tables."""

from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import Count
from prometheus_client.core import Metric

from clinic.core.clock import now
from clinic.core.exporter import gauge, gauge_by, reads_gauges
from consultations.enums import OPEN_STATES, State
from consultations.models import AssignmentAttempt
from consultations.selectors.board import counts_by_state, oldest_waiting_since

WINDOW = timedelta(hours=1)
# First assignment of a case counts: payment to doctor.
WAITS: Final = """
SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY waited) FROM (
  SELECT extract(epoch FROM min(a.started_at) - c.paid_at)::float AS waited
  FROM consultations_assignment a JOIN consultations_consultation c ON c.id = a.consultation_id
  WHERE a.started_at >= %s AND c.paid_at IS NOT NULL GROUP BY c.id, c.paid_at
) AS waits
"""


@reads_gauges
def queue_gauges() -> list[Metric]:
    """Open cases by state, and how long the oldest has waited for a doctor."""
    counts = counts_by_state()
    oldest = oldest_waiting_since()
    waited = (now() - oldest).total_seconds() if oldest else 0.0
    by_state = {str(state): float(counts.get(state, 0)) for state in OPEN_STATES}
    waiting = by_state[State.WAITING_ASSIGNMENT]
    return [
        gauge_by("consultations_open", "Open consultations", "state", by_state),
        gauge("consultations_unassigned_paid", "Paid consultations without a doctor", waiting),
        gauge(
            "consultations_waiting_oldest_seconds", "Longest wait for a doctor", max(0.0, waited)
        ),
    ]


@reads_gauges
def assignment_gauges() -> list[Metric]:
    """Tries of the last hour by outcome, and the waits of cases assigned in it."""
    since = now() - WINDOW
    rows = AssignmentAttempt.objects.filter(at__gte=since).values("outcome").order_by()
    tries = {row["outcome"]: float(row["n"]) for row in rows.annotate(n=Count("pk"))}
    with connection.cursor() as cursor:
        cursor.execute(WAITS, [since])
        quantiles = cursor.fetchone()[0] or [0.0, 0.0]
    return [
        gauge_by("assignment_tries_last_hour", "Tries to find a doctor", "outcome", tries),
        gauge_by(
            "assignment_wait_last_hour_seconds",
            "Payment to assigned doctor",
            "quantile",
            {"0.5": float(quantiles[0]), "0.95": float(quantiles[1])},
        ),
    ]
