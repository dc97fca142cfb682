"""Lanes in which short jobs travel together: few threads, each with what came meanwhile.

Of two lanes one computes while the other waits. Few have both at once; of many so many have to wait
for the second that it is worth its while. More are opened only when nobody gets on: somebody waits
for a lock, or for a connection that is dead.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final, Generic, TypeVar

Job = TypeVar("Job")
OPEN: Final = 2  # at most, while they get on
SEATS: Final = 8
FEW: Final = 4  # jobs in all, which nobody keeps waiting
CROWD: Final = 6  # that wait; then a second lane is worth its while
PATIENCE_SECONDS: Final = 0.05  # without anybody being taken up; then another lane is opened


class Lanes(Generic[Job]):
    """``carry`` does some jobs together and raises nothing; ``open_lane`` has a thread run one."""

    def __init__(
        self,
        carry: Callable[[Sequence[Job]], None],
        open_lane: Callable[[Callable[[], None]], None],
    ) -> None:
        self._carry, self._open_lane = carry, open_lane
        self._lock: Final = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._open = self._carried = 0
        self._taken_at = 0.0

    def give(self, job: Job) -> bool:
        """Have a job done; returns at once. Says whether to look after it with ``hasten``."""
        with self._lock:
            self._waiting.append(job)
            is_full = self._open >= self._wanted() and not self._is_stuck()
            self._open += not is_full
        if not is_full:
            self._open_lane(self._run)
        return is_full

    def hasten(self) -> bool:
        """Open another lane where nobody gets on; say whether to look again later."""
        with self._lock:
            if not self._waiting:
                return False
            is_stuck = self._is_stuck()
            self._open += is_stuck
        if is_stuck:
            self._open_lane(self._run)
        return True

    def _wanted(self) -> int:
        """Return how many lanes are worth their while."""
        waiting = len(self._waiting)
        return OPEN if waiting >= CROWD or waiting + self._carried <= FEW else 1

    def _is_stuck(self) -> bool:
        return time.monotonic() - self._taken_at > PATIENCE_SECONDS

    def _run(self) -> None:
        jobs = self._take(0)
        while jobs:
            self._carry(jobs)
            jobs = self._take(len(jobs))

    def _take(self, done: int) -> list[Job]:
        """Return who came while so many were carried; with nobody there the lane is closed."""
        with self._lock:
            jobs = list(islice(self._waiting, SEATS))
            for _job in jobs:
                self._waiting.popleft()
            self._carried += len(jobs) - done
            if jobs:
                self._taken_at = time.monotonic()
            else:
                self._open -= 1
            return jobs
