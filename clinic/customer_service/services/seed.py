"""The functions that seed 001 names, over the services of this room and of the chat."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chat.errors import WritingClosedError
from chat.services.messages import send_message
from chat.services.watermarks import mark
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.ids import uuid7
from clinic.customer_service.enums import ChatState, Face, QueuePlace
from clinic.customer_service.errors import ChatEndedError, NoTeamError, OwnMessageError
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.chats import open_chat_of
from clinic.customer_service.selectors.messages import MessageStanding, message_standing
from clinic.customer_service.selectors.queue import pace_of, standing_of
from clinic.customer_service.selectors.teams import wanted_team
from clinic.customer_service.services.opening import Opening, open_service_chat


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueStatus:
    """Where a customer stands: ``status`` is a word of ``QueuePlace``."""

    status: str
    chat: ServiceChat | None = None
    position: int | None = None
    ahead: int | None = None
    eta_seconds: int | None = None
    enqueued_at: datetime | None = None
    agents_online: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedMessage:
    """A message that is stored, and whether it was before."""

    chat: ServiceChat
    standing: MessageStanding
    is_duplicate: bool


def assign_customer_service(
    *, actor: Actor, team_public_id: UUID | None = None, language: str = "", note: str = ""
) -> Opening:
    """Return the open chat, or give the customer an agent or a place in the queue."""
    return open_service_chat(
        actor=actor, team_public_id=team_public_id, language=language, note=note
    )


def add_user_to_customer_service_queue(*, actor: Actor) -> Opening:
    """Put the customer into the queue of the default team; from there he is given out in turn."""
    return open_service_chat(actor=actor)


def get_user_queue_status(*, actor: Actor, face: Face = Face.SERVICE) -> QueueStatus:
    """Return where the customer stands with this face."""
    chat = open_chat_of(actor.account_id, face)
    if chat is None:
        return QueueStatus(status=QueuePlace.NONE, agents_online=_agents_online())
    if chat.state == ChatState.ACTIVE:
        return QueueStatus(
            status=QueuePlace.ASSIGNED,
            chat=chat,
            enqueued_at=chat.enqueued_at,
            agents_online=pace_of(chat.team_id, current_moment()).agents_online,
        )
    standing = standing_of(chat)
    return QueueStatus(
        status=QueuePlace.WAITING,
        chat=chat,
        position=standing.position,
        ahead=standing.ahead,
        eta_seconds=standing.wait_seconds,
        enqueued_at=chat.enqueued_at,
        agents_online=standing.agents_online,
    )


def save_customer_service_message(
    *, actor: Actor, chat: ServiceChat, content: str, client_msg_id: str = ""
) -> SavedMessage:
    """Store a text of a member of the chat; the same client id again returns the stored one.

    Raises ChatEndedError, and what the chat room's ``send_message`` raises.
    """
    if chat.state == ChatState.ENDED:
        raise ChatEndedError
    try:
        stored = send_message(
            actor=actor,
            conversation_public_id=chat.conversation.public_id,
            client_id=client_msg_id or uuid7().hex,
            kind="text",
            body=content,
        )
    except WritingClosedError:  # it ended a moment ago
        raise ChatEndedError from None
    standing = message_standing(chat, stored.public_id)
    return SavedMessage(chat=chat, standing=standing, is_duplicate=stored.is_duplicate)


def mark_customer_service_message_delivered(
    *, actor: Actor, chat: ServiceChat, message_public_id: UUID
) -> MessageStanding:
    """Note that a message and all before it have reached the actor's device.

    Raises NotFoundError, OwnMessageError.
    """
    seq = _foreign_seq(actor, chat, message_public_id)
    mark(actor=actor, conversation_public_id=chat.conversation.public_id, delivered=seq)
    return message_standing(chat, message_public_id)


def mark_customer_service_message_read(
    *, actor: Actor, chat: ServiceChat, message_public_id: UUID
) -> MessageStanding:
    """Note that the actor has read a message and all before it; it never moves back.

    Raises NotFoundError, OwnMessageError.
    """
    seq = _foreign_seq(actor, chat, message_public_id)
    mark(actor=actor, conversation_public_id=chat.conversation.public_id, read=seq)
    return message_standing(chat, message_public_id)


def _foreign_seq(actor: Actor, chat: ServiceChat, message_public_id: UUID) -> int:
    standing = message_standing(chat, message_public_id)
    if standing.sender_id == actor.user_id:
        raise OwnMessageError
    return standing.seq


def _agents_online() -> int:
    try:
        team = wanted_team(None)
    except NoTeamError:
        return 0
    return pace_of(team.pk, current_moment()).agents_online
