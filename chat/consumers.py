"""What the chat adds to the socket."""

import time
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import override

from chat.documents import BODY, CONV, MESSAGE_ID, SEQ, WRITABLE
from chat.enums import Activity
from chat.errors import (
    ClientIdConflictError,
    ColleagueWroteError,
    EditTooLateError,
    NotEditableError,
    NotTheSenderError,
    RecallTooLateError,
    WritingClosedError,
    WritingLimitError,
)
from chat.rules import face_of
from chat.selectors.feed import ChatFeed, Question, read_pages, sync_frame
from chat.selectors.members import Seat, seat_of
from chat.services.activity import Note, report
from chat.services.changes import edit_message, limit_changes, recall_message
from chat.services.drafts import Draft, check_content
from chat.services.frames import changed_of, stored_of
from chat.services.messages import Outcome, send_messages
from chat.services.watermarks import Mark, Watermarks, move_watermarks
from clinic.core import ratelimit
from clinic.core.clock import now
from clinic.core.errors import ClinicError, InvalidInputError, NotFoundError, RateLimitedError
from clinic.files.errors import AttachmentUsedError, FileMissingError
from clinic.realtime.batching import Batcher
from clinic.realtime.feeds import use_feed
from clinic.realtime.fields import Anything, Choice, Flag, Id, Number, Text
from clinic.realtime.frames import Push, encode
from clinic.realtime.push import push_now
from clinic.realtime.registry import socket_command
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread
from clinic.settings import rules

_sends: Batcher[Draft, Outcome] = Batcher(send_messages)
_marks: Batcher[Mark, Watermarks | None] = Batcher(move_watermarks)


@socket_command(
    "send",
    schema={
        "conv": CONV,
        "cid": Text(max_chars=64, about="Your own id of the message: a resend is harmless."),
        "kind": Choice(words=WRITABLE, is_optional=True, default="text"),
        "body": replace(BODY, is_optional=True, default=""),
        "extra": Anything(
            like={"type": "object"},
            is_optional=True,
            about="Small, kept as it is; of a card: card, id, title, and what else it shows.",
        ),
        "attachment": Id(
            is_optional=True, about="An uploaded file, for image, voice and file; without a body."
        ),
        "seen": Number(
            is_optional=True,
            about="Number of the last message you have seen: with it, the message is refused when "
            "a colleague of your role wrote after it.",
        ),
    },
    resource="conversation",
    verb="send",
    errors=(
        *(NotFoundError, InvalidInputError, WritingClosedError, WritingLimitError),
        *(ColleagueWroteError, ClientIdConflictError, RateLimitedError),
        *(FileMissingError, AttachmentUsedError),
    ),
)
async def send(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    """Send a message; the answer comes when it is safe in the database."""
    told = {name: values[name] for name in ("kind", "body", "extra", "attachment")}
    check_content(**told)
    draft = Draft(
        user_id=socket.user_id,
        user_public_id=UUID(socket.user),
        conversation_public_id=values["conv"],
        client_id=values["cid"],
        socket=socket.id,
        seen=values["seen"],
        **told,
    )
    outcome = await _sends.submit(draft)
    if isinstance(outcome, ClinicError):
        raise outcome
    return stored_of(outcome)


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
    seat = await in_thread(_note_typing, values["conv"], socket.user_id, values["on"])
    if seat is None:
        raise NotFoundError
    if values["on"]:
        socket.typed_at[key] = moment
    user = face_of(seat.role, UUID(socket.user))
    frame = {"t": "typing", "conv": values["conv"], "user": user, "on": values["on"]}
    push_now([Push(seat.others, {"": encode(frame)})])


def _note_typing(conv: UUID, user_id: int, is_on: bool) -> Seat | None:
    seat = seat_of(conv, user_id)
    if seat is not None and is_on:
        note = Note(
            *(seat.talk, seat.conversation_id, seat.topic, user_id, seat.role),
            *(Activity.TYPING, now()),
        )
        report([note])
    return seat


@socket_command(
    "edit",
    schema={"conv": CONV, "message_id": MESSAGE_ID, "body": BODY},
    resource="conversation",
    verb="change",
    errors=(
        *(NotFoundError, InvalidInputError, NotTheSenderError, NotEditableError),
        *(WritingClosedError, EditTooLateError, RateLimitedError),
    ),
)
async def edit(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    """Give a message of yours another text, within 15 minutes; the others get `upd`."""
    return await in_thread(_edit, socket, values)


def _edit(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    limit_changes(socket.actor)
    changed = edit_message(
        actor=socket.actor,
        conversation_public_id=values["conv"],
        message_public_id=values["message_id"],
        body=values["body"],
        socket=socket.id,
    )
    return changed_of(changed)


@socket_command(
    "recall",
    schema={"conv": CONV, "message_id": MESSAGE_ID},
    resource="conversation",
    verb="change",
    errors=(
        *(NotFoundError, NotTheSenderError, WritingClosedError, RecallTooLateError),
        RateLimitedError,
    ),
)
async def recall(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    """Take a message of yours back, within two minutes; the others get `upd` without a body."""
    return await in_thread(_recall, socket, values)


def _recall(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    limit_changes(socket.actor)
    changed = recall_message(
        actor=socket.actor,
        conversation_public_id=values["conv"],
        message_public_id=values["message_id"],
        socket=socket.id,
    )
    return changed_of(changed)


@socket_command(
    "sync",
    schema={
        "conv": CONV,
        "after": Number(about="The last revision you have.", is_optional=True, default=0),
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
    """Get what changed after a revision, oldest first; `more` says whether to ask again."""
    return await in_thread(_sync, socket, values)


def _sync(socket: Socket, values: dict[str, Any]) -> dict[str, Any]:
    ratelimit.limit("chat.sync", socket.user, rules.SYNC_RATE)
    asked = Question(socket.user_id, values["conv"].hex, values["after"], values["limit"])
    page = read_pages([asked])[0]
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
    page = (await in_thread(read_pages, [Question(socket.user_id, key, None, 1)]))[0]
    if page is None:
        raise NotFoundError
    socket.muted.discard(key)
    socket.positions[key] = page["last_rev"]
    return {name: page[name] for name in ("conv", "last_seq", "last_rev")}


@socket_command("unsub", schema={"conv": CONV}, resource="conversation", verb="read")
async def unsub(socket: Socket, values: dict[str, Any]) -> None:
    """Get no more messages of a conversation on this socket."""
    key = values["conv"].hex
    if key in socket.positions:
        socket.muted.add(key)


use_feed(ChatFeed())
