"""As few threads as the work needs, and whoever rested last works first."""

import threading
from collections.abc import Callable

from clinic.core.crew import Crew


class Desk:
    """Jobs that say which thread does them, and wait for a word where they are told to."""

    def __init__(self, *, most: int) -> None:
        self.done: list[tuple[int, str]] = []
        self.words = [threading.Event() for _job in range(10)]
        self.crew = Crew(self._do, most=most, name="hand")

    def _do(self, job: int) -> None:
        assert self.words[job].wait(10)
        self.done.append((job, threading.current_thread().name))

    def finish(self, *jobs: int) -> None:
        """Let jobs come to their end, one after the other."""
        for job in jobs:
            self.words[job].set()
            _until(lambda one=job: any(one == done for done, _name in self.done))  # type: ignore[misc]
        _until(lambda: len(self.crew._resting) + len(self.crew._waiting) > 0)


def _until(holds: Callable[[], bool]) -> None:
    for _try in range(1000):
        if holds():
            return
        threading.Event().wait(0.005)
    raise TimeoutError


def test_one_thread_does_what_comes_one_after_the_other() -> None:
    desk = Desk(most=4)

    for job in range(3):
        desk.crew.give(job)
        desk.finish(job)

    assert desk.done == [(0, "hand-0"), (1, "hand-0"), (2, "hand-0")]


def test_another_is_started_while_all_are_busy_and_the_last_to_rest_works_first() -> None:
    desk = Desk(most=2)

    for job in range(4):  # two work, two wait
        desk.crew.give(job)
    desk.finish(1)
    desk.finish(0, 2, 3)
    _until(lambda: len(desk.crew._resting) == 2)
    desk.words[4].set()
    desk.crew.give(4)
    desk.finish(4)

    told = dict(desk.done)
    assert (told[0], told[1], told[2]) == ("hand-0", "hand-1", "hand-1")
    assert {told[3], told[4]} <= {"hand-0", "hand-1"}
    assert len(desk.done) == 5
