"""Who works at the desk now: what agents say of themselves, their signs of life, their silence."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.customer_service.enums import AgentStatus, ChatState, MoveReason, StatusCause
from clinic.customer_service.errors import NotAnAgentError
from clinic.customer_service.models import Agent, AgentStatusChange
from clinic.customer_service.selectors.idle import silences_with
from clinic.customer_service.services.dispatch import serve_agent, serve_agent_on_commit
from clinic.customer_service.services.handing import requeue
from clinic.customer_service.services.state import Move, locked, locked_agent
from clinic.customer_service.services.watching import agents_changed
from clinic.settings import rules as numbers

SILENCE: Final = system_actor("agent silence")
BEAT: Final = """
UPDATE customer_service_agent a SET heartbeat_at = %(now)s
FROM (SELECT id, heartbeat_at FROM customer_service_agent WHERE user_id = %(user_id)s) AS before
WHERE a.id = before.id AND a.is_active
RETURNING a.id, a.status, before.heartbeat_at
"""


def set_status(
    agent_id: int, status: AgentStatus, *, by: Actor, cause: StatusCause = StatusCause.SELF
) -> Agent:
    """Store what the agent is from now on, with a sign of life, and log the change.

    Online brings him chats at once. Offline gives back those in which a customer waits for his
    word; the others stay his until their customer writes. Raises NotFoundError, NotAnAgentError
    for who does not work at the desk any more.
    """
    now = current_moment()
    with transaction.atomic():
        agent = locked_agent(agent_id)
        if not agent.is_active and status != AgentStatus.OFFLINE:
            raise NotAnAgentError
        if cause == StatusCause.SELF or agent.heartbeat_at is None:
            agent.heartbeat_at = now
        _change(agent, status, by=by, cause=cause, now=now)
        if status == AgentStatus.OFFLINE:
            _give_back(agent, actor=by.label, now=now)
        elif status == AgentStatus.ONLINE:
            serve_agent_on_commit(agent.pk)
    return agent


def beat(user_id: int) -> None:
    """Note a sign of life of the agent with this account; nothing for everybody else.

    One update. Who was silent for a moment while online gets chats again at once; who was set
    offline by silence says himself that he is back.
    """
    now = current_moment()
    with connection.cursor() as cursor:
        cursor.execute(BEAT, {"now": now, "user_id": user_id})
        row = cursor.fetchone()
    if row is None:
        return
    agent_id, status, before = row
    was_silent = before is None or now - before >= numbers.AGENT_HEARTBEAT
    if was_silent and status == AgentStatus.ONLINE:
        serve_agent(agent_id)


def set_silent_offline(now: datetime) -> int:
    """Set agents offline who gave no sign of life for AGENT_SILENCE; return how many."""
    silent = Agent.objects.exclude(status=AgentStatus.OFFLINE).filter(
        heartbeat_at__lte=now - numbers.AGENT_SILENCE
    )
    return sum(_lose(pk, now) for pk in silent.order_by("id").values_list("pk", flat=True))


def leave_desk(agent_id: int, *, by: Actor) -> Agent:
    """Take an agent off the desk for good: offline, and every chat of his goes on elsewhere."""
    now = current_moment()
    with transaction.atomic():
        agent = locked_agent(agent_id)
        agent.is_active = False
        _change(agent, AgentStatus.OFFLINE, by=by, cause=StatusCause.DEACTIVATED, now=now)
        _give_back(agent, actor=by.label, now=now, is_all=True)
        audit.record(by, "leave_desk", "agent", agent.public_id)
    return agent


def join_desk(agent_id: int, *, by: Actor) -> Agent:
    """Let an agent work at the desk (again); he says himself when he is online."""
    with transaction.atomic():
        agent = locked_agent(agent_id)
        agent.is_active = True
        agent.save(update_fields=["is_active"])
        audit.record(by, "join_desk", "agent", agent.public_id)
        agents_changed([agent.pk])
    return agent


def _lose(agent_id: int, now: datetime) -> bool:
    with transaction.atomic():
        agent = locked_agent(agent_id)
        seen = agent.heartbeat_at
        if agent.status == AgentStatus.OFFLINE or (seen and now - seen < numbers.AGENT_SILENCE):
            return False
        _change(agent, AgentStatus.OFFLINE, by=SILENCE, cause=StatusCause.SILENCE, now=now)
        _give_back(agent, actor=SILENCE.label, now=now)
        return True


def _change(
    agent: Agent, status: AgentStatus, *, by: Actor, cause: StatusCause, now: datetime
) -> None:
    before = agent.status
    if before != status:
        agent.status, agent.status_since = status, now
        AgentStatusChange.objects.create(
            agent=agent, before=before, after=status, cause=cause, actor=by.label, at=now
        )
        agents_changed([agent.pk])
    agent.save(update_fields=["is_active", "status", "status_since", "heartbeat_at"])


def _give_back(agent: Agent, *, actor: str, now: datetime, is_all: bool = False) -> None:
    for one in silences_with(agent.pk, now):
        if not is_all and not one.silence.is_customer_waiting:
            continue
        chat = locked(one.chat_id)
        if chat.state == ChatState.ACTIVE and chat.agent_id == agent.pk:
            move = Move(chat=chat, to=ChatState.WAITING, reason=MoveReason.AGENT_LOST, actor=actor)
            requeue(move, now=now)
