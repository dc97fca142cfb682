"""How long patients waited for a doctor, how often nobody was found, and the latest failures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Q

from clinic.core.models import OutboxEvent
from consultations.enums import Outcome, Reason
from consultations.models import AssignmentAttempt, ConsultationEvent

FAILURES_SHOWN = 20
# The first assignment of a case counts: payment to doctor. Days and hours are the clinic's.
WAITS: Final = """
WITH waits AS (
  SELECT extract(epoch FROM min(a.started_at) - c.paid_at)::float AS waited, c.paid_at,
    c.department_id
  FROM consultations_consultation c JOIN consultations_assignment a ON a.consultation_id = c.id
  WHERE c.paid_at >= %(since)s AND c.paid_at < %(until)s GROUP BY c.id
)
SELECT CASE WHEN GROUPING(hour) = 0 THEN 'hour' WHEN GROUPING(day) = 0 THEN 'day'
    WHEN GROUPING(name) = 0 THEN 'department' ELSE 'all' END AS part,
  COALESCE(hour::text, day, name, '') AS value, count(*)::int AS cases,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) AS median,
  percentile_cont(0.95) WITHIN GROUP (ORDER BY waited) AS most
FROM (
  SELECT waited, extract(hour FROM paid_at AT TIME ZONE 'Asia/Shanghai')::int AS hour,
    to_char(paid_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day,
    COALESCE(d.name, '') AS name
  FROM waits w LEFT JOIN doctors_department d ON d.id = w.department_id
) AS parts
GROUP BY GROUPING SETS ((hour), (day), (name), ())
ORDER BY part, hour, day, cases DESC
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """Waits of a part of the cases: half of them were shorter than ``median``, 95 % than ``most``.

    ``part`` is hour, day, department or all; ``value`` which one. Seconds.
    """

    part: str
    value: str
    cases: int
    median: float
    most: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Success:
    """Tries of a span: how many found nobody or failed, and cases that ended without a doctor."""

    tries: int
    fruitless: int
    faults: int
    given_up: int

    @property
    def fruitless_percent(self) -> float | None:
        """Share of tries without a doctor; None without a try."""
        return round(100 * (self.fruitless + self.faults) / self.tries, 1) if self.tries else None


def waits(since: datetime, until: datetime) -> list[Wait]:
    """Return the waits of cases paid in a span: all, by hour, day and department; one query."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS, {"since": since, "until": until})
        names = ("part", "value", "cases", "median", "most")
        return [Wait(**dict(zip(names, row, strict=True))) for row in cursor.fetchall() if row[2]]


def success(since: datetime, until: datetime) -> Success:
    """Return how tries of a span ended; two queries."""
    tries = AssignmentAttempt.objects.filter(at__gte=since, at__lt=until).aggregate(
        tries=Count("pk"),
        fruitless=Count("pk", filter=Q(outcome=Outcome.WAITING)),
        faults=Count("pk", filter=Q(outcome=Outcome.FAILED)),
    )
    given_up = ConsultationEvent.objects.filter(
        reason=Reason.NOBODY_FOUND, at__gte=since, at__lt=until
    )
    return Success(**tries, given_up=given_up.count())


def latest_failures(now: datetime) -> list[AssignmentAttempt]:
    """Return the latest tries of the last day that found nobody, with their cases."""
    rows = AssignmentAttempt.objects.filter(at__gte=now - timedelta(days=1))
    rows = rows.exclude(outcome=Outcome.ASSIGNED).select_related("consultation")
    return list(rows.order_by("-id")[:FAILURES_SHOWN])


def failing_facts() -> list[Any]:
    """Return facts whose handlers failed and are tried again, the most tries first."""
    rows = OutboxEvent.objects.exclude(pending=[]).filter(attempts__gt=0)
    return list(rows.order_by("-attempts", "id")[:FAILURES_SHOWN])
