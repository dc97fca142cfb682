"""Lanes in which short jobs travel together: few threads, each with what came meanwhile.

Two lanes are enough, as one computes while the other waits. More are opened only when nobody in
them gets on: somebody waits for a lock, or for a connection that is dead.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final, Generic, TypeVar

Job = TypeVar("Job")
OPEN: Final = 2  # while they get on
SEATS: Final = 8
PATIENCE_SECONDS: Final = 0.1  # without anybody being taken up; then another lane is opened


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
        self._open = 0
        self._taken_at = 0.0

    def give(self, job: Job) -> bool:
        """Have a job done; returns at once. Says whether to look after it with ``hasten``."""
        with self._lock:
            self._waiting.append(job)
            is_full = self._open >= OPEN and not self._is_stuck()
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

    def _is_stuck(self) -> bool:
        return time.monotonic() - self._taken_at > PATIENCE_SECONDS

    def _run(self) -> None:
        jobs = self._take()
        while jobs:
            self._carry(jobs)
            jobs = self._take()

    def _take(self) -> list[Job]:
        """Return who came meanwhile; with nobody there the lane is closed."""
        with self._lock:
            jobs = list(islice(self._waiting, SEATS))
            for _job in jobs:
                self._waiting.popleft()
            if jobs:
                self._taken_at = time.monotonic()
            else:
                self._open -= 1
            return jobs
