"""How far each member has received and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import transaction

from chat import rules
from chat.enums import Activity
from chat.models import Message
from chat.services.activity import Note, report_on_commit
from chat.services.statements import LOCK_CONVERSATIONS, MOVE_WATERMARKS
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.core.statements import Write, last_rows_of
from clinic.realtime.frames import Push, encode
from clinic.realtime.push import push_now


@dataclass(frozen=True, slots=True)
class Mark:
    """A member says: delivered up to, read up to. A zero leaves that watermark alone."""

    user_id: int
    user_public_id: UUID
    conversation_public_id: UUID
    delivered: int = 0
    read: int = 0


@dataclass(frozen=True, slots=True)
class Watermarks:
    """Where a member stands now."""

    delivered: int
    read: int


class _Row(NamedTuple):
    n: int
    delivered: int
    read: int
    has_moved: bool
    users: list[str] | None
    conversation_id: int
    topic: str
    talk: str
    role: str
    shown_delivered: int | None
    shown_read: int | None


def mark(
    *, actor: Actor, conversation_public_id: UUID, delivered: int = 0, read: int = 0
) -> Watermarks:
    """Move the actor's watermarks forward, never back and never past the last message.

    Reading implies delivery. Raises NotFoundError for who never was a member.
    """
    if actor.user_id is None or actor.public_id is None:
        raise NotFoundError
    wanted = Mark(actor.user_id, actor.public_id, conversation_public_id, delivered, read)
    (outcome,) = move_watermarks([wanted])
    if outcome is None:
        raise NotFoundError
    return outcome


def mark_delivered(*, actor: Actor, message_public_id: UUID) -> Watermarks:
    """Note that everything up to a message has reached the actor. Raises NotFoundError."""
    conversation, seq = _place(message_public_id)
    return mark(actor=actor, conversation_public_id=conversation, delivered=seq)


def mark_read(*, actor: Actor, message_public_id: UUID) -> Watermarks:
    """Note that the actor has read everything up to a message. Raises NotFoundError."""
    conversation, seq = _place(message_public_id)
    return mark(actor=actor, conversation_public_id=conversation, read=seq)


def _place(message_public_id: UUID) -> tuple[UUID, int]:
    rows = Message.objects.filter(public_id=message_public_id)
    found = rows.values_list("conversation__public_id", "seq").first()
    if found is None:
        raise NotFoundError
    return found


def move_watermarks(batch: Sequence[Mark]) -> list[Watermarks | None]:
    """Move many watermarks in one statement; None stands where somebody is no member."""
    marks = [
        {
            "n": n,
            "conv": mark.conversation_public_id,
            "user_id": mark.user_id,
            "delivered": mark.delivered,
            "read": mark.read,
        }
        for n, mark in enumerate(batch)
    ]
    moment = now()
    threads = list({mark.conversation_public_id for mark in batch})
    values = (orjson.dumps(marks).decode(), moment)
    with transaction.atomic():
        told = last_rows_of(Write(LOCK_CONVERSATIONS, (threads,)), Write(MOVE_WATERMARKS, values))
        rows = [_Row(*row) for row in told]
        _tell_members(batch, rows)
        report_on_commit(_notes(batch, rows, moment))
    outcomes: list[Watermarks | None] = [None] * len(batch)
    for row in rows:
        outcomes[row.n] = Watermarks(row.delivered, row.read)
    return outcomes


def _tell_members(batch: Sequence[Mark], rows: list[_Row]) -> None:
    pushes = {}
    for row in rows:
        if row.has_moved and row.users:
            mark = batch[row.n]
            key = (mark.conversation_public_id, mark.user_id)
            pushes[key] = Push(tuple(row.users), {"": encode(_receipt(mark, row))})
    if pushes:
        waiting = list(pushes.values())
        transaction.on_commit(lambda: push_now(waiting), robust=True)


def _receipt(mark: Mark, row: _Row) -> dict[str, object]:
    return {
        "t": "receipt",
        "conv": mark.conversation_public_id,
        "user": rules.face_of(row.role, mark.user_public_id),
        "delivered": row.shown_delivered,
        "read": row.shown_read,
    }


def _notes(batch: Sequence[Mark], rows: list[_Row], moment: datetime) -> list[Note]:
    return [
        Note(
            row.talk,
            row.conversation_id,
            row.topic,
            batch[row.n].user_id,
            row.role,
            Activity.READ,
            moment,
        )
        for row in rows
        if batch[row.n].read
    ]
