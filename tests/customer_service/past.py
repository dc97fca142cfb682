"""A past of the desk told row by row: who was there when, which chats came, how they ended.

Reports and pages are about what happened, so tests write histories at moments of their choice.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from chat.enums import ConversationKind, MemberRole, MessageKind
from chat.models import Conversation, Message
from clinic.core.clock import clinic_time, now
from clinic.core.ids import uuid7
from clinic.core.roles import Role
from clinic.customer_service.enums import ChatState, How, MoveReason, Side, StatusCause
from clinic.customer_service.models import (
    Agent,
    AgentStatusChange,
    ChatMove,
    Handling,
    ServiceChat,
    Team,
)
from tests.cast import Member, make_member


def make_team(code: str = "general", **fields: Any) -> Team:
    """Store a team that is always open; "general" is the default one that is there already."""
    named = {"name_zh": "综合客服", "name_en": "General", "is_default": code == "general"}
    return Team.objects.update_or_create(code=code, defaults={**named, **fields})[0]


def make_agent(nickname: str, *teams: Team, member: Member | None = None, **fields: Any) -> Agent:
    """Store an agent, offline, with an account of his own."""
    member = member or make_member(nickname, Role.CUSTOMER_SERVICE, is_staff=True)
    agent = Agent.objects.create(user=member.user, nickname=nickname, **fields)
    agent.teams.set(teams)
    return agent


def on_duty(agent: Agent, changes: Iterable[tuple[datetime, str]]) -> None:
    """Tell when an agent changed his status; the last one is his status now."""
    before = "offline"
    for moment, after in changes:
        AgentStatusChange.objects.create(
            agent=agent, before=before, after=after, cause=StatusCause.SELF, actor="x", at=moment
        )
        before = after
    Agent.objects.filter(pk=agent.pk).update(
        status=before, heartbeat_at=None if before == "offline" else moment
    )


def seconds(amount: float) -> timedelta:
    """Return so many seconds."""
    return timedelta(seconds=amount)


def open_chat(team: Team, at: datetime, *, customer: Member | None = None) -> ServiceChat:
    """A customer comes and waits."""
    customer = customer or make_member("林小月", Role.PATIENT)
    key = uuid7()
    conversation = Conversation.objects.create(
        kind=ConversationKind.SERVICE, topic=f"service:{key}", created_at=at
    )
    conversation.members.create(user=customer.user, role=MemberRole.PATIENT, joined_at=at)
    chat = ServiceChat.objects.create(
        public_id=key,
        conversation=conversation,
        customer=customer.user,
        side=Side.PATIENT,
        team=team,
        language="zh-hans",
        state=ChatState.WAITING,
        state_since=at,
        enqueued_at=at,
        activity_at=at,
        created_at=at,
    )
    _move(chat, "", ChatState.WAITING, MoveReason.OPENED, at)
    return chat


def serve(chat: ServiceChat, agent: Agent, at: datetime, how: str = How.DISPATCHED) -> Handling:
    """An agent begins to serve the chat, after whoever served it before."""
    running = Handling.objects.filter(chat=chat, ended_at=None)
    reason = MoveReason.TRANSFERRED if running else MoveReason.DISPATCHED
    running.update(ended_at=at, ended_why=reason)
    before = chat.state
    ServiceChat.objects.filter(pk=chat.pk).update(
        state=ChatState.ACTIVE, state_since=at, agent=agent, assigned_at=at
    )
    chat.refresh_from_db()
    chat.conversation.members.update_or_create(
        user=agent.user,
        defaults={"role": MemberRole.AGENT, "joined_at": at, "left_seq": None, "left_rev": None},
    )
    _move(chat, before, ChatState.ACTIVE, reason, at)
    return Handling.objects.create(
        chat=chat, agent=agent, team=chat.team, how=how, actor="x", started_at=at
    )


def give_back(chat: ServiceChat, at: datetime) -> None:
    """The chat goes back to the queue because its agent did not answer."""
    reason = MoveReason.AGENT_SILENT
    Handling.objects.filter(chat=chat, ended_at=None).update(ended_at=at, ended_why=reason)
    ServiceChat.objects.filter(pk=chat.pk).update(
        state=ChatState.WAITING, state_since=at, agent=None, assigned_at=None
    )
    chat.refresh_from_db()
    _move(chat, ChatState.ACTIVE, ChatState.WAITING, reason, at)


def say(chat: ServiceChat, role: MemberRole, at: datetime, text: str = "您好") -> Message:
    """Somebody says something."""
    conversation = Conversation.objects.get(pk=chat.conversation_id)
    is_customer = role in {MemberRole.PATIENT, MemberRole.DOCTOR}
    sender = chat.customer if is_customer or chat.agent is None else chat.agent.user
    conversation.last_seq += 1
    conversation.last_rev += 1
    conversation.last_message_at, conversation.last_sender_role = at, role
    conversation.save()
    return Message.objects.create(
        conversation=conversation,
        seq=conversation.last_seq,
        rev=conversation.last_rev,
        sender=sender,
        role=role,
        kind=MessageKind.TEXT,
        body=text,
        client_id=uuid.uuid4().hex,
        created_at=at,
    )


def end(chat: ServiceChat, at: datetime, reason: str = MoveReason.ENDED_BY_AGENT) -> ServiceChat:
    """The chat is over."""
    Handling.objects.filter(chat=chat, ended_at=None).update(ended_at=at, ended_why=reason)
    before = chat.state
    ServiceChat.objects.filter(pk=chat.pk).update(
        state=ChatState.ENDED, state_since=at, ended_at=at, end_reason=reason
    )
    chat.refresh_from_db()
    _move(chat, before, ChatState.ENDED, reason, at)
    return chat


def served_chat(
    team: Team,
    agent: Agent,
    at: datetime,
    *,
    wait: float = 10,
    reply: float = 5,
    lasted: float = 300,
) -> ServiceChat:
    """A whole visit: opened, served after ``wait``, answered after ``reply``, ended in time."""
    chat = open_chat(team, at)
    begun = at + seconds(wait)
    serve(chat, agent, begun)
    say(chat, MemberRole.PATIENT, begun, "请问怎么退款？")
    say(chat, MemberRole.AGENT, begun + seconds(reply))
    return end(chat, begun + seconds(lasted))


def _move(chat: ServiceChat, before: str, after: str, reason: str, at: datetime) -> None:
    ChatMove.objects.create(
        chat=chat,
        before=before,
        after=after,
        reason=reason,
        actor="x",
        agent=chat.agent,
        team=chat.team,
        at=at,
    )


def two_weeks(team: Team, other: Team, agents: list[Agent]) -> ServiceChat:
    """A desk that has worked now and then for two weeks; returns the last chat."""
    midnight = clinic_time(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    chat = None
    for back in range(13, 0, -4):
        day = midnight - timedelta(days=back)
        for place, agent in enumerate(agents):
            begins = day + timedelta(hours=9 + place)
            on_duty(agent, [(begins, "online"), (begins + timedelta(hours=8), "offline")])
            for number in range(2 + (back + place) % 4):
                at = begins + timedelta(minutes=20 + 75 * number)
                wait, lasted = 8 + 9 * ((back * 7 + number) % 6), 240 + 160 * number
                chat = served_chat(
                    team if place else other, agent, at, wait=wait, reply=12, lasted=lasted
                )
        if back > 1:
            end(open_chat(team, day), day + seconds(90), MoveReason.LEFT_QUEUE)
    assert chat is not None
    return chat
