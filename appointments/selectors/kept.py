"""Answers about free times that this process keeps, each asked for its truth before it is given.

Never stale: no move of those it is about, in the same snapshot in which that is asked, and no
moment reached at which the clock alone would change it.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from django.db import connection

from appointments.selectors.moves import EVERYBODY, moves_since
from clinic.core.statements import Read
from clinic.settings import rules as numbers

OBJECTS_BYTES: Final = 1000  # of one kept answer, beside address and content


@dataclass(slots=True)
class Kept:
    """The bytes of an answer; true from ``since`` to ``until`` unless one of ``doctors`` moves.

    ``snapshot`` is one of PostgreSQL in which the answer was true.
    """

    content: bytes
    etag: str
    doctors: frozenset[int]
    snapshot: str
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        self.doctors |= {EVERYBODY}

    def reading(self) -> Read:
        """Return the read whose row ``stands`` judges."""
        return moves_since(self.snapshot)

    def stands(self, snapshot: str, moved: Sequence[int]) -> bool:
        """Say whether it is true in a snapshot, given who moved since its own."""
        if not self.doctors.isdisjoint(moved):
            return False
        self.snapshot = snapshot  # true until here: the next one looks no further back
        return True


class KeptAnswers:
    """The answers given last by their addresses, as many as fit into so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        """Begin empty."""
        self._most_bytes, self._bytes = most_bytes, 0
        self._answers: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def last(self, address: str, moment: datetime) -> Kept | None:
        """Return the answer at an address that is true unless a move ended it; None without one.

        Also None inside a transaction, which must see what it did itself.
        """
        if connection.in_atomic_block:
            return None
        with self._lock:
            kept = self._answers.get(address)
            if kept is not None:
                self._answers.move_to_end(address)
        return kept if kept is not None and kept.since <= moment < kept.until else None

    def keep(self, address: str, answer: Kept) -> None:
        """Keep an answer; those not asked for longest go for it. Not inside a transaction."""
        if connection.in_atomic_block:
            return
        with self._lock:
            former = self._answers.pop(address, None)
            self._answers[address] = answer
            self._bytes += _size(address, answer) - (_size(address, former) if former else 0)
            while self._bytes > self._most_bytes:
                self._bytes -= _size(*self._answers.popitem(last=False))

    def forget(self) -> None:
        """Forget all: another database stands behind this process now."""
        with self._lock:
            self._answers.clear()
            self._bytes = 0


def _size(address: str, answer: Kept) -> int:
    return len(address) + len(answer.content) + OBJECTS_BYTES


SLOT_ANSWERS: Final = KeptAnswers(numbers.APPOINTMENT_ANSWERS_BYTES)
