"""Work of one kind that arrives while some is under way goes together as the next.

A statement for ten costs PostgreSQL far less than ten statements: it is started, its checks are
read and it is committed once. Nobody waits for others to come: who finds nothing under way goes at
once, by himself. So the fewer come, the less they wait, and the more come, the less each costs.
"""

import os
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

Value = TypeVar("Value")
Result = TypeVar("Result")


class _Place(Generic[Value, Result]):
    """One who waits. Whoever lets him go has said before whether he leads, or what came of it."""

    __slots__ = ("is_done", "is_leader", "let_go", "result", "value")

    def __init__(self, value: Value) -> None:
        self.value = value
        self.let_go = threading.Lock()
        self.let_go.acquire()
        self.is_leader = self.is_done = False
        self.result: Result | None = None


class Gathering(Generic[Value, Result]):
    """Values of the threads of this process, sent together by one of them.

    ``together`` takes one to ``most`` values and returns a result for each, in their order; all
    who come meanwhile wait for it, so it should not wait long itself. It may fail as a whole if it
    has done nothing then: each thread goes ``alone`` with its own, and what is wrong with one is
    told to that one.
    """

    def __init__(
        self,
        together: Callable[[Sequence[Value]], Sequence[Result]],
        alone: Callable[[Value], Result],
        *,
        most: int,
    ) -> None:
        self._together, self._alone, self._most = together, alone, most
        self._start_over()
        os.register_at_fork(after_in_child=self._start_over)  # threads do not survive a fork

    def _start_over(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Place[Value, Result]] = []
        self._is_under_way = False

    def result_of(self, value: Value) -> Result:
        """Return what came of a value. Raises what going alone with it raises."""
        place = _Place[Value, Result](value)
        with self._lock:
            self._waiting.append(place)
            place.is_leader, self._is_under_way = not self._is_under_way, True
        if not place.is_leader:
            place.let_go.acquire()
        if place.is_leader:
            self._lead()
        return cast("Result", place.result) if place.is_done else self._alone(value)

    def _lead(self) -> None:
        """Send what waits, the leader's own first, and let its threads and the next leader go."""
        with self._lock:
            sent, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            results = self._together([place.value for place in sent])
            for place, result in zip(sent, results, strict=True):
                place.result, place.is_done = result, True
        except Exception:  # noqa: BLE001, S110 each finds out by himself what it was
            pass
        finally:
            self._let_go(sent[1:])

    def _let_go(self, followers: Sequence[_Place[Value, Result]]) -> None:
        with self._lock:
            leader = self._waiting[0] if self._waiting else None
            self._is_under_way = leader is not None
        if leader:
            leader.is_leader = True
            leader.let_go.release()
        for place in followers:
            place.let_go.release()
