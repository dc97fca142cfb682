"""Internal notes: numbered apart, so that the customer sees no gap, and shown to agents alone."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.core.errors import InvalidInputError
from clinic.customer_service.models import Agent, Note, ServiceChat
from clinic.customer_service.selectors.chats import SUBJECT_KIND
from clinic.customer_service.selectors.colleagues import people_around
from clinic.customer_service.selectors.notes import note_values
from clinic.customer_service.selectors.seats import agents_who_see
from clinic.customer_service.services.state import locked
from clinic.customer_service.services.watching import chats_changed
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify_each
from clinic.realtime.push import push_on_commit


def add_note(chat_id: int, *, author: Agent, body: str, mentions: Collection[UUID] = ()) -> Note:
    """Append a note to a chat, ended or not, and tell the colleagues it mentions.

    Only colleagues who may open the chat can be mentioned. Locks the chat. Raises NotFoundError,
    InvalidInputError.
    """
    with transaction.atomic():
        chat = locked(chat_id)
        return write_note(chat, author=author, body=body, mentions=_mentioned(chat, mentions))


def write_note(
    chat: ServiceChat, *, author: Agent, body: str, mentions: Sequence[Agent] = ()
) -> Note:
    """Append a note to a locked chat; ``mentions`` are agents with their accounts."""
    chat.last_note += 1
    chat.save(update_fields=["last_note"])
    note = Note.objects.create(
        chat=chat,
        number=chat.last_note,
        author=author,
        body=body,
        mentions=[agent.pk for agent in mentions],
    )
    _show(note, chat, mentions)
    _notify(chat, [agent for agent in mentions if agent.pk != author.pk])
    chats_changed([chat.pk])
    return note


def _mentioned(chat: ServiceChat, mentions: Collection[UUID]) -> list[Agent]:
    wanted = set(mentions)
    if not wanted:
        return []
    found = [agent for agent in agents_who_see(chat) if agent.public_id in wanted]
    if len(found) != len(wanted):
        detail = _("One of these colleagues does not work at the desk or cannot open this chat.")
        raise InvalidInputError("mentions", detail, code="unknown")
    return found


def _show(note: Note, chat: ServiceChat, mentions: Sequence[Agent]) -> None:
    names = {agent.pk: {"id": agent.public_id, "name": agent.nickname} for agent in mentions}
    frame = {"t": "desk_note", "chat": chat.public_id, "note": note_values(note, names)}
    push_on_commit(people_around(chat), frame)


def _notify(chat: ServiceChat, agents: Sequence[Agent]) -> None:
    news = [
        News(user_id=agent.user_id, public_id=agent.user.public_id, kind=NoticeKind.DESK_MENTIONED)
        for agent in agents
    ]
    if news:
        notify_each(news, subject_kind=SUBJECT_KIND, subject_public_id=chat.public_id)
