"""What supervisors watch: agents and their load, the queues, how long people wait."""

from datetime import datetime, timedelta
from typing import Any, Final

from clinic.core.clock import clinic_time
from clinic.core.statements import Row, Statement, rows_of
from clinic.customer_service.selectors.colleagues import colleagues, shown
from clinic.customer_service.selectors.rows import ListWish, list_rows
from clinic.customer_service.selectors.seats import Seat
from clinic.customer_service.selectors.wording import bilingual

Values = dict[str, Any]
QUEUE_SHOWN: Final = 100
WAITS_OF: Final = timedelta(hours=1)
FIGURES: Final = Statement(
    "desk_board_figures",
    ("timestamptz", "timestamptz", "timestamptz"),
    """
    WITH ask AS (SELECT %s AS now, %s AS since, %s AS midnight), waits AS (
      SELECT extract(epoch FROM h.started_at - opened.at) AS seconds
      FROM ask JOIN customer_service_handling h ON h.started_at > ask.since
      JOIN LATERAL (
        SELECT m.at FROM customer_service_chatmove m WHERE m.chat_id = h.chat_id
        ORDER BY m.id LIMIT 1) opened ON true
      WHERE h.how <> 'left_message' AND NOT EXISTS (SELECT FROM customer_service_handling e
        WHERE e.chat_id = h.chat_id AND e.id < h.id)
    ), ended AS (
      SELECT s.id, s.public_id FROM ask JOIN customer_service_servicechat s
        ON s.state = 'ended' AND s.ended_at >= ask.midnight
    )
    SELECT count(*) FILTER (WHERE s.state = 'waiting') AS waiting,
      GREATEST(0, extract(epoch FROM ask.now - min(s.enqueued_at)
        FILTER (WHERE s.state = 'waiting')))::int AS longest_s,
      count(*) FILTER (WHERE s.state = 'active') AS active,
      (SELECT count(*) FROM customer_service_agent WHERE status = 'online') AS online,
      (SELECT count(*) FROM customer_service_agent WHERE status = 'busy') AS busy,
      (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM waits)::int AS p50,
      (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) FROM waits)::int AS p90,
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
    *("waiting", "longest_s", "active", "online", "busy", "wait_p50_s", "wait_p90_s"),
    *("ended_today", "abandoned_today", "stars_today"),
)
TEAMS: Final = Statement(
    "desk_board_teams",
    ("timestamptz",),
    """
    SELECT t.public_id, t.name_zh, t.name_en, count(s.id),
      GREATEST(0, extract(epoch FROM %s - min(s.enqueued_at)))::int,
      (SELECT count(*) FROM customer_service_agent_teams m
       JOIN customer_service_agent a ON a.id = m.agent_id
       WHERE m.team_id = t.id AND a.status = 'online')
    FROM customer_service_team t
    LEFT JOIN customer_service_servicechat s ON s.team_id = t.id AND s.state = 'waiting'
    WHERE t.is_active GROUP BY t.id ORDER BY t.is_default DESC, t.code
    """,
)


def board_of(seat: Seat, now: datetime) -> Values:
    """Return the board, in four queries whatever there is; the seat must lead."""
    midnight = clinic_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    figures = rows_of(FIGURES, now, now - WAITS_OF, midnight)[0]
    return {
        "agents": [shown(one, me=seat.agent.public_id) for one in colleagues()],
        "queue": list_rows(seat, ListWish(tab="waiting", limit=QUEUE_SHOWN)),
        "figures": dict(zip(FIGURE_NAMES, figures, strict=True)),
        "teams": [_team(row) for row in rows_of(TEAMS, now)],
    }


def _team(row: Row) -> Values:
    public_id, zh, en, *counted = row
    numbers = dict(zip(("waiting", "longest_s", "online"), counted, strict=True))
    return {"id": public_id, "name": bilingual(zh, en), **numbers}
