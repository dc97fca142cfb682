"""Reads of single messages of a service chat and how far they got (seed 001)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from clinic.core.errors import NotFoundError
from clinic.customer_service.enums import MessageStep
from clinic.customer_service.models import ServiceChat

# Members of the writer's own side do not count: colleagues read along.
FAR: Final = """
SELECT m.public_id, m.seq, m.sender_id, m.client_id, m.created_at,
  coalesce(max(o.delivered_seq), 0) >= m.seq, coalesce(max(o.read_seq), 0) >= m.seq
FROM chat_message m
LEFT JOIN chat_member o ON o.conversation_id = m.conversation_id
  AND (o.role IN ('agent', 'assistant')) <> (m.role IN ('agent', 'assistant'))
WHERE m.conversation_id = %(conversation_id)s AND m.public_id = %(message_id)s
  AND m.kind <> 'system'
GROUP BY m.id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageStanding:
    """A stored message and how far it got on the way sending, sent, delivered, read."""

    public_id: UUID
    seq: int
    sender_id: int
    client_id: str
    sent_at: datetime
    is_delivered: bool
    is_read: bool

    @property
    def status(self) -> str:
        """The last step it has reached."""
        if self.is_read:
            return MessageStep.READ
        return MessageStep.DELIVERED if self.is_delivered else MessageStep.SENT

    @property
    def steps(self) -> dict[str, bool]:
        """Each step of the way and whether it was reached; a stored message was sent."""
        return {
            MessageStep.SENDING: True,
            MessageStep.SENT: True,
            MessageStep.DELIVERED: self.is_delivered or self.is_read,
            MessageStep.READ: self.is_read,
        }


def message_standing(chat: ServiceChat, message_public_id: UUID) -> MessageStanding:
    """Return one message of the chat and how far it got. Raises NotFoundError."""
    values: dict[str, Any] = {
        "conversation_id": chat.conversation_id,
        "message_id": message_public_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(FAR, values)
        row = cursor.fetchone()
    if row is None:
        raise NotFoundError
    public_id, seq, sender_id, client_id, sent_at, is_delivered, is_read = row
    return MessageStanding(
        public_id=public_id,
        seq=seq,
        sender_id=sender_id,
        client_id=client_id,
        sent_at=sent_at,
        is_delivered=is_delivered,
        is_read=is_read,
    )
