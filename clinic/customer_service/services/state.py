"""The only door to a service chat's state, and the locks around it.

Locks are taken in this order: customer, team (both advisory), agents in key order, chats, places
of the queue (advisory), team row, conversation. All of it runs inside the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import connection

from clinic.core.errors import ConflictError, NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.customer_service.enums import MOVES, ChatState, How, MoveReason
from clinic.customer_service.events import PlacesFreed, QueueMoved
from clinic.customer_service.models import Agent, ServiceChat
from clinic.customer_service.services.statements import (
    END_HANDLINGS,
    LIFECYCLE,
    LOCK_CUSTOMER,
    LOCK_TEAM,
    MOVE,
    RAISE_FLAG,
    SHARE_PLACES,
)
from clinic.customer_service.services.watching import agents_changed, chats_changed

TEAM_LOCKS: Final = 0x63737465  # "cste": the first key of advisory locks of teams
PLACE_LOCKS: Final = 0x6373706C  # "cspl": of the places in their queues
CUSTOMER_LOCKS: Final = 0x63736375  # "cscu"


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One step of a locked chat. ``actor`` is the label of who does it.

    ``agent_id`` and ``how`` stand with the agent who serves from now on, ``team_id`` with a new
    team, ``remark`` holds words of staff.
    """

    chat: ServiceChat
    to: ChatState
    reason: MoveReason
    actor: str
    agent_id: int | None = None
    how: How | None = None
    team_id: int | None = None
    remark: str = ""


def locked(chat_id: int) -> ServiceChat:
    """Return the chat, locked until the transaction ends. Raises NotFoundError.

    Its people are loaded afterwards: a join would show them as they were before the wait.
    """
    rows = ServiceChat.objects.select_for_update(no_key=True)
    row = rows.filter(pk=chat_id).first()
    if row is None:
        raise NotFoundError
    return row


def locked_if_free(chat_id: int) -> ServiceChat | None:
    """Return the locked chat, or None when somebody else works on it right now."""
    rows = ServiceChat.objects.select_for_update(no_key=True, skip_locked=True)
    return rows.filter(pk=chat_id).first()


def locked_agent(agent_id: int) -> Agent:
    """Return the agent, locked: nobody else gives him a chat or changes his status meanwhile."""
    row = Agent.objects.select_for_update(no_key=True).filter(pk=agent_id).first()
    if row is None:
        raise NotFoundError
    return row


def lock_team(team_id: int) -> None:
    """Wait for the queue of a team; whoever holds it sees and changes it alone."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TEAM, {"space": TEAM_LOCKS, "team_id": team_id})


def lock_customer(customer_id: int) -> None:
    """Wait for the customer's other requests: he opens one chat at a time."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CUSTOMER, {"customers": CUSTOMER_LOCKS, "customer_id": customer_id})


def load_of(agent_id: int) -> int:
    """Return how many chats an agent serves now; count under his lock to give him one more."""
    return ServiceChat.objects.filter(agent_id=agent_id, state=ChatState.ACTIVE).count()


def raise_flag(team_id: int) -> None:
    """Note that places in the team's queue changed; they are told anew, however often it moves."""
    with connection.cursor() as cursor:
        cursor.execute(SHARE_PLACES + RAISE_FLAG, {"places": PLACE_LOCKS, "teams": [team_id]})
        was_raised = bool(cursor.rowcount)
    if was_raised:
        publish(QueueMoved(team_id=team_id))


def advance(move: Move, *, now: datetime) -> None:
    """Move one locked chat: its row, handling, history, events; see ``advance_each``."""
    advance_each([move], now=now)


def advance_each(moves: Sequence[Move], *, now: datetime) -> None:
    """Move locked chats in two statements at most, and say what became free.

    Keeps ``enqueued_at``: a chat that goes back stands where it stood. Raises
    IllegalTransitionError, and ConflictError when a row was not locked and moved meanwhile.
    """
    if not moves:
        return
    served = [move.chat.agent_id for move in moves if move.chat.state == ChatState.ACTIVE]
    rows = [_row(n, move, now) for n, move in enumerate(moves)]
    count, raised = _store(rows, now, before=END_HANDLINGS if served else "")
    if count != len(moves):
        raise ConflictError
    _announce(moves, served, raised)


def note_opening(chat: ServiceChat, *, how: How | None, actor: str, now: datetime) -> None:
    """Write the first move of a chat that was just inserted, and its handling if it has one."""
    move = Move(
        chat=chat,
        to=ChatState(chat.state),
        reason=MoveReason.OPENED,
        actor=actor,
        agent_id=chat.agent_id,
        how=how,
    )
    row = _plain(0, move, before="", agent_before=None, team_before=chat.team_id)
    _count, raised = _store([row], now)
    _announce([move], [], raised)


def _store(rows: list[dict[str, Any]], now: datetime, *, before: str = "") -> tuple[int, list[int]]:
    teams = {row["team_id"] for row in rows if row["state"] == ChatState.WAITING}
    teams |= {row["team_before"] for row in rows if row["before"] == ChatState.WAITING}
    values: dict[str, Any] = {
        "moves": orjson.dumps(rows).decode(),
        "now": now,
        "places": PLACE_LOCKS,
        "teams": sorted(teams),
    }
    statement = (SHARE_PLACES if teams else "") + before + MOVE
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        count, raised = cursor.fetchone()
    return count, raised


def _row(n: int, move: Move, now: datetime) -> dict[str, Any]:
    chat = move.chat
    before, agent_before, team_before = chat.state, chat.agent_id, chat.team_id
    check_move(MOVES, before, move.to)
    _set(move, now)
    return _plain(n, move, before=before, agent_before=agent_before, team_before=team_before)


def _set(move: Move, now: datetime) -> None:
    chat = move.chat
    chat.state, chat.state_since = move.to, now
    chat.team_id = move.team_id or chat.team_id
    chat.warned_at = chat.alarmed_at = chat.held_until = None
    chat.told_position = chat.told_wait_seconds = None
    if move.to == ChatState.ENDED:
        chat.ended_at, chat.end_reason = now, move.reason
        return
    chat.agent_id = move.agent_id
    chat.assigned_at = now if move.to == ChatState.ACTIVE else None


def _plain(
    n: int, move: Move, *, before: str, agent_before: int | None, team_before: int
) -> dict[str, Any]:
    chat = move.chat
    return {name: getattr(chat, name) for name in LIFECYCLE} | {
        "n": n,
        "chat_id": chat.pk,
        "before": before,
        "agent_before": agent_before,
        "team_before": team_before,
        "reason": move.reason,
        "remark": move.remark,
        "actor": move.actor,
        "how": move.how,
    }


def _announce(moves: Sequence[Move], served: Iterable[int | None], raised: Iterable[int]) -> None:
    left = {agent_id for agent_id in served if agent_id is not None}
    come = {move.chat.agent_id for move in moves if move.to == ChatState.ACTIVE}
    for team_id in raised:
        publish(QueueMoved(team_id=team_id))
    for agent_id in sorted(left):
        publish(PlacesFreed(agent_id=agent_id))
    chats_changed(move.chat.pk for move in moves)
    agents_changed(left | {agent_id for agent_id in come if agent_id is not None})
