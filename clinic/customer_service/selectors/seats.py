"""Who sits at the desk, and which chats he may see there."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.core.statements import Statement, rows_of
from clinic.customer_service.errors import NotAnAgentError
from clinic.customer_service.models import Agent, Handling, ServiceChat

COLUMNS: Final = (
    *("id", "public_id", "user_id", "nickname", "is_active", "is_supervisor", "languages"),
    *("max_chats", "status", "status_since", "heartbeat_at"),
)
# An agent's own teams and those that his teams stand in for: their queues are his as well.
REACHED_TEAMS: Final = """
WITH RECURSIVE reach AS (
  SELECT team_id FROM customer_service_agent_teams WHERE agent_id = a.id
  UNION
  SELECT t.id FROM customer_service_team t JOIN reach ON t.fallback_id = reach.team_id
) SELECT team_id FROM reach
"""
SEAT: Final = Statement(
    "desk_seat",
    ("bigint",),
    f"""
    SELECT {", ".join(f"a.{name}" for name in COLUMNS)},
      (SELECT count(*) FROM customer_service_servicechat s
       WHERE s.agent_id = a.id AND s.state = 'active'),
      ARRAY({REACHED_TEAMS})
    FROM customer_service_agent a WHERE a.user_id = %s AND a.is_active
    """,  # noqa: S608 only names of the house
)


@dataclass(frozen=True, slots=True)
class Seat:
    """An agent at the desk, how many chats he serves, the teams whose chats he sees.

    ``leads`` marks supervisors and administrators, who see every chat.
    """

    agent: Agent
    load: int
    team_ids: tuple[int, ...]
    leads: bool


def seat_of(actor: Actor) -> Seat:
    """Return the actor's seat, in one query. Raises NotAnAgentError."""
    found = rows_of(SEAT, actor.account_id)
    if not found:
        raise NotAnAgentError
    values, load, team_ids = found[0][: len(COLUMNS)], found[0][-2], found[0][-1]
    agent = Agent.known(**dict(zip(COLUMNS, values, strict=True)))
    leads = agent.is_supervisor or actor.has_role(Role.ADMIN)
    return Seat(agent, load, tuple(team_ids), leads)


def visible_to(seat: Seat) -> QuerySet[ServiceChat]:
    """Return the chats an agent may open: of the teams he sees, his own, and those he once had."""
    if seat.leads:
        return ServiceChat.objects.all()
    had = Handling.objects.filter(chat=OuterRef("pk"), agent=seat.agent.pk)
    return ServiceChat.objects.filter(
        Q(team__in=seat.team_ids) | Q(agent=seat.agent.pk) | Q(Exists(had))
    )


def agents_who_see(chat: ServiceChat) -> list[Agent]:
    """Return who works at the desk and may open the chat, with their accounts, in one query."""
    rows = Agent.objects.raw(
        f"""
        SELECT a.* FROM customer_service_agent a WHERE a.is_active AND (
          a.is_supervisor OR %(team)s IN ({REACHED_TEAMS}) OR EXISTS (
            SELECT FROM customer_service_handling h
            WHERE h.chat_id = %(chat)s AND h.agent_id = a.id)) ORDER BY a.id
        """,  # noqa: S608 only names of the house
        {"team": chat.team_id, "chat": chat.pk},
    )
    return list(rows.prefetch_related("user"))


def may_see(seat: Seat, team_id: int) -> bool:
    """Say whether the chats of a team are the agent's to see."""
    return seat.leads or team_id in seat.team_ids
