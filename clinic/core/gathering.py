"""Work of one kind that arrives while some is under way goes together as the next.

A statement for ten costs PostgreSQL far less than ten statements: it is started, its checks are
read and it is committed once. Nobody waits for others to come: who finds nothing under way goes at
once, by himself. So the fewer come, the less they wait, and the more come, the less each costs.
"""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar, cast

from clinic.core.metrics import GATHERED

log = logging.getLogger(__name__)
PATIENCE_SECONDS: Final = 1.0  # of one in line: who is under way may hang on a dead connection
Value = TypeVar("Value")
Result = TypeVar("Result")


class GoAloneError(Exception):
    """Nothing was done together, and each may do better alone."""


class _Place(Generic[Value, Result]):
    """One who came. Whoever calls him has said before whether he leads, or what came of it."""

    __slots__ = ("call", "error", "is_done", "result", "trip", "value")

    def __init__(self, value: Value) -> None:
        self.value = value
        self.call = threading.Lock()
        self.call.acquire()
        self.trip = 0  # which he leads
        self.is_done = False
        self.result: Result | None = None
        self.error: Exception | None = None


class Gathering(Generic[Value, Result]):
    """Values of the threads of this process, sent together by one of them.

    ``together`` takes one to ``most`` values and returns a result for each, in their order. When it
    raises it has done nothing: the error of one value is raised to him, several go ``alone``, so
    that what is wrong with one is told to that one; with GoAloneError one does too. Others wait for
    it, so it should not wait long itself. What hangs for ``PATIENCE_SECONDS`` is left behind:
    those in line go on, those who were sent go ``alone``. So it must be safe to send a value twice.
    """

    def __init__(
        self,
        name: str,
        together: Callable[[Sequence[Value]], Sequence[Result]],
        alone: Callable[[Value], Result],
        *,
        most: int,
    ) -> None:
        """``name`` is that of the work in the metrics."""
        self._name, self._together, self._alone, self._most = name, together, alone, most
        self._count_sent = GATHERED.labels(work=name, how="together").inc
        self._count_alone = GATHERED.labels(work=name, how="alone").inc
        self._start_over()
        os.register_at_fork(after_in_child=self._start_over)  # threads do not survive a fork

    def _start_over(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Place[Value, Result]] = []
        self._trips = 0
        self._under_way = 0  # the trip; 0 for none

    def result_of(self, value: Value) -> Result:
        """Return what came of a value. Raises what going alone with it raises."""
        place = _Place[Value, Result](value)
        try:
            self._queue(place)
            if place.trip:
                self._lead(place)
        finally:
            self._leave(place)
        if place.error is not None:
            raise place.error
        if place.is_done:
            return cast("Result", place.result)
        self._count_alone()
        return self._alone(value)

    def _queue(self, place: _Place[Value, Result]) -> None:
        """Return when he leads, when it is done, or when he is to go alone."""
        with self._lock:
            self._waiting.append(place)
            if not self._under_way:
                self._appoint(place)
        while not place.trip and not place.call.acquire(timeout=PATIENCE_SECONDS):
            with self._lock:
                if place not in self._waiting:
                    return
                if not place.trip:
                    self._appoint(place)

    def _appoint(self, place: _Place[Value, Result]) -> None:
        self._trips += 1
        self._under_way = place.trip = self._trips

    def _lead(self, leader: _Place[Value, Result]) -> None:
        """Send the leader's value with what waits; then call the next leader, and who was sent."""
        with self._lock:
            self._waiting.remove(leader)
            sent = [leader, *self._waiting[: self._most - 1]]
            del self._waiting[: self._most - 1]
        try:
            self._send(sent)
        finally:
            self._pass_on(leader.trip)
            for place in sent[1:]:
                place.call.release()

    def _send(self, sent: Sequence[_Place[Value, Result]]) -> None:
        try:
            results = self._together([place.value for place in sent])
        except GoAloneError:
            return
        except Exception as error:  # noqa: BLE001 each finds out by himself what it was
            if len(sent) == 1:
                sent[0].error = error
            else:
                log.warning("gathered in vain: %s, %s", self._name, type(error).__name__)
            return
        assert len(results) == len(sent), self._name
        for place, result in zip(sent, results, strict=True):
            place.result, place.is_done = result, True
        self._count_sent(len(sent))

    def _pass_on(self, trip: int) -> None:
        """Appoint and call the next leader, unless somebody went on without this one already."""
        with self._lock:
            if self._under_way != trip:
                return
            self._under_way = 0
            if not self._waiting:
                return
            leader = self._waiting[0]
            self._appoint(leader)
        leader.call.release()

    def _leave(self, place: _Place[Value, Result]) -> None:
        """Stand in nobody's way, whatever interrupted him."""
        with self._lock:
            if place in self._waiting:
                self._waiting.remove(place)
        if place.trip:
            self._pass_on(place.trip)
