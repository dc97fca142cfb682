"""Giving waiting chats to agents with a place: strictly in turn, never above anybody's limit."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection, transaction

from clinic.core.actor import system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError
from clinic.core.events import publish
from clinic.customer_service.enums import ChatState, How, MoveReason
from clinic.customer_service.events import ServiceChatAssigned
from clinic.customer_service.models import Agent, ServiceChat, Team
from clinic.customer_service.rules import Candidate, Wish, choose
from clinic.customer_service.selectors.queue import team_ids_served_by, team_ids_waiting
from clinic.customer_service.services import telling
from clinic.customer_service.services.state import TEAM_LOCKS, Move, advance_each
from clinic.customer_service.services.statements import (
    LOCK_AGENTS,
    LOCK_TEAM,
    LOOK_AT_AGENTS,
    PICK_WAITING,
)
from clinic.customer_service.services.telling import Arrival
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers

log = logging.getLogger(__name__)
DISPATCH = system_actor("dispatch")
BATCH = numbers.SERVICE_DISPATCH_BATCH


def dispatch(team_id: int) -> int:
    """Give the team's waiting chats away until nobody waits or no place is free; return how many.

    One transaction per batch, under the team's lock; any number may run at once.
    """
    given = 0
    while True:
        with transaction.atomic():
            batch = serve_batch(team_id)
        given += batch
        if batch < BATCH:
            return given


def dispatch_all() -> int:
    """Serve every queue in which somebody waits; a queue that fails does not stop the others."""
    return sum(_try(team_id) for team_id in team_ids_waiting())


def dispatch_on_commit(team_id: int) -> None:
    """Serve the team's queue once the transaction commits."""
    transaction.on_commit(lambda: _try(team_id), robust=True)


def serve_agent_on_commit(agent_id: int) -> None:
    """Let an agent who may have a free place serve, once the transaction commits."""
    transaction.on_commit(lambda: serve_agent(agent_id), robust=True)


def serve_agent(agent_id: int) -> int:
    """Serve the queues that the agent may take from, the one with the longest wait first."""
    return sum(_try(team_id) for team_id in team_ids_served_by(agent_id))


def serve_now(team_id: int) -> None:
    """Give away one batch inside the caller's transaction, which holds the team's lock.

    A batch that fails leaves everybody waiting; the rest follows after the commit.
    """
    try:
        with transaction.atomic():
            given = serve_batch(team_id)
    except DatabaseError as error:
        log.error("dispatch failed", exc_info=error, extra={"team_id": team_id})
        return
    if given == BATCH:
        dispatch_on_commit(team_id)


def serve_batch(team_id: int) -> int:
    """Give away one batch inside the caller's transaction; return how many chats were given.

    Takes the team's lock, then those of agents with a place, then the oldest waiting chats.
    """
    agents = _agents_with_place(team_id, current_moment())
    if not agents:
        return 0
    places = sum(one.candidate.limit - one.candidate.load for one in agents.values())
    waiting = _oldest_waiting(team_id, min(BATCH, places), current_moment())
    # Read after the wait for locks: who was given back meanwhile is not served before he was.
    now = current_moment()
    given = [pair for chat in waiting if (pair := _pair(chat, agents, now)) is not None]
    if given:
        _hand_over(given, now)
    return len(given)


@dataclass(slots=True)
class _Free:
    """An agent whose row is locked, and how he stands while the batch is given away."""

    agent: Agent
    candidate: Candidate


def _agents_with_place(team_id: int, now: datetime) -> dict[int, _Free]:
    values: dict[str, Any] = {
        "space": TEAM_LOCKS,
        "team_id": team_id,
        "alive_since": now - numbers.AGENT_HEARTBEAT,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TEAM + LOCK_AGENTS, values)
        values["agents"] = [pk for (pk,) in cursor.fetchall()]
    if not values["agents"]:
        return {}
    rows: Iterable[Any] = Agent.objects.raw(LOOK_AT_AGENTS, values)
    return {row.pk: _Free(row, _candidate(row)) for row in rows if row.load < row.max_chats}


def _candidate(row: Any) -> Candidate:
    return Candidate(
        id=row.pk,
        user_id=row.user_id,
        languages=tuple(row.languages),
        load=row.load,
        limit=row.max_chats,
        last_assigned_at=row.last_assigned_at,
    )


def _oldest_waiting(team_id: int, limit: int, now: datetime) -> list[Any]:
    values = {
        "team_id": team_id,
        "limit": limit,
        "same_since": now - numbers.SERVICE_SAME_AGENT_WITHIN,
    }
    return list(ServiceChat.objects.raw(PICK_WAITING, values))


def _pair(chat: Any, agents: dict[int, _Free], now: datetime) -> Arrival | None:
    wish = Wish(
        customer_id=chat.customer_id,
        language=chat.language,
        last_agent_id=chat.last_agent_id,
        lost_agent_id=chat.lost_agent_id,
    )
    best = choose([one.candidate for one in agents.values()], wish)
    if best is None:
        return None
    taken = agents[best.id]
    taken.candidate = replace(best, load=best.load + 1, last_assigned_at=now)
    chat.team = Team.known(id=chat.team_id, public_id=chat.team_public_id)
    return Arrival(chat, taken.agent, chat.customer_public_id)


def _hand_over(given: Sequence[Arrival], now: datetime) -> None:
    moves = [
        Move(
            chat=one.chat,
            to=ChatState.ACTIVE,
            reason=MoveReason.DISPATCHED,
            actor=DISPATCH.label,
            agent_id=one.agent.pk,
            how=How.DISPATCHED,
        )
        for one in given
    ]
    advance_each(moves, now=now)
    telling.bring_in(given)
    for one in given:
        publish(ServiceChatAssigned(chat_id=one.chat.pk, agent_id=one.agent.pk))
        if now - one.chat.enqueued_at >= numbers.SERVICE_NOTICE_AFTER:
            telling.leave_notice(one.chat, one.customer, NoticeKind.SERVICE_ASSIGNED)


def _try(team_id: int) -> int:
    try:
        return dispatch(team_id)
    except (DatabaseError, ClinicError) as error:
        log.error("dispatch failed", exc_info=error, extra={"team_id": team_id})
        return 0
