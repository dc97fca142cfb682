"""Who works at the desk, and whom a change at it concerns."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from clinic.core.statements import Row, Statement, rows_of
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.seats import REACHED_TEAMS

Values = dict[str, Any]
COLLEAGUE: Final = """
SELECT a.id, a.public_id, u.public_id, a.nickname, a.status, a.status_since, a.max_chats,
  (SELECT count(*) FROM customer_service_servicechat s
   WHERE s.agent_id = a.id AND s.state = 'active'),
  ARRAY(SELECT t.public_id FROM customer_service_agent_teams m
    JOIN customer_service_team t ON t.id = m.team_id WHERE m.agent_id = a.id ORDER BY t.code),
  a.languages, a.is_supervisor
FROM customer_service_agent a JOIN accounts_user u ON u.id = a.user_id
WHERE a.is_active
"""
NAMES: Final = (
    *("pk", "id", "account", "name", "status", "status_since", "max", "load", "teams"),
    *("languages", "is_supervisor"),
)
EVERYBODY: Final = Statement(
    "desk_colleagues", (), f"{COLLEAGUE} ORDER BY a.status = 'offline', a.nickname, a.id"
)
SOME: Final = Statement("desk_colleagues_some", ("bigint[]",), f"{COLLEAGUE} AND a.id = ANY(%s)")
# Those on duty who see the chats of a team, by team; supervisors see all.
WATCHERS: Final = Statement(
    "desk_watchers",
    ("bigint[]",),
    f"""
    SELECT t.id, ARRAY(
      SELECT u.public_id FROM customer_service_agent a JOIN accounts_user u ON u.id = a.user_id
      WHERE a.is_active AND a.status <> 'offline'
        AND (a.is_supervisor OR t.id IN ({REACHED_TEAMS})))
    FROM customer_service_team t WHERE t.id = ANY(%s)
    """,  # noqa: S608 only names of the house
)
# Those on duty who share a team with an agent, all supervisors, and himself.
AROUND_AGENT: Final = Statement(
    "desk_around_agent",
    ("bigint[]",),
    """
    SELECT a.id, ARRAY(
      SELECT u.public_id FROM customer_service_agent o JOIN accounts_user u ON u.id = o.user_id
      WHERE o.is_active AND (o.id = a.id OR o.status <> 'offline' AND (o.is_supervisor OR EXISTS (
        SELECT FROM customer_service_agent_teams mine
        JOIN customer_service_agent_teams his ON his.team_id = mine.team_id
        WHERE mine.agent_id = a.id AND his.agent_id = o.id))))
    FROM customer_service_agent a WHERE a.id = ANY(%s)
    """,
)
# Who watches a chat beside its team: who serves it and who served it; and the team it came from.
WHEREABOUTS: Final = Statement(
    "desk_whereabouts",
    ("bigint[]",),
    """
    SELECT s.id, s.public_id, s.team_id,
      (SELECT m.team_id FROM customer_service_chatmove m WHERE m.chat_id = s.id
       ORDER BY m.id DESC OFFSET 1 LIMIT 1),
      ARRAY(SELECT u.public_id FROM customer_service_handling h
        JOIN customer_service_agent a ON a.id = h.agent_id
        JOIN accounts_user u ON u.id = a.user_id
        WHERE h.chat_id = s.id AND a.is_active AND a.status <> 'offline')
    FROM customer_service_servicechat s WHERE s.id = ANY(%s)
    """,
)


def colleagues() -> list[Values]:
    """Return everybody who works at the desk, those on duty first, in one query."""
    return [_named(row) for row in rows_of(EVERYBODY)]


def colleagues_by_key(agent_ids: Iterable[int]) -> list[Values]:
    """Return some of them, in one query."""
    return [_named(row) for row in rows_of(SOME, list(agent_ids))]


def shown(colleague: Values, *, me: UUID) -> Values:
    """Return a colleague as clients see him."""
    kept = {name: colleague[name] for name in NAMES if name not in {"pk", "account"}}
    return kept | {"me": colleague["id"] == me}


def watchers(team_ids: Iterable[int]) -> dict[int, list[UUID]]:
    """Return the accounts on duty that see the chats of each team."""
    return {team_id: list(people) for team_id, people in rows_of(WATCHERS, list(team_ids))}


def people_around_agents(agent_ids: Iterable[int]) -> dict[int, list[UUID]]:
    """Return the accounts on duty that a change of each agent concerns."""
    return {key: list(people) for key, people in rows_of(AROUND_AGENT, list(agent_ids))}


def whereabouts(chat_ids: Iterable[int]) -> list[Row]:
    """Return (key, public id, team, team before its last move, who serves or served) of chats."""
    return rows_of(WHEREABOUTS, list(chat_ids))


def people_around(chat: ServiceChat) -> list[UUID]:
    """Return the accounts on duty that a change of the chat concerns."""
    served = [row[4] for row in whereabouts([chat.pk])]
    people = {*watchers([chat.team_id]).get(chat.team_id, []), *(served[0] if served else [])}
    return sorted(people)


def _named(row: Row) -> Values:
    return dict(zip(NAMES, row, strict=True))
