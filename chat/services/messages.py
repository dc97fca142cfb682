"""Storing messages: one at a time or many in one transaction, and telling the members."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection, transaction

from chat.enums import Activity, MessageKind
from chat.errors import (
    ClientIdConflictError,
    ColleagueWroteError,
    WritingClosedError,
    WritingLimitError,
)
from chat.events import FirstReplySent
from chat.models import Message
from chat.services.activity import Note, report_on_commit
from chat.services.attaching import NOTHING, Attached, keep_files, with_files
from chat.services.drafts import Draft, StoredMessage, check_content
from chat.services.frames import message_frame, system_frame
from chat.services.statements import LOCK_CONVERSATIONS, LOCK_TOPIC, SAY, STORE_MESSAGES
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import ClinicError, NotFoundError, RateLimitedError
from clinic.core.events import publish
from clinic.core.ids import uuid7
from clinic.core.statements import Write, last_rows_of
from clinic.files.errors import AttachmentUsedError, FileMissingError
from clinic.realtime.frames import Push, encode
from clinic.realtime.push import FeedMark, push_now, push_on_commit

Outcome = StoredMessage | ClinicError
PERIODS = {"s": 1, "m": 60, "h": 3600}
REFUSALS = {
    "closed": WritingClosedError,
    "limit": WritingLimitError,
    "conflict": ColleagueWroteError,
    "attachment_missing": FileMissingError,
    "attachment_used": AttachmentUsedError,
}


class _Row(NamedTuple):
    n: int
    is_member: bool
    old_seq: int | None
    old_rev: int | None
    old_public_id: str | None
    old_at: datetime | None
    old_role: str | None
    is_same: bool
    refusal: str | None
    seq: int | None
    rev: int | None
    role: str | None
    conversation_id: int
    topic: str
    talk: str
    may_be_first: bool
    users: list[str] | None
    window_start: datetime


def send_message(
    *,
    actor: Actor,
    conversation_public_id: UUID,
    client_id: str,
    kind: str,
    body: str,
    extra: dict[str, Any] | None = None,
    seen: int | None = None,
    attachment: UUID | None = None,
) -> StoredMessage:
    """Store one message and tell the members on commit; a repeat returns the stored one.

    Raises InvalidInputError, NotFoundError (also for strangers and for who has left),
    WritingClosedError, WritingLimitError, ColleagueWroteError, ClientIdConflictError,
    FileMissingError, AttachmentUsedError, RateLimitedError.
    """
    check_content(kind=kind, body=body, extra=extra, attachment=attachment)
    if actor.user_id is None or actor.public_id is None:
        raise NotFoundError
    draft = Draft(
        user_id=actor.user_id,
        user_public_id=actor.public_id,
        conversation_public_id=conversation_public_id,
        client_id=client_id,
        kind=kind,
        body=body,
        extra=extra,
        seen=seen,
        attachment=attachment,
    )
    (outcome,) = send_messages([draft])
    if isinstance(outcome, ClinicError):
        raise outcome
    return outcome


def send_messages(batch: Sequence[Draft]) -> list[Outcome]:
    """Store many checked drafts in one transaction; the answer to each stands at its place.

    Locks the conversations in key order. A refused draft does not disturb the others.
    """
    firsts: dict[tuple[UUID, int, str], int] = {}
    places = [firsts.setdefault(draft.identity, n) for n, draft in enumerate(batch)]
    moment = now()
    made = {n: uuid7() for n in firsts.values()}
    with transaction.atomic():
        drafts, attached = with_files(batch, made)
        rows = {row.n: row for row in _store(drafts, attached, made, moment)}
        keep_files(attached, [n for n in made if rows[n].seq is not None], moment)
        outcomes = {n: _outcome(drafts[n], rows[n], made[n], moment) for n in made}
        _publish_first_replies(batch, rows)
        _tell_members(batch, rows, outcomes)
        report_on_commit(_notes(batch, rows, moment))
    return [_repeated(batch, n, first, outcomes) for n, first in enumerate(places)]


def post_system_message(*, topic: str, code: str, params: dict[str, Any]) -> Message:
    """Append a system message; its sentence is made in each reader's language. Locks the thread.

    ``params`` hold what the sentence names, never medical text. Raises NotFoundError.
    """
    message = system_message(code, params)
    values = system_values(message) | {"topic": topic, "now": message.created_at}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_TOPIC + SAY, values)
        row = cursor.fetchone()
    if row is None:
        raise NotFoundError
    message.pk, message.conversation_id, conv, message.seq, message.rev, users = row
    push_system_message(users, conv, message)
    return message


def system_message(code: str, params: dict[str, Any]) -> Message:
    """Return a system message that has no conversation and no number yet."""
    return Message(kind=MessageKind.SYSTEM, code=code, params=params, created_at=now())


def system_values(message: Message) -> dict[str, Any]:
    """Return what the statements that store a system message want to know about it."""
    return {
        "message_id": message.public_id,
        "code": message.code,
        "params": orjson.dumps(message.params).decode(),
    }


def push_system_message(users: Iterable[UUID], conv: UUID, message: Message) -> None:
    """Show a stored system message on the sockets of these accounts on commit."""
    mark = FeedMark(conv.hex, message.rev)
    push_on_commit(users, system_frame(conv, message), mark=mark)


def _store(
    batch: Sequence[Draft], attached: dict[int, Attached], made: dict[int, UUID], moment: datetime
) -> list[_Row]:
    limit, window = _pace()
    drafts = [
        _plain(n, batch[n], public_id) | attached.get(n, NOTHING)._asdict()
        for n, public_id in made.items()
    ]
    threads = list({draft["conv"] for draft in drafts})
    values = (orjson.dumps(drafts).decode(), moment, moment - window, limit)
    rows = last_rows_of(Write(LOCK_CONVERSATIONS, (threads,)), Write(STORE_MESSAGES, values))
    return [_Row(*row) for row in rows]


def _plain(n: int, draft: Draft, public_id: UUID) -> dict[str, Any]:
    return {
        "n": n,
        "conv": draft.conversation_public_id,
        "user_id": draft.user_id,
        "client_id": draft.client_id,
        "kind": draft.kind,
        "body": draft.body,
        "extra": draft.extra,
        "seen": draft.seen,
        "is_paced": draft.is_paced,
        "public_id": public_id,
    }


def _pace() -> tuple[int, timedelta]:
    count, _, period = settings.CHAT_SEND_RATE.partition("/")
    return int(count), timedelta(seconds=PERIODS[period])


def _outcome(draft: Draft, row: _Row, made: UUID, moment: datetime) -> Outcome:
    refusal = _refusal(row, moment)
    if refusal is not None:
        return refusal
    return StoredMessage(
        public_id=UUID(row.old_public_id) if row.old_public_id else made,
        conversation_public_id=draft.conversation_public_id,
        seq=row.old_seq or row.seq or 0,
        rev=row.old_rev or row.rev or 0,
        client_id=draft.client_id,
        sender_public_id=draft.user_public_id,
        role=row.old_role or row.role or "",
        kind=draft.kind,
        body=draft.body,
        extra=draft.extra,
        sent_at=row.old_at or moment,
        is_duplicate=row.old_seq is not None,
    )


def _refusal(row: _Row, moment: datetime) -> ClinicError | None:
    if not row.is_member:
        return NotFoundError()
    if row.old_seq is not None:
        return None if row.is_same else ClientIdConflictError()
    if row.refusal in REFUSALS:
        return REFUSALS[row.refusal]()
    if row.refusal == "pace":
        left = row.window_start + _pace()[1] - moment
        return RateLimitedError(retry_after=max(1, math.ceil(left.total_seconds())))
    return None


def _repeated(batch: Sequence[Draft], n: int, first: int, outcomes: dict[int, Outcome]) -> Outcome:
    outcome = outcomes[first]
    if n == first or isinstance(outcome, ClinicError):
        return outcome
    if batch[n].content != batch[first].content:
        return ClientIdConflictError()
    return replace(outcome, is_duplicate=True)


def _publish_first_replies(batch: Sequence[Draft], rows: dict[int, _Row]) -> None:
    seen: set[tuple[int, int]] = set()
    for n, row in rows.items():
        writer = (row.conversation_id, batch[n].user_id)
        if row.may_be_first and writer not in seen:
            seen.add(writer)
            publish(
                FirstReplySent(
                    conversation_id=row.conversation_id,
                    topic=row.topic,
                    user_id=batch[n].user_id,
                    role=row.role or "",
                )
            )


def _tell_members(
    batch: Sequence[Draft], rows: dict[int, _Row], outcomes: dict[int, Outcome]
) -> None:
    pushes = [
        _push(batch[n], row, outcome)
        for n, row in rows.items()
        if row.seq is not None and isinstance(outcome := outcomes[n], StoredMessage)
    ]
    if pushes:
        pushes.sort(key=lambda push: push.number)
        transaction.on_commit(lambda: push_now(pushes), robust=True)


def _push(draft: Draft, row: _Row, message: StoredMessage) -> Push:
    return Push(
        users=tuple(row.users or ()),
        texts={"": encode(message_frame(message))},
        key=draft.conversation_public_id.hex,
        number=message.rev,
        skip=draft.socket,
    )


def _notes(batch: Sequence[Draft], rows: dict[int, _Row], moment: datetime) -> list[Note]:
    return [
        Note(
            row.talk,
            row.conversation_id,
            row.topic,
            batch[n].user_id,
            row.role or "",
            Activity.MESSAGE,
            moment,
        )
        for n, row in rows.items()
        if row.seq is not None
    ]
