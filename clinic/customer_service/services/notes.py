"""Internal notes: numbered apart, so that the customer sees no gap."""

from collections.abc import Sequence

from clinic.customer_service.models import Agent, Note, ServiceChat
from clinic.customer_service.services.watching import chats_changed


def write_note(
    chat: ServiceChat, *, author: Agent, body: str, mentions: Sequence[int] = ()
) -> Note:
    """Append a note to a locked chat, ended or not; ``mentions`` are keys of agents."""
    chat.last_note += 1
    chat.save(update_fields=["last_note"])
    note = Note.objects.create(
        chat=chat, number=chat.last_note, author=author, body=body, mentions=list(mentions)
    )
    chats_changed([chat.pk])
    return note
