"""Telling people at both ends of a chat: frames, system messages, who sits in the conversation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chat.enums import ConversationKind, MemberRole
from chat.models import Conversation
from chat.services.conversations import (
    Greeting,
    MemberSpec,
    close_writing,
    open_conversation,
    remove_member,
)
from chat.services.joining import Join, join_conversations
from chat.services.messages import post_system_message
from clinic.customer_service.enums import AlarmKind, ChatState, Face, MoveReason
from clinic.customer_service.models import Agent, ServiceChat
from clinic.customer_service.rules import clock_text
from clinic.customer_service.selectors.desk import watcher_public_ids
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify_each
from clinic.realtime.push import push_on_commit

KINDS = {Face.SERVICE: ConversationKind.SERVICE, Face.ASSISTANT: ConversationKind.ASSISTANT}
SUBJECT_KIND = "service_chat"
SEATS = {Face.SERVICE: MemberRole.AGENT, Face.ASSISTANT: MemberRole.ASSISTANT}


def topic_of(chat_public_id: UUID) -> str:
    """Return the topic of a service chat's conversation."""
    return f"service:{chat_public_id}"


def open_talk(*, topic: str, face: str, customer: MemberSpec) -> Conversation:
    """Make the conversation of a new chat, with the customer in it and a word of welcome."""
    return open_conversation(
        kind=KINDS[Face(face)],
        topic=topic,
        members=[customer],
        greeting=Greeting("service_opened", {}),
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """An agent comes to a chat; ``customer`` is the public id of its customer's account."""

    chat: ServiceChat
    agent: Agent
    customer: UUID


def bring_in(arrivals: Sequence[Arrival], *, reason: str = "assigned") -> None:
    """Seat the agents in their conversations, say so, and show the customers who serves them."""
    join_conversations([_join(one.chat, one.agent) for one in arrivals])
    for one in arrivals:
        push_service(one.chat, one.customer, reason=reason, agent=one.agent)


def _join(chat: ServiceChat, agent: Agent) -> Join:
    is_agent = chat.face == Face.SERVICE
    named = Greeting("agent_joined", {"agent": agent.nickname})
    return Join(
        topic_of(chat.public_id),
        MemberSpec(agent.user_id, SEATS[Face(chat.face)], agent.nickname if is_agent else ""),
        named if is_agent else Greeting("assistant_joined", {}),
    )


def part(chat: ServiceChat, agent: Agent) -> None:
    """Let the agent who gave the chat away read no further, and say that a colleague goes on."""
    topic = topic_of(chat.public_id)
    remove_member(topic, agent.user_id)
    post_system_message(topic=topic, code="agent_changed", params={})


def push_service(
    chat: ServiceChat, customer_public_id: UUID, *, reason: str, agent: Agent | None = None
) -> None:
    """Show the customer where his chat stands; the assistant's agents stay behind its face."""
    is_named = agent is not None and chat.face == Face.SERVICE
    frame = {
        "t": "service",
        "chat": chat.public_id,
        "state": chat.state,
        "agent": {"name": agent.nickname} if agent is not None and is_named else None,
        "team": chat.team.public_id,
        "reason": reason,
        "at": chat.state_since,
    }
    push_on_commit([customer_public_id], frame)


def warn(chat: ServiceChat, *, ends_at: datetime) -> None:
    """Warn the customer that his silence will end the chat, and when."""
    topic = topic_of(chat.public_id)
    post_system_message(
        topic=topic, code="chat_idle_warning", params={"ends_at": clock_text(ends_at)}
    )
    frame = {
        "t": "idle_warn",
        "chat": chat.public_id,
        "conv": chat.conversation.public_id,
        "ends_at": ends_at,
    }
    push_on_commit([chat.customer.public_id], frame)


def close_talk(chat: ServiceChat, *, can_rate: bool, says: str = "") -> None:
    """Say that the chat is over, let nobody write any more, and invite to rate."""
    topic = topic_of(chat.public_id)
    post_system_message(topic=topic, code=says or _ending(chat.end_reason), params={})
    close_writing(topic)
    frame = {
        "t": "ended",
        "chat": chat.public_id,
        "conv": chat.conversation.public_id,
        "reason": chat.end_reason,
        "can_rate": can_rate,
    }
    push_on_commit(_people(chat), frame)


def push_queue(customer_public_id: UUID, *, chat: UUID, position: int, wait: int | None) -> None:
    """Show a waiting customer his place."""
    frame = {
        "t": "queue",
        "chat": chat,
        "position": position,
        "ahead": position - 1,
        "eta_s": wait,
    }
    push_on_commit([customer_public_id], frame)


def alarm(chat: ServiceChat, kind: AlarmKind) -> None:
    """Alarm the agent of the chat, his team's supervisors, and the team while nobody serves it."""
    people = set(watcher_public_ids(chat.team_id, is_for_all=chat.state == ChatState.WAITING))
    if chat.state == ChatState.ACTIVE and chat.agent is not None:
        people.add(chat.agent.user.public_id)
    frame: dict[str, Any] = {"t": "desk_alarm", "chat": chat.public_id, "kind": kind}
    push_on_commit(sorted(people), frame)


def leave_notice(chat: ServiceChat, customer_public_id: UUID, kind: NoticeKind) -> None:
    """Leave the customer a notice: he may be elsewhere by now."""
    news = News(user_id=chat.customer_id, public_id=customer_public_id, kind=kind)
    notify_each([news], subject_kind=SUBJECT_KIND, subject_public_id=chat.public_id)


def _ending(reason: str) -> str:
    return {
        MoveReason.IDLE: "chat_ended_idle",
        MoveReason.LEFT_QUEUE: "chat_left_queue",
        MoveReason.CLOSED_FOR_THE_DAY: "chat_ended_closed",
        MoveReason.ENDED_BY_CUSTOMER: "chat_ended_by_customer",
    }.get(MoveReason(reason), "chat_ended")


def _people(chat: ServiceChat) -> Iterable[UUID]:
    people = [chat.customer.public_id]
    if chat.agent is not None:
        people.append(chat.agent.user.public_id)
    return people
