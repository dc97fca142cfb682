"""Threads that work: as few of them as the work needs, whoever rested last works first.

A thread keeps what it has used, a connection to the database above all. Were all asked in turn,
all would hold one, and each would come to its own work cold.
"""

import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final, Generic, TypeVar

Job = TypeVar("Job")
REST_SECONDS: Final = 60.0  # then a thread ends, but for the last one


class Crew(Generic[Job]):
    """``most`` threads at most, each started when all before it are busy.

    ``work`` does one job and raises nothing; a thread that ends calls ``farewell``.
    """

    def __init__(
        self,
        work: Callable[[Job], None],
        *,
        most: int,
        name: str,
        farewell: Callable[[], None] = lambda: None,
    ) -> None:
        self._work, self._most, self._name, self._farewell = work, most, name, farewell
        self._lock: Final = threading.Lock()
        self._resting: list[SimpleQueue[Job]] = []  # their letter boxes
        self._waiting: deque[Job] = deque()
        self._count = 0

    def give(self, job: Job) -> None:
        """Have a job done, in the order of giving; returns at once, from any thread.

        Raises RuntimeError when not even one thread can be started.
        """
        with self._lock:
            box = self._resting.pop() if self._resting else self._another()
            if box is None:
                self._waiting.append(job)
            else:
                box.put(job)

    def _another(self) -> SimpleQueue[Job] | None:
        """Return the box of a new thread; None where the others have to do."""
        if self._count == self._most:
            return None
        box: SimpleQueue[Job] = SimpleQueue()
        name = f"{self._name}-{self._count}"
        try:
            threading.Thread(target=self._live, args=(box,), name=name, daemon=True).start()
        except RuntimeError:  # the machine gives no more of them
            if not self._count:
                raise
            return None
        self._count += 1
        return box

    def _live(self, box: SimpleQueue[Job]) -> None:
        # In the thread's own context: what Django keeps there (the cache's connections) stays.
        job: Job | None = box.get()
        while job is not None:
            self._work(job)
            job = self._next(box)
        self._farewell()

    def _next(self, box: SimpleQueue[Job]) -> Job | None:
        """Return the next job, maybe after a rest; None to end."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._resting.append(box)
        while True:
            try:
                return box.get(timeout=REST_SECONDS)
            except Empty:
                if self._may_end(box):
                    return None

    def _may_end(self, box: SimpleQueue[Job]) -> bool:
        with self._lock:
            if self._count == 1 or box not in self._resting:  # the only one, or just called
                return False
            self._resting.remove(box)
            self._count -= 1
            return True
