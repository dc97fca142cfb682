"""What supervisors watch: agents and their load, the queues, the day's figures, what is late."""

from datetime import datetime, timedelta
from typing import Any, Final

from clinic.core.clock import clinic_day
from clinic.core.statements import Row, Statement, rows_of
from clinic.customer_service.enums import SlaMetric
from clinic.customer_service.selectors.colleagues import colleagues, shown
from clinic.customer_service.selectors.reports import (
    Promise,
    Visits,
    day_start,
    promises_between,
    visits_between,
)
from clinic.customer_service.selectors.rows import ListWish, list_rows
from clinic.customer_service.selectors.seats import Seat
from clinic.customer_service.selectors.wording import bilingual

Values = dict[str, Any]
QUEUE_SHOWN: Final = 100
FIGURES: Final = Statement(
    "desk_board_figures",
    ("timestamptz", "timestamptz"),
    """
    WITH ask AS (SELECT %s AS now, %s AS midnight), ended AS (
      SELECT s.id, s.public_id FROM ask JOIN customer_service_servicechat s
        ON s.state = 'ended' AND s.ended_at >= ask.midnight
    )
    SELECT count(*) FILTER (WHERE s.state = 'waiting') AS waiting,
      extract(epoch FROM ask.now - min(s.enqueued_at)
        FILTER (WHERE s.state = 'waiting'))::int AS longest_s,
      count(*) FILTER (WHERE s.state = 'active') AS active,
      (SELECT count(*) FROM customer_service_agent WHERE status = 'online') AS online,
      (SELECT count(*) FROM customer_service_agent WHERE status = 'busy') AS busy,
      (SELECT count(*) FROM ended) AS ended_today,
      (SELECT count(*) FROM ended e WHERE NOT EXISTS (
        SELECT FROM customer_service_handling h WHERE h.chat_id = e.id)) AS abandoned_today,
      (SELECT round(avg(r.stars), 2)::float FROM reviews_review r
       WHERE r.target_kind = 'service_chat' AND r.created_at >= ask.midnight) AS stars_today
    FROM ask LEFT JOIN customer_service_servicechat s ON s.state <> 'ended'
    GROUP BY ask.now, ask.midnight
    """,
)
FIGURE_NAMES: Final = (
    *("waiting", "longest_s", "active", "online", "busy"),
    *("ended_today", "abandoned_today", "stars_today"),
)
TEAMS: Final = Statement(
    "desk_board_teams",
    ("timestamptz",),
    """
    SELECT t.public_id, t.name_zh, t.name_en, count(s.id),
      extract(epoch FROM %s - min(s.enqueued_at))::int,
      (SELECT count(*) FROM customer_service_agent_teams m
       JOIN customer_service_agent a ON a.id = m.agent_id
       WHERE m.team_id = t.id AND a.status = 'online')
    FROM customer_service_team t
    LEFT JOIN customer_service_servicechat s ON s.team_id = t.id AND s.state = 'waiting'
    WHERE t.is_active GROUP BY t.id ORDER BY t.is_default DESC, t.code
    """,
)
# A customer waits for an answer since his first word after the agent's last one.
UNANSWERED: Final = Statement(
    "desk_board_unanswered",
    (),
    """
    SELECT a.public_id, min(word.first_at) FROM customer_service_servicechat s
    JOIN customer_service_agent a ON a.id = s.agent_id
    JOIN LATERAL (
      SELECT min(m.created_at) AS first_at FROM chat_message m
      WHERE m.conversation_id = s.conversation_id AND m.kind <> 'system'
        AND m.role NOT IN ('agent', 'assistant') AND m.seq > coalesce((
          SELECT max(own.seq) FROM chat_message own
          WHERE own.conversation_id = s.conversation_id AND own.role IN ('agent', 'assistant')), 0)
    ) word ON true
    WHERE s.state = 'active' GROUP BY a.public_id
    """,
)
# Open chats that are late: nobody came or answered since the desk was alarmed, or a promise is
# broken. An alarm that the agent has answered is over.
ALARMS: Final = Statement(
    "desk_board_alarms",
    ("int",),
    """
    SELECT s.public_id, late.kind, late.since, s.state, a.public_id, t.public_id
    FROM customer_service_servicechat s
    JOIN customer_service_team t ON t.id = s.team_id
    LEFT JOIN customer_service_agent a ON a.id = s.agent_id
    JOIN LATERAL (
      SELECT CASE s.state WHEN 'waiting' THEN 'waiting_long' ELSE 'agent_silent' END AS kind,
        s.alarmed_at AS since
      WHERE s.alarmed_at IS NOT NULL AND NOT (s.state = 'active' AND EXISTS (
        SELECT FROM chat_message m WHERE m.conversation_id = s.conversation_id
          AND m.role IN ('agent', 'assistant') AND m.created_at > s.alarmed_at))
      UNION ALL
      SELECT 'sla_' || k.metric, k.due_at FROM customer_service_slatimer k
      WHERE k.chat_id = s.id AND k.broken_at IS NOT NULL AND k.met_at IS NULL
    ) late ON true
    WHERE s.state <> 'ended' ORDER BY late.since, s.id, late.kind LIMIT %s
    """,
)
ALARM_NAMES: Final = ("chat", "kind", "since", "state", "agent", "team")
ALARMS_SHOWN: Final = 100


def board_of(seat: Seat, now: datetime) -> Values:
    """Return the board in a fixed number of queries; the seat must lead."""
    midnight = day_start(clinic_day(now))
    tomorrow = midnight + timedelta(days=1)
    figures = rows_of(FIGURES, now, midnight)[0]
    return {
        "agents": _agents(seat),
        "queue": list_rows(seat, ListWish(tab="waiting", limit=QUEUE_SHOWN)),
        "figures": dict(zip(FIGURE_NAMES, figures, strict=True))
        | _today(visits_between(midnight, tomorrow), promises_between(midnight, tomorrow)),
        "teams": [_team(row) for row in rows_of(TEAMS, now)],
        "alarms": [
            dict(zip(ALARM_NAMES, row, strict=True)) for row in rows_of(ALARMS, ALARMS_SHOWN)
        ],
    }


def _agents(seat: Seat) -> list[Values]:
    unanswered: dict[Any, datetime] = dict(rows_of(UNANSWERED))
    return [
        shown(one, me=seat.agent.public_id) | {"unanswered_since": unanswered.get(one["id"])}
        for one in colleagues()
    ]


def _today(visits: Visits, promises: list[Promise]) -> Values:
    kept = {one.metric: one.kept_percent for one in promises}
    return {
        "wait_p50_s": _whole(visits.wait_p50),
        "wait_p90_s": _whole(visits.wait_p90),
        "reply_p50_s": _whole(visits.reply_p50),
        "abandoned_percent": visits.abandoned_percent,
        "first_reply_kept_percent": kept.get(SlaMetric.FIRST_REPLY),
        "resolution_kept_percent": kept.get(SlaMetric.RESOLUTION),
    }


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _team(row: Row) -> Values:
    public_id, zh, en, *counted = row
    numbers = dict(zip(("waiting", "longest_s", "online"), counted, strict=True))
    return {"id": public_id, "name": bilingual(zh, en), **numbers}
