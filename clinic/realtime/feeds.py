"""The numbered feed behind the sockets: how a lost push is found and filled from the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Want:
    """A socket asks for what comes after a number.

    None means what no device of the person has, and what was told of by the number ``told``.
    """

    user_id: int
    key: str
    after: int | None
    language: str
    told: int = 0


@dataclass(frozen=True, slots=True)
class Filling:
    """An encoded frame with what was missing, up to a number; empty text when nothing was."""

    text: str
    upto: int


class Feed(Protocol):
    """What the room with the messages gives to the hub. Runs in worker threads."""

    def latest(
        self, user_ids: Sequence[int], *, since: datetime | None
    ) -> dict[int, dict[str, int]]:
        """Return the last number of each key that these accounts see, by account, in one query.

        With ``since`` only keys that grew after it.
        """

    def missing(self, wants: Sequence[Want]) -> list[Filling | None]:
        """Return what each asked for, in one query; None for who may not see the key."""


class _NoFeed:
    def latest(
        self, user_ids: Sequence[int], *, since: datetime | None
    ) -> dict[int, dict[str, int]]:
        del user_ids, since
        return {}

    def missing(self, wants: Sequence[Want]) -> list[Filling | None]:
        return [None] * len(wants)


_feeds: list[Feed] = [_NoFeed()]


def use_feed(feed: Feed) -> None:
    """Make this the feed of all sockets."""
    _feeds[0] = feed


def current_feed() -> Feed:
    """Return the feed of all sockets."""
    return _feeds[0]
