"""As few threads as the work needs, and whoever rested last works first."""

import threading

import pytest

from clinic.core import crew
from clinic.core.crew import Crew
from tests.companions import until


class Desk:
    """Jobs that say which thread does them, and last until they may end."""

    def __init__(self, *, most: int) -> None:
        self.begun: dict[int, str] = {}
        self.may_end = [threading.Event() for _job in range(10)]
        self.left = 0
        self.crew = Crew(self._do, most=most, name="hand", farewell=self._leave)

    def _do(self, job: int) -> None:
        self.begun[job] = threading.current_thread().name
        assert self.may_end[job].wait(20)

    def _leave(self) -> None:
        self.left += 1

    def begin(self, *jobs: int) -> None:
        """Give jobs one after the other, each begun before the next."""
        for job in jobs:
            self.crew.give(job)
            until(lambda one=job: one in self.begun)  # type: ignore[misc]

    def end(self, *jobs: int) -> None:
        """Let jobs end one after the other, each thread at rest before the next."""
        for job in jobs:
            resting = len(self.crew._resting)
            self.may_end[job].set()
            until(lambda before=resting: len(self.crew._resting) == before + 1)  # type: ignore[misc]


def test_one_thread_does_what_comes_one_after_the_other() -> None:
    desk = Desk(most=4)

    for job in range(3):
        desk.begin(job)
        desk.end(job)

    assert desk.begun == {0: "hand-0", 1: "hand-0", 2: "hand-0"}


@pytest.mark.parametrize("last", [0, 1, 2])
def test_who_rested_last_works_first(last: int) -> None:
    desk = Desk(most=3)
    desk.begin(0, 1, 2)
    desk.end(*({0, 1, 2} - {last}), last)

    desk.begin(4)
    desk.end(4)

    assert desk.begun[4] == f"hand-{last}"


def test_what_comes_while_all_are_busy_waits_in_its_order() -> None:
    desk = Desk(most=2)
    desk.begin(0, 1)
    for job in (2, 3):
        desk.crew.give(job)
    assert list(desk.crew._waiting) == [2, 3]

    desk.may_end[1].set()
    until(lambda: 2 in desk.begun)
    desk.may_end[2].set()
    until(lambda: 3 in desk.begun)

    assert desk.begun == {0: "hand-0", 1: "hand-1", 2: "hand-1", 3: "hand-1"}
    desk.end(0, 3)


def test_after_a_long_rest_all_but_one_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "REST_SECONDS", 0.02)
    desk = Desk(most=3)
    desk.begin(0, 1, 2)
    for job in (0, 1, 2):
        desk.may_end[job].set()

    until(lambda: desk.left == 2)

    desk.begin(4)
    desk.may_end[4].set()
    assert desk.crew._count == 1


def test_where_no_other_thread_can_be_started_the_others_have_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(most=3)
    desk.begin(0)

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", refuse)
        desk.crew.give(1)
        with pytest.raises(RuntimeError):
            Desk(most=1).crew.give(0)

    desk.may_end[0].set()
    until(lambda: 1 in desk.begun)
    desk.begin(2)
    assert (desk.begun[1], desk.begun[2]) == ("hand-0", "hand-1")
    desk.end(1, 2)
