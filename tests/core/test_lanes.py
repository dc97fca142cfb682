"""What comes while two threads are busy waits, and goes together with the next."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import pytest

from clinic.core import lanes
from clinic.core.lanes import CROWD, OPEN, SEATS, Lanes
from tests.companions import until


class Road:
    """Lanes whose companies last until they may end; a job is a number."""

    def __init__(self) -> None:
        self.begun: list[list[int]] = []
        self.may_end: dict[int, threading.Event] = defaultdict(threading.Event)  # by first job
        self.is_over = threading.Event()
        self.lanes: Lanes[int] = Lanes(self._carry, self._open)

    def _open(self, lane: Callable[[], None]) -> None:
        threading.Thread(target=lane, daemon=True).start()

    def _carry(self, jobs: Sequence[int]) -> None:
        self.begun.append(list(jobs))
        while not (self.is_over.is_set() or self.may_end[jobs[0]].wait(0.01)):
            pass

    def begin(self, *jobs: int) -> None:
        """Give jobs one after the other, each begun before the next."""
        for job in jobs:
            self.lanes.give(job)
            until(lambda one=job: [one] in self.begun)  # type: ignore[misc]


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    """Lanes in which nobody loses patience, all closed again at the end."""
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 60)
    made = Road()
    yield made
    made.is_over.set()
    until(lambda: made.lanes._open == 0)


def test_who_finds_a_lane_free_goes_at_once(road: Road) -> None:
    road.begin(1, 2)

    assert road.begun == [[1], [2]]


def test_who_comes_while_both_are_busy_goes_together_with_the_next(road: Road) -> None:
    road.begin(1, 2)
    more = range(10, 10 + SEATS + 2)
    assert all(road.lanes.give(job) for job in more)

    road.may_end[2].set()
    until(lambda: len(road.begun) == OPEN + 1)
    assert road.begun[-1] == list(more)[:SEATS]
    road.may_end[1].set()
    until(lambda: len(road.begun) == OPEN + 2)
    assert road.begun[-1] == list(more)[SEATS:]


def test_where_many_are_carried_the_second_lane_waits_for_a_crowd(road: Road) -> None:
    road.begin(1, 2)
    for job in range(10, 10 + SEATS):
        road.lanes.give(job)
    road.may_end[1].set()
    until(lambda: len(road.begun) == OPEN + 1)
    road.may_end[2].set()
    until(lambda: road.lanes._open == 1)
    assert road.begun[-1] == list(range(10, 10 + SEATS))

    crowd = list(range(30, 30 + CROWD))
    asked = [road.lanes.give(job) for job in crowd]
    until(lambda: len(road.begun) == 4)

    assert asked == [True] * (CROWD - 1) + [False]
    assert road.begun[-1] == crowd


def test_another_lane_is_opened_only_where_nobody_gets_on(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    road.begin(1, 2)
    road.lanes.give(3)

    assert road.lanes.hasten()
    assert len(road.begun) == OPEN

    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 0)
    assert road.lanes.hasten()
    until(lambda: road.begun == [[1], [2], [3]])
    assert not road.lanes.hasten()  # nobody waits any more


def test_who_comes_when_nobody_gets_on_opens_a_lane_himself(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 0)

    road.begin(1, 2, 3)

    assert road.begun == [[1], [2], [3]]


def test_a_lane_that_was_closed_opens_again(road: Road) -> None:
    road.may_end[1].set()
    road.begin(1)
    until(lambda: road.lanes._open == 0)

    road.begin(2)

    assert road.begun == [[1], [2]]
