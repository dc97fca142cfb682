"""Agents take chats, take them over and hand them on; a place is always checked under a lock."""

from datetime import datetime

from django.db import transaction

from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.events import publish
from clinic.customer_service.enums import AgentStatus, ChatState, How, MoveReason
from clinic.customer_service.errors import (
    AgentFullError,
    AgentNotOnlineError,
    ChatEndedError,
    ChatTakenError,
    NotYourChatError,
    TeamClosedError,
)
from clinic.customer_service.events import ServiceChatAssigned
from clinic.customer_service.models import Agent, ServiceChat, Team
from clinic.customer_service.selectors.queue import serving_team_id, team_ids_served_by
from clinic.customer_service.selectors.teams import is_team_open
from clinic.customer_service.services import telling
from clinic.customer_service.services.dispatch import dispatch_on_commit, serve_agent_on_commit
from clinic.customer_service.services.notes import write_note
from clinic.customer_service.services.state import (
    Move,
    advance,
    load_of,
    lock_team,
    locked,
    locked_agent,
)
from clinic.settings import rules as numbers

REASONS = {
    How.TAKEN: MoveReason.TAKEN,
    How.TAKEN_OVER: MoveReason.TAKEN_OVER,
    How.TRANSFERRED: MoveReason.TRANSFERRED,
    How.LEFT_MESSAGE: MoveReason.TAKEN,
}


def take(chat_id: int, *, agent: Agent, actor: Actor) -> ServiceChat:
    """Give a waiting chat to the agent who asks for it, out of turn; his own is returned as it is.

    Raises NotFoundError, ChatEndedError, ChatTakenError, AgentFullError, AgentNotOnlineError.
    """
    with transaction.atomic():
        taker = locked_agent(agent.pk)
        chat = locked(chat_id)
        if _has(taker, chat):
            return chat
        if chat.state == ChatState.ACTIVE:
            raise ChatTakenError
        _check_fit(taker, chat)
        seat(chat, taker, How.TAKEN, actor=actor, now=current_moment())
    return chat


def take_next(*, agent: Agent, actor: Actor) -> ServiceChat | None:
    """Give the agent the chat that waits longest in the queues he serves; None when none waits.

    Raises AgentFullError, AgentNotOnlineError.
    """
    for team_id in team_ids_served_by(agent.pk):
        with transaction.atomic():
            lock_team(team_id)
            taker = locked_agent(agent.pk)
            chat = _first_waiting(team_id, not_of=taker.user_id)
            if chat is None:
                continue
            _check_fit(taker, chat)
            seat(chat, taker, How.TAKEN, actor=actor, now=current_moment())
            return chat
    return None


def take_over(chat_id: int, *, agent: Agent, actor: Actor, remark: str = "") -> ServiceChat:
    """Go on with a chat that a colleague serves; he reads on up to here.

    Raises NotFoundError, ChatEndedError, AgentFullError, AgentNotOnlineError.
    """
    with transaction.atomic():
        taker = locked_agent(agent.pk)
        chat = locked(chat_id)
        if _has(taker, chat):
            return chat
        _check_fit(taker, chat)
        seat(chat, taker, How.TAKEN_OVER, actor=actor, now=current_moment(), remark=remark)
    return chat


def transfer_to_agent(
    chat_id: int,
    *,
    target: Agent,
    by: Agent,
    actor: Actor,
    remark: str = "",
    note: str = "",
    is_forced: bool = False,
) -> ServiceChat:
    """Hand a chat to a colleague who is online and has a place, with a reason and a note for him.

    Only who serves the chat may; supervisors any (``is_forced``). Raises NotFoundError,
    NotYourChatError, ChatEndedError, AgentNotOnlineError, AgentFullError.
    """
    with transaction.atomic():
        taker = locked_agent(target.pk)
        chat = locked(chat_id)
        _check_mine(chat, by, is_forced=is_forced)
        if _has(taker, chat):
            return chat
        now = current_moment()
        _check_reachable(taker, now)
        _check_fit(taker, chat)
        _leave_note(chat, by, note)
        seat(chat, taker, How.TRANSFERRED, actor=actor, now=now, remark=remark)
    return chat


def transfer_to_team(
    chat_id: int,
    *,
    team: Team | None,
    by: Agent,
    actor: Actor,
    remark: str = "",
    note: str = "",
    is_forced: bool = False,
) -> ServiceChat:
    """Put a chat into a team's queue (None: back into its own), where it stands by its first time.

    Only who serves the chat may; supervisors any (``is_forced``). Raises NotFoundError,
    NotYourChatError, ChatEndedError, TeamClosedError (it would end there for the day).
    """
    with transaction.atomic():
        chat = locked(chat_id)
        now = current_moment()
        _check_mine(chat, by, is_forced=is_forced)
        if team is not None and team.pk != chat.team_id and not _is_there(team.pk, now):
            raise TeamClosedError
        _leave_note(chat, by, note)
        move = Move(
            chat=chat,
            to=ChatState.WAITING,
            reason=MoveReason.REQUEUED if team is None else MoveReason.TRANSFERRED,
            actor=actor.label,
            team_id=team.pk if team else None,
            remark=remark,
        )
        requeue(move, now=now)
    return chat


def requeue(move: Move, *, now: datetime) -> None:
    """Put a locked, open chat (back) into a queue with its original time; the customer is told."""
    chat = move.chat
    leaving = chat.agent
    if leaving is None and (move.team_id or chat.team_id) == chat.team_id:
        return
    advance(move, now=now)
    if leaving is not None:
        telling.part(chat, leaving)
        serve_agent_on_commit(leaving.pk)
    telling.push_service(chat, chat.customer.public_id, reason=move.reason)
    dispatch_on_commit(chat.team_id)


def seat(
    chat: ServiceChat, taker: Agent, how: How, *, actor: Actor, now: datetime, remark: str = ""
) -> None:
    """Give a locked chat to a locked agent whose place was checked; who had it is let go."""
    leaving = chat.agent if chat.state == ChatState.ACTIVE else None
    move = Move(
        chat=chat,
        to=ChatState.ACTIVE,
        reason=REASONS[how],
        actor=actor.label,
        agent_id=taker.pk,
        how=how,
        remark=remark,
    )
    advance(move, now=now)
    if leaving is not None:
        telling.part(chat, leaving)
        serve_agent_on_commit(leaving.pk)
    telling.bring_in([telling.Arrival(chat, taker, chat.customer.public_id)], reason=move.reason)
    publish(ServiceChatAssigned(chat_id=chat.pk, agent_id=taker.pk))


def check_place(taker: Agent) -> None:
    """Let a locked agent pass who works now and has a place.

    Raises AgentNotOnlineError, AgentFullError.
    """
    if not taker.is_active or taker.status == AgentStatus.OFFLINE:
        raise AgentNotOnlineError
    if load_of(taker.pk) >= taker.max_chats:
        raise AgentFullError


def _check_fit(taker: Agent, chat: ServiceChat) -> None:
    if chat.state == ChatState.ENDED:
        raise ChatEndedError
    if chat.customer_id == taker.user_id:
        raise NotFoundError  # nobody serves himself
    check_place(taker)


def _check_mine(chat: ServiceChat, by: Agent, *, is_forced: bool) -> None:
    if chat.state == ChatState.ENDED:
        raise ChatEndedError
    if not is_forced and not _has(by, chat):
        raise NotYourChatError


def _check_reachable(taker: Agent, now: datetime) -> None:
    seen = taker.heartbeat_at
    is_alive = seen is not None and now - seen < numbers.AGENT_HEARTBEAT
    if taker.status != AgentStatus.ONLINE or not is_alive:
        raise AgentNotOnlineError


def _has(agent: Agent, chat: ServiceChat) -> bool:
    return chat.state == ChatState.ACTIVE and chat.agent_id == agent.pk


def _first_waiting(team_id: int, *, not_of: int) -> ServiceChat | None:
    waiting = ServiceChat.objects.filter(team_id=team_id, state=ChatState.WAITING)
    return (
        waiting.exclude(customer_id=not_of)
        .order_by("-priority", "enqueued_at", "id")
        .select_for_update(no_key=True, skip_locked=True)
        .first()
    )


def _is_there(team_id: int, now: datetime) -> bool:
    return is_team_open(team_id, now) or serving_team_id(team_id, now) is not None


def _leave_note(chat: ServiceChat, by: Agent, note: str) -> None:
    if note:
        write_note(chat, author=by, body=note)
