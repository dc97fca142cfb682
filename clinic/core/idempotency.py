"""Idempotency keys: the same request twice has the effect and the answer of one.

The record is made in its own transaction, the answer is stored in the transaction of the work. So
a crash in the middle leaves neither work nor answer, and the client may repeat.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from clinic.core.clock import now
from clinic.core.errors import (
    IdempotencyInProgressError,
    IdempotencyKeyRequiredError,
    IdempotencyKeyReusedError,
)
from clinic.core.models import IdempotencyRecord
from clinic.core.statements import Statement, rows_of

KEPT = timedelta(hours=24)
MAX_KEY_CHARS = 255
TAKE_OVER_AFTER = timedelta(seconds=60)  # longer than any request may run

# A statement of its own is a transaction of its own: nobody waits for the work behind the key.
CLAIM: Final = Statement(
    "core_claim_key",
    ("bigint", "text", "text", "text", "timestamptz"),
    """
    INSERT INTO core_idempotencyrecord (user_id, operation, key, request_hash, created_at)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (user_id, operation, key) DO NOTHING RETURNING id
    """,
)
KEEP: Final = Statement(
    "core_keep_answer",
    ("bigint", "smallint", "jsonb"),
    """
    WITH given AS (SELECT %s AS id, %s AS status, %s AS body)
    UPDATE core_idempotencyrecord r SET status = given.status, body = given.body
    FROM given WHERE r.id = given.id RETURNING r.id
    """,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets: HTTP status, JSON body, and whether it is a replay."""

    status: int
    body: Any
    replayed: bool = False


def _usable(key: str | None) -> str:
    if not key or len(key) > MAX_KEY_CHARS or not all("!" <= char <= "~" for char in key):
        raise IdempotencyKeyRequiredError
    return key


def once(
    *, user_id: int, operation: str, key: str | None, request: bytes, work: Callable[[], Answer]
) -> Answer:
    """Do the work once per (user, operation, key) and return its answer, now or from before.

    ``work`` runs in a transaction together with the storing of its answer. Raises
    IdempotencyKeyRequiredError, IdempotencyKeyReusedError, IdempotencyInProgressError.
    """
    key = _usable(key)
    digest = hashlib.sha256(request).hexdigest()
    record = _claim(user_id, operation, key, digest)
    if record.status is not None:
        return Answer(record.status, record.body, replayed=True)
    try:
        with transaction.atomic():
            answer = work()
            _keep(record, answer)
    except BaseException:
        IdempotencyRecord.objects.filter(pk=record.pk, status=None).delete()
        raise
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
    key = _usable(key)
    digest = hashlib.sha256(request).hexdigest()
    record = _claim(user_id, operation, key, digest)
    if record.status is not None:
        return Answer(record.status, record.body, replayed=True)
    try:
        answer = work()
    except BaseException:
        IdempotencyRecord.objects.filter(pk=record.pk, status=None).delete()
        raise
    _keep(record, answer)
    return answer


def _claim(user_id: int, operation: str, key: str, digest: str) -> IdempotencyRecord:
    for (pk,) in rows_of(CLAIM, user_id, operation, key, digest, now()):
        return IdempotencyRecord(id=pk)
    known = IdempotencyRecord.objects.filter(user_id=user_id, operation=operation, key=key)
    record = known.first()
    if record is None:
        raise IdempotencyInProgressError
    if record.request_hash != digest:
        raise IdempotencyKeyReusedError
    if record.status is None and not _take_over(record):
        raise IdempotencyInProgressError
    return record


def _keep(record: IdempotencyRecord, answer: Answer) -> None:
    body = None if answer.body is None else json.dumps(answer.body)
    if not rows_of(KEEP, record.pk, answer.status, body):
        raise IdempotencyInProgressError  # somebody took the key over: this work is undone


def _take_over(record: IdempotencyRecord) -> bool:
    stale = now() - TAKE_OVER_AFTER
    return bool(
        IdempotencyRecord.objects.filter(pk=record.pk, status=None, created_at__lt=stale).update(
            created_at=now()
        )
    )


def forget_old() -> int:
    """Remove records older than 24 hours and return how many."""
    return IdempotencyRecord.objects.filter(created_at__lt=now() - KEPT).delete()[0]
