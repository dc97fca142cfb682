"""Idempotency keys: the same request twice has the effect and the answer of one.

Key and answer are stored by one INSERT at the end of the work, in its transaction. Meanwhile the
key is an advisory lock that is tried and never waited for, so a repeat learns at once that the
first request still runs. A crash in the middle leaves nothing, and the client may repeat.
Work that is one statement (``at_once``) stores them with it and needs no lock: a repeat waits for
the row of the first, and is then answered by it.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson
from django.db import IntegrityError, transaction

from clinic.core.carried import Carried, alone, begun_with
from clinic.core.clock import now
from clinic.core.constraints import constraint_of
from clinic.core.errors import (
    IdempotencyInProgressError,
    IdempotencyKeyRequiredError,
    IdempotencyKeyReusedError,
)
from clinic.core.models import IdempotencyRecord
from clinic.core.statements import Row, Statement, Write, last_rows_of, rows_of

KEPT = timedelta(hours=24)
KEY: Final = re.compile(r"[!-~]{1,255}")
ONCE_PER_KEY: Final = "idempotency_once_per_key"  # the constraint
TAKE_OVER_AFTER = timedelta(seconds=60)  # longer than any request may run

# Two statements in one round trip: the second sees what was committed before the lock was had.
LOCK: Final = Statement(
    "core_lock_key",
    ("bigint",),
    "SELECT set_config('clinic.has_key', pg_try_advisory_xact_lock(%s)::text, true)",
)
SEEK: Final = Statement(
    "core_seek_answer",
    ("bigint", "text", "text"),
    """
    WITH asked AS MATERIALIZED (SELECT %s AS user_id, %s AS operation, %s AS key)
    SELECT current_setting('clinic.has_key')::boolean, r.id, r.request_hash, r.status, r.body::text
    FROM asked LEFT JOIN core_idempotencyrecord r
      ON r.user_id = asked.user_id AND r.operation = asked.operation AND r.key = asked.key
    """,
)
KEEP: Final = Statement(
    "core_keep_answer",
    ("bigint", "text", "text", "text", "smallint", "jsonb", "timestamptz"),
    """
    INSERT INTO core_idempotencyrecord
      (user_id, operation, key, request_hash, status, body, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
    """,
)
# What a statement is given that keeps the answer together with the row it is about: ``keeping``.
KEPT_WITH: Final = {
    "key_user": "bigint", "key_operation": "text", "key": "text", "key_digest": "text",
    "key_status": "smallint", "key_body": "jsonb", "key_at": "timestamptz",
}  # fmt: skip
# Work across calls cannot be one transaction: its key is claimed before, in one of its own.
CLAIM: Final = Statement(
    "core_claim_key",
    ("bigint", "text", "text", "text", "timestamptz"),
    """
    INSERT INTO core_idempotencyrecord (user_id, operation, key, request_hash, created_at)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (user_id, operation, key) DO NOTHING RETURNING id
    """,
)
FILL: Final = Statement(
    "core_fill_answer",
    ("bigint", "smallint", "jsonb"),
    """
    WITH given AS (SELECT %s AS id, %s AS status, %s AS body)
    UPDATE core_idempotencyrecord r SET status = given.status, body = given.body
    FROM given WHERE r.id = given.id RETURNING r.id
    """,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets: HTTP status, JSON (empty for no body), and whether it is a replay."""

    status: int
    content: bytes
    replayed: bool = False


def keeping(given: str, about: str) -> str:
    """Return the INSERT that keeps an answer in the statement that makes the row it is about.

    ``given`` names what holds KEPT_WITH and ``about`` is the FROM of it and of the row, in SQL.
    Where the key is known already the statement fails, and nothing of it is stored.
    """
    return f"""
    INSERT INTO core_idempotencyrecord
      (user_id, operation, key, request_hash, status, body, created_at)
    SELECT {", ".join(f"{given}.{name}" for name in KEPT_WITH)} FROM {about}
    """  # noqa: S608 names of columns


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request that must not happen twice."""

    user_id: int
    operation: str
    key: str
    digest: str

    @property
    def lock(self) -> int:
        """The advisory lock of its key: 64 bits, signed."""
        name = f"{self.user_id} {self.operation} {self.key}".encode()
        return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), signed=True)

    def kept(self, answer: Answer) -> tuple[object, ...]:
        """Return the values of its row for its answer, in the order of KEPT_WITH."""
        key = self.user_id, self.operation, self.key, self.digest
        return (*key, answer.status, _body(answer), now())

    def kept_with(self, answer: Answer) -> dict[str, Any]:
        """Return the values of KEPT_WITH for its answer, to be told as JSON."""
        return {
            "key_user": self.user_id,
            "key_operation": self.operation,
            "key": self.key,
            "key_digest": self.digest,
            "key_status": answer.status,
            "key_body": orjson.Fragment(answer.content or b"null"),
            "key_at": now(),
        }


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored of a request; without a status its work has not ended."""

    pk: int
    digest: str
    status: int | None
    body: str | None

    def answer_to(self, request: Ticket) -> Answer | None:
        """Return the answer of before, None while there is none.

        Raises IdempotencyKeyReusedError for another body under the same key.
        """
        if self.digest != request.digest:
            raise IdempotencyKeyReusedError
        if self.status is None:
            return None
        return Answer(self.status, (self.body or "").encode(), replayed=True)


def at_once(
    *,
    user_id: int,
    operation: str,
    key: str | None,
    request: bytes,
    work: Callable[[Ticket], Answer | None],
) -> Answer | None:
    """Return the answer of work that is one statement and keeps its answer by ``keeping``.

    None when it did nothing: ``once`` then finds out why, or what was answered before. No lock is
    tried: a rival with the key waits for the row of the other, and fails when that is committed.
    Raises IdempotencyKeyRequiredError.
    """
    ticket = _ticket(user_id, operation, key, request)
    try:
        with alone():
            return work(ticket)
    except IntegrityError:  # of the key, or what ``once`` is refused as well
        return None


def once(
    *, user_id: int, operation: str, key: str | None, request: bytes, work: Callable[[], Answer]
) -> Answer:
    """Do the work once per (user, operation, key) and return its answer, now or from before.

    ``work`` runs in a transaction together with the storing of its answer. Raises
    IdempotencyKeyRequiredError, IdempotencyKeyReusedError, IdempotencyInProgressError.
    """
    asked = _ticket(user_id, operation, key, request)
    with begun_with(*_looking(asked)) as work_and_key:
        has_lock, known = _known(work_and_key.rows)
        answer = known and known.answer_to(asked)
        if answer:
            return answer
        if known or not has_lock:
            raise IdempotencyInProgressError
        answer = work()
        _keep(asked, answer, work_and_key)
    return answer


def once_if_asked(
    *, user_id: int, operation: str, key: str | None, request: bytes, work: Callable[[], Answer]
) -> Answer:
    """Do the same, for clients of printed documents that know of no key: they may send none.

    Only for work that another promise of the database keeps from happening twice.
    """
    if key is None:
        with transaction.atomic():
            return work()
    return once(user_id=user_id, operation=operation, key=key, request=request, work=work)


def once_across_calls(
    *, user_id: int, operation: str, key: str | None, request: bytes, work: Callable[[], Answer]
) -> Answer:
    """Do the same for work that talks to an outside service and so must not be one transaction.

    The work has to be repeatable by itself: after a crash in the middle it runs again.
    """
    asked = _ticket(user_id, operation, key, request)
    pk, answer = _claim(asked)
    if answer:
        return answer
    try:
        answer = work()
    except BaseException:
        IdempotencyRecord.objects.filter(pk=pk, status=None).delete()
        raise
    if not rows_of(FILL, pk, answer.status, _body(answer)):
        raise IdempotencyInProgressError  # somebody took the key over
    return answer


def forget_old() -> int:
    """Remove records older than 24 hours and return how many."""
    return IdempotencyRecord.objects.filter(created_at__lt=now() - KEPT).delete()[0]


def _ticket(user_id: int, operation: str, key: str | None, request: bytes) -> Ticket:
    if not key or not KEY.fullmatch(key):
        raise IdempotencyKeyRequiredError
    return Ticket(user_id, operation, key, hashlib.sha256(request).hexdigest())


def _looking(asked: Ticket) -> tuple[Write, Write]:
    """Return what tries the lock of the key until the transaction ends, and reads its row."""
    seek = Write(SEEK, (asked.user_id, asked.operation, asked.key))
    return Write(LOCK, (asked.lock,)), seek


def _known(rows: Sequence[Row]) -> tuple[bool, _Known | None]:
    """Return whether the lock is had, and a row if there is one."""
    ((has_lock, *found),) = rows
    return has_lock, None if found[0] is None else _Known(*found)


def _keep(asked: Ticket, answer: Answer, work_and_key: Carried) -> None:
    try:
        work_and_key.end_with(Write(KEEP, asked.kept(answer)))
    except IntegrityError as error:
        if constraint_of(error) != ONCE_PER_KEY:
            raise
        # The constraint holds what the lock did not: undo.
        raise IdempotencyInProgressError from error


def _body(answer: Answer) -> str | None:
    return answer.content.decode() or None


def _claim(asked: Ticket) -> tuple[int, Answer | None]:
    """Return the row of a key, made now or from before, with the answer if there is one."""
    pk = _insert(asked)
    if pk is not None:
        return pk, None
    _has_lock, known = _known(last_rows_of(*_looking(asked)))
    if known is not None:
        answer = known.answer_to(asked)
        pk = known.pk if answer else _take_over(asked, known.pk)
        if pk is not None:
            return pk, answer
    raise IdempotencyInProgressError


def _insert(asked: Ticket) -> int | None:
    key = asked.user_id, asked.operation, asked.key
    return next((pk for (pk,) in rows_of(CLAIM, *key, asked.digest, now())), None)


def _take_over(asked: Ticket, pk: int) -> int | None:
    """Put a new row in place of a stale one: who had that can neither fill nor remove the new."""
    stale = now() - TAKE_OVER_AFTER
    with transaction.atomic():
        rows = IdempotencyRecord.objects.filter(pk=pk, status=None, created_at__lt=stale)
        return _insert(asked) if rows.delete()[0] else None
