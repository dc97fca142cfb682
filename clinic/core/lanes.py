"""Lanes in which short jobs travel together: few threads, each with what came meanwhile.

Of two lanes one computes while the other waits. Few have both at once; of many so many have to wait
for the second that it is worth its while. Where nobody gets on, somebody waits for a lock, or for a
connection that is dead: those lanes are given up, which ends them when they come back, and another
is opened.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, Generic, TypeVar

Job = TypeVar("Job")
OPEN: Final = 2  # at most, of those that get on
SEATS: Final = 8
FEW: Final = 4  # jobs in all, which nobody keeps waiting
CROWD: Final = 6  # that wait; then a second lane is worth its while
PATIENCE_SECONDS: Final = 0.05  # without anybody being taken up; then all lanes are given up


@dataclass(slots=True, eq=False)
class _Lane:
    carried: int = 0  # jobs


class Lanes(Generic[Job]):
    """``carry`` does some jobs together and raises nothing; ``open_lane`` has a thread run one."""

    def __init__(
        self,
        carry: Callable[[Sequence[Job]], None],
        open_lane: Callable[[Callable[[], None]], None],
        *,
        most: int = OPEN,
    ) -> None:
        self._carry, self._open_lane, self._most = carry, open_lane, most
        self._lock: Final = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._open: set[_Lane] = set()  # that get on
        self._taken_at = 0.0

    def give(self, job: Job) -> bool:
        """Have a job done; returns at once. Says whether to look after it with ``hasten``.

        Raises RuntimeError when no thread can be had; then the job is not done.
        """
        with self._lock:
            self._waiting.append(job)
            self._give_up_the_stuck()
            lane = self._another() if len(self._open) < self._wanted() else None
        if lane is None:
            return True
        try:
            self._start(lane)
        except RuntimeError:
            with self._lock:
                if job in self._waiting:
                    self._waiting.remove(job)
                    raise
        return False

    def hasten(self) -> bool:
        """Open another lane where nobody gets on; say whether to look again later."""
        with self._lock:
            if not self._waiting:
                return False
            self._give_up_the_stuck()
            lane = None if self._open else self._another()
        if lane is not None:
            with suppress(RuntimeError):  # no thread just now
                self._start(lane)
        return True

    def _wanted(self) -> int:
        """Return how many lanes are worth their while."""
        waiting = len(self._waiting)
        jobs = waiting + sum(lane.carried for lane in self._open)
        return self._most if waiting >= CROWD or jobs <= FEW else 1

    def _give_up_the_stuck(self) -> None:
        if time.monotonic() - self._taken_at > PATIENCE_SECONDS:
            self._open.clear()

    def _another(self) -> _Lane:
        lane = _Lane()
        self._open.add(lane)
        self._taken_at = time.monotonic()
        return lane

    def _start(self, lane: _Lane) -> None:
        try:
            self._open_lane(partial(self._run, lane))
        except RuntimeError:
            self._close(lane)
            raise

    def _run(self, lane: _Lane) -> None:
        try:
            while jobs := self._take(lane):
                self._carry(jobs)
        finally:
            self._close(lane)

    def _take(self, lane: _Lane) -> Sequence[Job]:
        """Return who came meanwhile; with nobody there the lane is closed."""
        with self._lock:
            jobs = list(islice(self._waiting, SEATS)) if lane in self._open else []
            for _job in jobs:
                self._waiting.popleft()
            lane.carried = len(jobs)
            if jobs:
                self._taken_at = time.monotonic()
            else:
                self._open.discard(lane)
            return jobs

    def _close(self, lane: _Lane) -> None:
        with self._lock:
            self._open.discard(lane)
