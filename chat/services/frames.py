"""Messages as sockets and senders are told of them."""

from typing import Any
from uuid import UUID

from chat import rules
from chat.models import Message
from chat.services.drafts import ChangedMessage, StoredMessage

Frame = dict[str, Any]


def system_frame(conv: UUID, message: Message) -> Frame:
    """Return the frame of a system message; its body is lazy."""
    return {
        "t": "msg",
        "conv": conv,
        "seq": message.seq,
        "rev": message.rev,
        "message_id": message.public_id,
        "sender": None,
        "role": "",
        "kind": message.kind,
        "body": rules.lazy_system_text(message.code, message.params),
        "extra": None,
        "cid": "",
        "code": message.code,
        "params": message.params,
        "sent_at": message.created_at,
        "edited_at": None,
        "recalled_at": None,
    }


def message_frame(message: StoredMessage) -> Frame:
    """Return the frame of a message somebody sent."""
    return {
        "t": "msg",
        "conv": message.conversation_public_id,
        "seq": message.seq,
        "rev": message.rev,
        "message_id": message.public_id,
        "sender": rules.face_of(message.role, message.sender_public_id),
        "role": message.role,
        "kind": message.kind,
        "body": message.body,
        "extra": message.extra,
        "cid": message.client_id,
        "code": "",
        "params": None,
        "sent_at": message.sent_at,
        "edited_at": None,
        "recalled_at": None,
    }


def changed_frame(message: Message) -> Frame:
    """Return the frame of an edited or recalled message."""
    return {
        "t": "upd",
        "conv": message.conversation.public_id,
        "seq": message.seq,
        "rev": message.rev,
        "message_id": message.public_id,
        "sender": _sender(message),
        "role": message.role,
        "kind": message.kind,
        "body": message.body,
        "extra": message.extra,
        "cid": message.client_id,
        "code": message.code,
        "params": message.params,
        "sent_at": message.created_at,
        "edited_at": message.edited_at,
        "recalled_at": message.recalled_at,
    }


def _sender(message: Message) -> UUID | None:
    return rules.face_of(message.role, message.sender.public_id if message.sender else None)


def stored_of(message: StoredMessage) -> Frame:
    """Return the answer to who sent a message."""
    return {
        "conv": message.conversation_public_id,
        "cid": message.client_id,
        "seq": message.seq,
        "rev": message.rev,
        "message_id": message.public_id,
        "sent_at": message.sent_at,
        "duplicate": message.is_duplicate,
    }


def changed_of(message: ChangedMessage) -> Frame:
    """Return the answer to who edited or recalled a message."""
    return {
        "conv": message.conversation_public_id,
        "message_id": message.public_id,
        "seq": message.seq,
        "rev": message.rev,
        "edited_at": message.edited_at,
        "recalled_at": message.recalled_at,
    }
