"""How far each member has received and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db import connection, transaction

from chat.services.statements import LOCK_CONVERSATIONS, MOVE_WATERMARKS
from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
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
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            LOCK_CONVERSATIONS + MOVE_WATERMARKS,
            {
                "conversations": list({str(mark.conversation_public_id) for mark in batch}),
                "marks": orjson.dumps(marks).decode(),
            },
        )
        rows = cursor.fetchall()
        _tell_members(batch, rows)
    outcomes: list[Watermarks | None] = [None] * len(batch)
    for n, delivered, read, _has_moved, _users in rows:
        outcomes[n] = Watermarks(delivered, read)
    return outcomes


def _tell_members(
    batch: Sequence[Mark], rows: list[tuple[int, int, int, bool, list[str] | None]]
) -> None:
    pushes = {}
    for n, delivered, read, has_moved, users in rows:
        if has_moved and users:
            mark = batch[n]
            frame = {
                "t": "receipt",
                "conv": mark.conversation_public_id,
                "user": mark.user_public_id,
                "delivered": delivered,
                "read": read,
            }
            key = (mark.conversation_public_id, mark.user_id)
            pushes[key] = Push(tuple(users), {"": encode(frame)})
    if pushes:
        waiting = list(pushes.values())
        transaction.on_commit(lambda: push_now(waiting), robust=True)
