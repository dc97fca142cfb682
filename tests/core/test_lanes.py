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
    until(lambda: not made.lanes._open)


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
    until(lambda: len(road.lanes._open) == 1)
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
    until(lambda: not road.lanes._open)

    road.begin(2)

    assert road.begun == [[1], [2]]


def test_one_that_hangs_slows_nobody_and_ends_when_it_comes_back(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    road.begin(1, 2)
    for job in range(10, 10 + SEATS):
        road.lanes.give(job)
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 0)
    assert road.lanes.hasten()
    until(lambda: len(road.begun) == OPEN + 1)
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 60)

    for job in (20, 21, 22):  # nobody has to look after them
        road.may_end[job].set()
    road.may_end[10].set()
    until(lambda: not road.lanes._open)
    for job in (20, 21, 22):
        road.begin(job)
        until(lambda: not road.lanes._open)

    before = threading.active_count()
    road.may_end[1].set()
    road.may_end[2].set()
    until(lambda: threading.active_count() == before - 2)  # though others may wait by then
    assert road.begun[OPEN:] == [list(range(10, 10 + SEATS)), [20], [21], [22]]


def test_a_job_for_which_no_thread_can_be_had_is_not_done_later() -> None:
    begun: list[Sequence[int]] = []
    can_start = [False, True]

    def open_lane(lane: Callable[[], None]) -> None:
        if not can_start.pop(0):
            raise RuntimeError
        lane()

    made: Lanes[int] = Lanes(begun.append, open_lane)
    with pytest.raises(RuntimeError):
        made.give(1)

    assert not made.give(2)
    assert begun == [[2]]


def test_a_lane_that_is_interrupted_leaves_its_place_to_another() -> None:
    begun: list[Sequence[int]] = []

    def carry(jobs: Sequence[int]) -> None:
        begun.append(jobs)
        if len(begun) == 1:
            raise KeyboardInterrupt

    made: Lanes[int] = Lanes(carry, lambda lane: lane())
    with pytest.raises(KeyboardInterrupt):
        made.give(1)
    made.give(2)

    assert begun == [[1], [2]]


def test_there_may_be_room_for_one_lane_only() -> None:
    opened: list[Callable[[], None]] = []
    made: Lanes[int] = Lanes(lambda _jobs: None, opened.append, most=1)

    for job in range(CROWD * 3):
        made.give(job)

    assert len(opened) == 1
