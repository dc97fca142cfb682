"""What supervisors watch: agents with their load, queues, the day's figures, what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from clinic.core.clock import clinic_day, now
from clinic.customer_service.enums import SlaMetric
from clinic.customer_service.selectors.reports import (
    Promise,
    Visits,
    day_start,
    endings_between,
    promises_between,
    rows_by_name,
    visits_between,
)
from clinic.settings import rules

WAITING_SHOWN: Final = 100
ALARMS_SHOWN: Final = 100

# A customer waits for an answer since his first word after the agent's last one.
AGENTS: Final = """
SELECT a.public_id AS id, a.nickname AS name, a.status, a.status_since, a.heartbeat_at,
  a.max_chats AS max, a.is_supervisor, coalesce(open.load, 0) AS load, open.unanswered_since,
  ARRAY(SELECT t.public_id FROM customer_service_agent_teams m
    JOIN customer_service_team t ON t.id = m.team_id WHERE m.agent_id = a.id ORDER BY t.code
  ) AS teams
FROM customer_service_agent a
LEFT JOIN (
  SELECT s.agent_id, count(*) AS load, min(word.first_at) AS unanswered_since
  FROM customer_service_servicechat s
  LEFT JOIN LATERAL (
    SELECT min(m.created_at) AS first_at FROM chat_message m
    WHERE m.conversation_id = s.conversation_id AND m.kind <> 'system'
      AND m.role NOT IN ('agent', 'assistant') AND m.seq > coalesce((
        SELECT max(own.seq) FROM chat_message own WHERE own.conversation_id = s.conversation_id
          AND own.role IN ('agent', 'assistant')), 0)
  ) word ON true
  WHERE s.state = 'active' GROUP BY s.agent_id
) open ON open.agent_id = a.id
WHERE a.is_active
ORDER BY array_position(ARRAY['online', 'busy', 'offline'], a.status::text), a.nickname, a.id
"""

TEAMS: Final = """
SELECT t.public_id AS id, t.code, t.name_zh, t.name_en, coalesce(queue.waiting, 0) AS waiting,
  queue.oldest_since,
  (SELECT count(*) FROM customer_service_agent_teams m
   JOIN customer_service_agent a ON a.id = m.agent_id
   WHERE m.team_id = t.id AND a.is_active AND a.status = 'online' AND a.heartbeat_at > %s
  ) AS online
FROM customer_service_team t
LEFT JOIN (
  SELECT team_id, count(*) AS waiting, min(enqueued_at) AS oldest_since
  FROM customer_service_servicechat WHERE state = 'waiting' GROUP BY team_id
) queue ON queue.team_id = t.id
WHERE t.is_active OR queue.waiting > 0 ORDER BY t.is_default DESC, t.code
"""

QUEUE: Final = """
SELECT s.public_id AS id, s.enqueued_at, s.priority, s.language, s.side, s.face,
  u.public_id AS customer_id, u.name AS customer_name, u.phone AS customer_phone,
  t.public_id AS team_id, t.code AS team_code, t.name_zh, t.name_en
FROM customer_service_servicechat s
JOIN customer_service_team t ON t.id = s.team_id
JOIN accounts_user u ON u.id = s.customer_id
WHERE s.state = 'waiting' ORDER BY s.priority DESC, s.enqueued_at, s.id LIMIT %s
"""

# Open chats that are late: the agent was reminded, a promise is broken, or the wait is too long.
ALARMS: Final = """
SELECT s.public_id AS chat, late.kind, late.since, s.state,
  a.public_id AS agent, t.public_id AS team
FROM customer_service_servicechat s
JOIN customer_service_team t ON t.id = s.team_id
LEFT JOIN customer_service_agent a ON a.id = s.agent_id
JOIN LATERAL (
  SELECT 'agent_silent' AS kind, s.alarmed_at AS since WHERE s.alarmed_at IS NOT NULL
  UNION ALL
  SELECT 'sla_' || k.metric, k.due_at FROM customer_service_slatimer k
  WHERE k.chat_id = s.id AND k.broken_at IS NOT NULL AND k.met_at IS NULL
  UNION ALL
  SELECT 'waiting_long', s.enqueued_at + t.first_reply_target
  WHERE s.state = 'waiting' AND s.enqueued_at + t.first_reply_target < %s
) late ON true
WHERE s.state <> 'ended' ORDER BY late.since, s.id, late.kind LIMIT %s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The desk at one moment; rows are as their statements name them."""

    at: datetime
    agents: list[dict[str, Any]]
    teams: list[dict[str, Any]]
    queue: list[dict[str, Any]]
    alarms: list[dict[str, Any]]
    today: Visits
    promises: list[Promise]
    ended_today: int

    def kept_percent(self, metric: SlaMetric) -> float | None:
        """Share of today's promises that were kept; None while none has fallen due."""
        found = next((one for one in self.promises if one.metric == metric), None)
        return found.kept_percent if found else None


def board_now() -> Board:
    """Return the board of this moment; the number of statements does not depend on the rows."""
    moment = now()
    start = day_start(clinic_day(moment))
    end = start + timedelta(days=1)
    return Board(
        at=moment,
        agents=rows_by_name(AGENTS),
        teams=rows_by_name(TEAMS, moment - rules.AGENT_HEARTBEAT),
        queue=rows_by_name(QUEUE, WAITING_SHOWN),
        alarms=rows_by_name(ALARMS, moment, ALARMS_SHOWN),
        today=visits_between(start, end),
        promises=promises_between(start, end),
        ended_today=sum(endings_between(start, end).values()),
    )
