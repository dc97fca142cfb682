"""Figures of the desk for Prometheus, read from the tables.

Totals and histograms are those of the clinic's day: at midnight they begin at zero again, which
Prometheus takes for a restart. So every process and host tells the same, and a restart forgets
nothing.
"""

import math
from datetime import datetime
from typing import Final

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

from clinic.core.clock import clinic_day, now
from clinic.core.exporter import gauge, gauge_by, reads_gauges
from clinic.customer_service.enums import AgentStatus, How, MoveReason, SlaMetric
from clinic.customer_service.selectors.figures import desk_now
from clinic.customer_service.selectors.reports import day_start, rows_by_name

SECONDS: Final = (1, 5, 10, 30, 60, 120, 300, 600, 1800)
MOMENTS: Final = """
SELECT t.code, count(s.id) AS waiting, min(s.enqueued_at) AS oldest_since
FROM customer_service_team t
LEFT JOIN customer_service_servicechat s ON s.team_id = t.id AND s.state = 'waiting'
WHERE t.is_active OR s.id IS NOT NULL GROUP BY t.code
"""
DISPATCHES: Final = """
SELECT how, count(*) AS n FROM customer_service_handling WHERE started_at >= %s GROUP BY how
"""
MOVES: Final = """
SELECT reason, count(*) AS n FROM customer_service_chatmove
WHERE at >= %s AND (after = 'ended' OR reason IN ('agent_silent', 'agent_lost')) GROUP BY reason
"""
BROKEN: Final = """
SELECT metric, count(*) AS n FROM customer_service_slatimer
WHERE started_at >= %s AND broken_at IS NOT NULL GROUP BY metric
"""
# Each bound with how many lie at or below it; the row of infinity has the sum of all.
BUCKETS: Final = """
SELECT bound, count(took) AS n, coalesce(sum(took), 0) AS total
FROM unnest(%s::float[]) AS bound LEFT JOIN ({source}) AS source ON took <= bound
GROUP BY bound ORDER BY bound
"""
WAITS: Final = """
  SELECT extract(epoch FROM min(h.started_at) - o.at)::float AS took
  FROM customer_service_chatmove o JOIN customer_service_handling h ON h.chat_id = o.chat_id
  WHERE o.before = '' AND o.at >= %s AND h.how <> 'left_message' GROUP BY o.chat_id, o.at
"""
REPLIES: Final = """
  SELECT extract(epoch FROM met_at - started_at)::float AS took
  FROM customer_service_slatimer
  WHERE metric = 'first_reply' AND started_at >= %s AND met_at IS NOT NULL
"""


@reads_gauges
def desk_gauges() -> list[Metric]:
    """Who waits where and how long, who is there, what was left unanswered."""
    moment = now()
    desk = desk_now()
    teams = rows_by_name(MOMENTS)
    waits = {
        row["code"]: (moment - row["oldest_since"]).total_seconds() if row["oldest_since"] else 0.0
        for row in teams
    }
    agents = {AgentStatus.ONLINE: desk.online, AgentStatus.BUSY: desk.busy}
    by_status = {str(status): float(count) for status, count in agents.items()}
    by_team = {row["code"]: float(row["waiting"]) for row in teams}
    return [
        gauge_by("service_chats_waiting", "Customers who wait for an agent", "team", by_team),
        gauge_by("service_wait_oldest_seconds", "Longest wait of a team's queue", "team", waits),
        gauge_by("service_agents", "Agents on duty", "status", by_status),
        gauge("service_chats_active", "Chats that agents serve now", desk.active),
        gauge("service_left_messages_open", "Left messages nobody answered", desk.left_open),
    ]


@reads_gauges
def day_gauges() -> list[Metric]:
    """What happened at the desk since midnight of the clinic."""
    start = day_start(clinic_day(now()))
    ends = {row["reason"]: row["n"] for row in rows_by_name(MOVES, start)}
    return [
        _counted("service_dispatches", "Chats that an agent got today", "how", How.values,
                 {row["how"]: row["n"] for row in rows_by_name(DISPATCHES, start)}),
        _counted("service_chat_ends", "Chats that ended or were taken away today", "reason",
                 [MoveReason.IDLE, MoveReason.LEFT_QUEUE, *sorted(ends)], ends),
        _counted("service_promises_broken", "Promises broken today", "metric", SlaMetric.values,
                 {row["metric"]: row["n"] for row in rows_by_name(BROKEN, start)}),
        _histogram("service_wait_seconds", "Opening to first agent, today", WAITS, start),
        _histogram("service_first_reply_seconds", "Opening to first reply, today", REPLIES, start),
    ]  # fmt: skip


def _counted(name: str, text: str, label: str, keys: list[str], counts: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for key in dict.fromkeys(str(key) for key in keys):
        family.add_metric([key], counts.get(key, 0))
    return family


def _histogram(name: str, text: str, source: str, start: datetime) -> Metric:
    rows = rows_by_name(BUCKETS.format(source=source), [*SECONDS, math.inf], start)
    family = HistogramMetricFamily(name, text)
    buckets = [
        ("+Inf" if math.isinf(row["bound"]) else str(row["bound"]), row["n"]) for row in rows
    ]
    family.add_metric([], buckets, rows[-1]["total"])
    return family
