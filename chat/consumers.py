"""What the chat adds to the socket."""

import time
from typing import Any
from uuid import UUID

from django.utils.translation import override

from chat.enums import ConversationKind, MemberRole, MessageKind, Writing
from chat.errors import ClientIdConflictError, WritingClosedError, WritingLimitError
from chat.selectors.feed import ChatFeed, hexes_of_others, read_pages, sync_frame
from chat.services.drafts import Draft, StoredMessage, check_content
from chat.services.messages import Outcome, send_messages
from chat.services.watermarks import Mark, Watermarks, move_watermarks
from clinic.core import ratelimit
from clinic.core.errors import ClinicError, InvalidInputError, NotFoundError, RateLimitedError
from clinic.realtime.batching import Batcher
from clinic.realtime.feeds import use_feed
from clinic.realtime.fields import MOMENT, Anything, Choice, Flag, Id, Number, Schema, Text
from clinic.realtime.frames import Push, encode
from clinic.realtime.push import push_now
from clinic.realtime.registry import declare_frame, socket_command
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread
from clinic.settings import rules

CONV = Id(about="The conversation.")
SEQ = Number(about="Number of a message in its conversation, from 1 without a gap.")
_sends: Batcher[Draft, Outcome] = Batcher(send_messages)
_marks: Batcher[Mark, Watermarks | None] = Batcher(move_watermarks)


@socket_command(
    "send",
    schema={
        "conv": CONV,
        "cid": Text(max_chars=64, about="Your own id of the message: a resend is harmless."),
        "kind": Choice(words=("text", "image", "link"), is_optional=True, default="text"),
        "body": Text(
            max_chars=rules.SOCKET_FRAME_MAX_BYTES,
            min_chars=0,
            about=f"Text up to {rules.MESSAGE_MAX_CHARS} characters, or an https address.",
        ),
        "extra": Anything(like={"type": "object"}, is_optional=True, about="Small, kept as it is."),
    },
    resource="conversation",
    verb="send",
    errors=(
        *(NotFoundError, InvalidInputError, WritingClosedError, WritingLimitError),
        *(ClientIdConflictError, RateLimitedError),
    ),
)
async def send(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    """Send a message; the answer comes when it is safe in the database."""
    check_content(kind=values["kind"], body=values["body"], extra=values["extra"])
    draft = Draft(
        user_id=socket.user_id,
        user_public_id=UUID(socket.user),
        conversation_public_id=values["conv"],
        client_id=values["cid"],
        kind=values["kind"],
        body=values["body"],
        extra=values["extra"],
        socket=socket.id,
    )
    outcome = await _sends.submit(draft)
    if isinstance(outcome, ClinicError):
        raise outcome
    return _stored(outcome)


def _stored(message: StoredMessage) -> dict[str, Any]:
    return {
        "conv": message.conversation_public_id,
        "cid": message.client_id,
        "seq": message.seq,
        "message_id": message.public_id,
        "sent_at": message.sent_at,
        "duplicate": message.is_duplicate,
    }


@socket_command(
    "ack",
    schema={"conv": CONV, "seq": SEQ},
    resource="conversation",
    verb="mark",
    errors=(NotFoundError,),
)
async def ack(socket: Socket, values: dict[str, Any]) -> None:
    """Say up to which number messages have reached this device."""
    await _mark(socket, values["conv"], delivered=values["seq"])


@socket_command(
    "read",
    schema={"conv": CONV, "seq": SEQ},
    resource="conversation",
    verb="mark",
    errors=(NotFoundError,),
)
async def read(socket: Socket, values: dict[str, Any]) -> None:
    """Say up to which number the person has read."""
    await _mark(socket, values["conv"], read=values["seq"])


async def _mark(socket: Socket, conv: UUID, *, delivered: int = 0, read: int = 0) -> None:
    mark = Mark(socket.user_id, UUID(socket.user), conv, delivered, read)
    if await _marks.submit(mark) is None:
        raise NotFoundError


@socket_command(
    "typing",
    schema={"conv": CONV, "on": Flag(is_optional=True, default=True)},
    resource="conversation",
    verb="send",
    errors=(NotFoundError,),
)
async def typing(socket: Socket, values: dict[str, Any]) -> None:
    """Show the others that you are writing; more than one in two seconds is left out."""
    key, moment = values["conv"].hex, time.monotonic()
    if values["on"] and moment - socket.typed_at.get(key, 0) < rules.TYPING_EVERY.total_seconds():
        return
    others = await in_thread(hexes_of_others, values["conv"], socket.user_id)
    if others is None:
        raise NotFoundError
    socket.typed_at[key] = moment
    frame = {"t": "typing", "conv": values["conv"], "user": UUID(socket.user), "on": values["on"]}
    push_now([Push(tuple(others), {"": encode(frame)})])


@socket_command(
    "sync",
    schema={
        "conv": CONV,
        "after": Number(about="The last number you have.", is_optional=True, default=0),
        "limit": Number(
            minimum=1, maximum=rules.SYNC_LIMIT, is_optional=True, default=rules.SYNC_LIMIT
        ),
    },
    resource="conversation",
    verb="read",
    answer="sync",
    errors=(NotFoundError, RateLimitedError),
)
async def sync(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    """Get the messages after a number, oldest first; `more` says whether to ask again."""
    return await in_thread(_sync, socket, values)


def _sync(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    ratelimit.limit("chat.sync", socket.user, rules.SYNC_RATE)
    want = (socket.user_id, values["conv"].hex, values["after"], values["limit"])
    page = read_pages([want])[0]
    if page is None:
        raise NotFoundError
    with override(socket.language):
        return sync_frame(page)


@socket_command(
    "sub",
    schema={"conv": CONV},
    resource="conversation",
    verb="read",
    errors=(NotFoundError,),
)
async def sub(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    """Follow a conversation again; the 200 latest of your own are followed from the start."""
    key = values["conv"].hex
    page = (await in_thread(read_pages, [(socket.user_id, key, None, 1)]))[0]
    if page is None:
        raise NotFoundError
    socket.muted.discard(key)
    socket.positions[key] = page["last_seq"]
    return {"conv": values["conv"], "last_seq": page["last_seq"]}


@socket_command("unsub", schema={"conv": CONV}, resource="conversation", verb="read")
async def unsub(socket: Socket, values: dict[str, Any]) -> None:
    """Get no more messages of a conversation on this socket."""
    key = values["conv"].hex
    if key in socket.positions:
        socket.muted.add(key)


use_feed(ChatFeed())

WORDS = {"type": ["object", "null"]}
MESSAGE: Schema = {
    "seq": SEQ,
    "message_id": Id(),
    "sender": Anything(like={"type": ["string", "null"]}, about="Account; null for the system."),
    "role": Choice(words=("", *MemberRole.values)),
    "kind": Choice(words=tuple(MessageKind.values)),
    "body": Text(max_chars=rules.MESSAGE_MAX_CHARS, about="Text or https address."),
    "extra": Anything(like=WORDS),
    "cid": Text(max_chars=64, min_chars=0, about="The sender's own id."),
    "code": Text(max_chars=40, min_chars=0, about="What a system message says; branch on it."),
    "params": Anything(like=WORDS, about="What the sentence of a system message names."),
    "sent_at": MOMENT,
}
declare_frame("msg", "A new message, in the order of its numbers.", {"conv": CONV, **MESSAGE})
declare_frame(
    "sync",
    "Messages you missed, oldest first; also the answer to `sync`.",
    {
        "conv": CONV,
        "messages": Anything(
            like={
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {name: field.document() for name, field in MESSAGE.items()},
                },
            }
        ),
        "last_seq": SEQ,
        "more": Flag(about="Ask again after the last number you got."),
        "id": Anything(like={"type": ["string", "integer"]}, is_optional=True),
    },
)
declare_frame(
    "receipt",
    "How far a member has received and read.",
    {"conv": CONV, "user": Id(), "delivered": SEQ, "read": SEQ},
)
declare_frame(
    "typing",
    "A member is writing; forget it after 6 seconds.",
    {"conv": CONV, "user": Id(), "on": Flag()},
)
declare_frame(
    "conversation",
    "A conversation was opened, or its members or its state of writing changed.",
    {
        "conv": CONV,
        "kind": Choice(words=tuple(ConversationKind.values)),
        "topic": Text(max_chars=100),
        "writing": Choice(words=tuple(Writing.values)),
        "last_seq": SEQ,
    },
)
