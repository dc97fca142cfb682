"""A customer asks for somebody: the open chat, an agent at once, a place in the queue, or hours."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from chat.enums import MemberRole
from chat.services.conversations import MemberSpec
from chat.services.messages import send_message
from clinic.accounts.selectors import account_of
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.ids import uuid7
from clinic.core.roles import Role
from clinic.customer_service.enums import Asked, ChatState, Face, How, Side
from clinic.customer_service.models import Agent, ServiceChat, Team
from clinic.customer_service.rules import is_open, next_opening
from clinic.customer_service.selectors.chats import open_chat_of, with_people
from clinic.customer_service.selectors.queue import Standing, standing_of
from clinic.customer_service.selectors.teams import hours_of, wanted_team
from clinic.customer_service.services import telling
from clinic.customer_service.services.dispatch import serve_now
from clinic.customer_service.services.limits import count_asking
from clinic.customer_service.services.sla import start_timers
from clinic.customer_service.services.state import lock_customer, lock_team, note_opening

SEATS = {Side.PATIENT: MemberRole.PATIENT, Side.DOCTOR: MemberRole.DOCTOR}


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What came of asking: ``status`` is a word of ``Asked``.

    ``chat`` is None when closed, ``standing`` is given while waiting, ``next_open_at`` when closed.
    """

    status: str
    chat: ServiceChat | None
    standing: Standing | None
    is_new: bool
    next_open_at: datetime | None = None


def open_service_chat(
    *,
    actor: Actor,
    team_public_id: UUID | None = None,
    face: Face = Face.SERVICE,
    language: str = "",
    note: str = "",
) -> Opening:
    """Return the customer's open chat, or open one and give it to the best free agent in turn.

    Safe to call twice at once. ``note`` becomes the first message of a new chat. When the team is
    closed nothing is stored and its next opening is told. Raises NotFoundError, NoTeamError,
    RateLimitedError.
    """
    count_asking(actor)
    found = open_chat_of(actor.account_id, face)
    if found is not None:
        return opening_of(found, is_new=False)
    team, now = wanted_team(team_public_id), current_moment()
    hours = hours_of([team.pk], now)[team.pk]
    if not is_open(hours, now):
        later = next_opening(hours, now)
        return Opening(
            status=Asked.CLOSED, chat=None, standing=None, is_new=False, next_open_at=later
        )
    wanted = _Wanted(team=team, face=face, language=language, note=note)
    return _opened(actor, wanted, now)


def opening_of(chat: ServiceChat, *, is_new: bool) -> Opening:
    """Return where an open chat stands, for its customer."""
    standing = standing_of(chat) if chat.state == ChatState.WAITING else None
    return Opening(status=chat.state, chat=chat, standing=standing, is_new=is_new)


def side_of(actor: Actor) -> Side:
    """Return as which of his roles somebody writes; who is a patient too writes as a patient."""
    is_doctor = actor.has_role(Role.DOCTOR) and not actor.has_role(Role.PATIENT)
    return Side.DOCTOR if is_doctor else Side.PATIENT


def insert_chat(
    *,
    customer_id: int,
    side: str,
    face: str,
    team: Team,
    language: str,
    now: datetime,
    actor: str,
    agent: Agent | None = None,
    how: How | None = None,
) -> ServiceChat:
    """Store a new chat with its conversation, first move and promises, inside a transaction.

    It waits, or is active with an agent whose place was checked under his lock.
    """
    public_id = uuid7()
    conversation = telling.open_talk(
        topic=telling.topic_of(public_id),
        face=face,
        customer=MemberSpec(customer_id, SEATS[Side(side)]),
    )
    chat = ServiceChat.objects.create(
        public_id=public_id,
        conversation=conversation,
        customer_id=customer_id,
        side=side,
        face=face,
        team=team,
        language=language,
        state=ChatState.ACTIVE if agent else ChatState.WAITING,
        state_since=now,
        enqueued_at=now,
        activity_at=now,
        created_at=now,
        agent=agent,
        assigned_at=now if agent else None,
    )
    note_opening(chat, how=how, actor=actor, now=now)
    start_timers(chat, team, now=now)
    return chat


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """What the customer asks for."""

    team: Team
    face: Face
    language: str
    note: str


def _opened(actor: Actor, wanted: _Wanted, now: datetime) -> Opening:
    account, team = account_of(actor), wanted.team
    with transaction.atomic():
        lock_customer(account.pk)
        found = open_chat_of(account.pk, wanted.face)
        if found is not None:
            return opening_of(found, is_new=False)
        lock_team(team.pk)
        chat = insert_chat(
            customer_id=account.pk,
            side=side_of(actor),
            face=wanted.face,
            team=team,
            language=wanted.language or account.language,
            now=now,
            actor=actor.label,
        )
        if wanted.note:
            send_message(
                actor=actor,
                conversation_public_id=chat.conversation.public_id,
                client_id="opening",
                kind="text",
                body=wanted.note,
            )
        serve_now(team.pk)
    return opening_of(with_people(chat.pk), is_new=True)
