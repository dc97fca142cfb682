"""Reads of the queues: who waits where, who may serve whom, and how long it takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from clinic.core.clock import now as current_moment
from clinic.customer_service import rules
from clinic.customer_service.models import ServiceChat
from clinic.settings import rules as numbers

ON_DUTY: Final = "a.is_active AND a.status = 'online' AND a.heartbeat_at > %(alive_since)s"

# The team itself while one of it is there, else the nearest team that stands in for it.
SERVING_TEAM: Final = f"""
WITH RECURSIVE line AS (
  SELECT t.id, t.fallback_id, ARRAY[t.id] AS path
  FROM customer_service_team t WHERE t.id = %(team_id)s
  UNION ALL
  SELECT f.id, f.fallback_id, line.path || f.id
  FROM line JOIN customer_service_team f ON f.id = line.fallback_id
  WHERE f.is_active AND f.id <> ALL(line.path)
)
SELECT line.id FROM line WHERE EXISTS (
  SELECT FROM customer_service_agent a JOIN customer_service_agent_teams m ON m.agent_id = a.id
  WHERE m.team_id = line.id AND {ON_DUTY})
ORDER BY cardinality(line.path) LIMIT 1
"""  # noqa: S608 put together from constants

# Queues in the order in which their first has waited.
WAITING_TEAMS: Final = """
SELECT s.team_id FROM customer_service_servicechat s WHERE s.state = 'waiting'
GROUP BY s.team_id ORDER BY max(s.priority) DESC, min(s.enqueued_at)
"""
# Queues of the agent's teams, and of those that his teams stand in for.
WAITING_FOR_AGENT: Final = """
WITH RECURSIVE reach AS (
  SELECT team_id FROM customer_service_agent_teams WHERE agent_id = %(agent_id)s
  UNION
  SELECT t.id FROM customer_service_team t JOIN reach ON t.fallback_id = reach.team_id
)
SELECT s.team_id FROM customer_service_servicechat s
WHERE s.state = 'waiting' AND s.team_id IN (SELECT team_id FROM reach)
GROUP BY s.team_id ORDER BY max(s.priority) DESC, min(s.enqueued_at)
"""
PACE: Final = f"""
SELECT
  (SELECT count(*) FROM customer_service_handling h
   WHERE h.team_id = %(team_id)s AND h.ended_at > %(since)s),
  (SELECT count(*) FROM customer_service_agent a
   JOIN customer_service_agent_teams m ON m.agent_id = a.id
   WHERE m.team_id = ({SERVING_TEAM}) AND {ON_DUTY})
"""  # noqa: S608 put together from constants
AHEAD: Final = """
SELECT count(*) FROM customer_service_servicechat s
WHERE s.team_id = %(team_id)s AND s.state = 'waiting'
  AND (-s.priority, s.enqueued_at, s.id) < (-%(priority)s, %(enqueued_at)s, %(chat_id)s)
"""
PLACES: Final = """
SELECT s.id, s.public_id, u.public_id, s.told_position, s.told_wait_seconds,
  row_number() OVER (ORDER BY s.priority DESC, s.enqueued_at, s.id)
FROM customer_service_servicechat s JOIN accounts_user u ON u.id = s.customer_id
WHERE s.team_id = %(team_id)s AND s.state = 'waiting'
ORDER BY 6
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a queue moves: places freed in the last half hour, agents there now."""

    freed: int
    agents_online: int

    def wait(self, position: int) -> int | None:
        """Return the likely wait in seconds at a place, None when nobody can tell."""
        return rules.estimated_wait(
            position, freed=self.freed, are_agents_there=self.agents_online > 0
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a waiting chat stands, as it is shown."""

    position: int
    wait_seconds: int | None
    agents_online: int

    @property
    def ahead(self) -> int:
        """How many people are before it."""
        return self.position - 1


@dataclass(frozen=True, slots=True)
class Place:
    """One waiting chat in its queue, and what its customer was told last."""

    chat_id: int
    public_id: UUID
    customer_public_id: UUID
    told_position: int | None
    told_wait_seconds: int | None
    position: int


def team_ids_waiting() -> list[int]:
    """Return the teams in whose queue somebody waits, the longest wait first."""
    return _column(WAITING_TEAMS, {})


def team_ids_served_by(agent_id: int) -> list[int]:
    """Return the queues with somebody in them that an agent may serve, longest wait first."""
    return _column(WAITING_FOR_AGENT, {"agent_id": agent_id})


def serving_team_id(team_id: int, now: datetime) -> int | None:
    """Return the team whose agents serve the queue now: itself or who stands in; None if nobody."""
    values = {"team_id": team_id, "alive_since": now - numbers.AGENT_HEARTBEAT}
    return next(iter(_column(SERVING_TEAM, values)), None)


def pace_of(team_id: int, now: datetime) -> Pace:
    """Return how fast the team's queue moves."""
    values: dict[str, Any] = {
        "team_id": team_id,
        "since": now - numbers.SERVICE_THROUGHPUT_WINDOW,
        "alive_since": now - numbers.AGENT_HEARTBEAT,
    }
    with connection.cursor() as cursor:
        cursor.execute(PACE, values)
        return Pace(*cursor.fetchone())


def standing_of(chat: ServiceChat) -> Standing:
    """Return where a waiting chat stands; a wait that was told grows by one step at most."""
    values: dict[str, Any] = {
        "team_id": chat.team_id,
        "priority": chat.priority,
        "enqueued_at": chat.enqueued_at,
        "chat_id": chat.pk,
    }
    position = rules.shown_position(_column(AHEAD, values)[0] + 1)
    pace = pace_of(chat.team_id, current_moment())
    wait = rules.told_wait(pace.wait(position), chat.told_wait_seconds)
    return Standing(position, wait, pace.agents_online)


def places_in(team_id: int) -> list[Place]:
    """Return everybody who waits in the queue, in order, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"team_id": team_id})
        return [Place(*row) for row in cursor.fetchall()]


def _column(statement: str, values: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [value for (value,) in cursor.fetchall()]
