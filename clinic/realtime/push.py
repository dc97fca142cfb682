"""Telling people's sockets what happened, after commit. A push is a hint; the row is the truth."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from clinic.core.metrics import PUSH_FAILED
from clinic.realtime.frames import Push, render
from clinic.realtime.publisher import current_publisher

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FeedMark:
    """The place of a frame in a numbered feed, for example message 7 of a conversation."""

    key: str
    number: int


def push_on_commit(
    user_public_ids: Iterable[UUID],
    frame: dict[str, Any],
    *,
    mark: FeedMark | None = None,
    skip: str = "",
) -> None:
    """Send a frame to all sockets of these accounts once the transaction commits.

    Frames of one transaction leave together, in the order of the calls. Works in every process.
    Lazy texts in the frame reach each reader in his language. A failure is logged and counted,
    never raised. ``skip`` is the id of a socket that knows the frame already.
    """
    users = tuple(public_id.hex for public_id in user_public_ids)
    if not users:
        return
    line = transaction.get_connection()
    waiting = _last_parcel(line)
    if waiting is not None:
        waiting.frames.append((users, frame, mark, skip))
        return
    parcel = _Parcel([(users, frame, mark, skip)])
    line.on_commit(parcel.send, robust=True)


def close_login_on_commit(user_public_id: UUID, name: str) -> None:
    """Close the sockets of a login (``realtime.logins``) once the transaction commits."""
    push = Push((user_public_id.hex,), {}, ended_login=name)
    transaction.on_commit(lambda: push_now([push]), robust=True)


def push_now(pushes: list[Push]) -> None:
    """Send encoded pushes at once. A failure is logged and counted, never raised."""
    try:
        current_publisher().offer(pushes)
    except RuntimeError as error:  # the loop is closing
        PUSH_FAILED.inc(len(pushes))
        log.warning("pushes lost", extra={"count": len(pushes), "error": type(error).__name__})


@dataclass(slots=True)
class _Parcel:
    """Frames that leave together."""

    frames: list[tuple[tuple[str, ...], dict[str, Any], FeedMark | None, str]]

    def send(self) -> None:
        push_now([_encoded(*entry) for entry in self.frames])


def _last_parcel(connection: Any) -> _Parcel | None:
    """Return what still takes frames: the newest callback, if it belongs to the same savepoint."""
    if not connection.run_on_commit:
        return None
    savepoints, callback, _robust = connection.run_on_commit[-1]
    parcel = getattr(callback, "__self__", None)
    is_ours = isinstance(parcel, _Parcel) and savepoints == set(connection.savepoint_ids)
    return parcel if is_ours else None


def _encoded(
    users: tuple[str, ...], frame: dict[str, Any], mark: FeedMark | None, skip: str
) -> Push:
    key, number = (mark.key, mark.number) if mark else ("", 0)
    return Push(users, render(frame), key, number, skip)
