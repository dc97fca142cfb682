"""Threads that work: as few of them as the work needs, whoever rested last works first.

A thread keeps what it has used, a connection to the database above all. Were all asked in turn,
all would hold one, and each would come to its own work cold.
"""

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Final, Generic, TypeVar

Job = TypeVar("Job")


class Crew(Generic[Job]):
    """So many threads at ``most``, each started when all before it are busy; they never end.

    ``work`` does one job and raises nothing.
    """

    def __init__(self, work: Callable[[Job], None], *, most: int, name: str) -> None:
        self._work, self._most, self._name = work, most, name
        self._lock: Final = threading.Lock()
        self._resting: list[SimpleQueue[Job]] = []  # their letter boxes
        self._waiting: deque[Job] = deque()
        self._count = 0

    def give(self, job: Job) -> None:
        """Have a job done, in the order of giving; returns at once, from any thread."""
        with self._lock:
            if not self._resting and self._count == self._most:
                self._waiting.append(job)
                return
            box = self._resting.pop() if self._resting else self._another()
        box.put(job)

    def _another(self) -> SimpleQueue[Job]:
        box: SimpleQueue[Job] = SimpleQueue()
        name = f"{self._name}-{self._count}"
        self._count += 1
        threading.Thread(target=self._live, args=(box,), name=name, daemon=True).start()
        return box

    def _live(self, box: SimpleQueue[Job]) -> None:
        # In the thread's own context: what Django keeps there (the cache's connections) stays.
        while True:
            self._work(box.get())
            while (job := self._next(box)) is not None:
                self._work(job)

    def _next(self, box: SimpleQueue[Job]) -> Job | None:
        """Return what waits for a thread; None to rest."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._resting.append(box)
            return None
