"""Those who come while others are under way go together as the next."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from clinic.core import gathering
from clinic.core.gathering import Gathering, GoAloneError
from tests.doorway import be_patient, until


class Ferry:
    """Doubles numbers; the first trip waits until it may leave, and no trip takes a bad number."""

    def __init__(self, *, seats: int = 10) -> None:
        self.trips: list[list[int]] = []
        self.swimmers: list[int] = []
        self.is_away, self.may_leave = threading.Event(), threading.Event()
        self.shore: Gathering[int, int] = Gathering("ferry", self.cross, self.swim, most=seats)

    def cross(self, numbers: Sequence[int]) -> list[int]:
        """Go together."""
        self.trips.append(list(numbers))
        if len(self.trips) == 1:
            self.is_away.set()
            assert self.may_leave.wait(20)
        if -1 in numbers:
            raise GoAloneError
        if min(numbers) < 0:
            raise LookupError("somebody")
        return [2 * number for number in numbers]

    def swim(self, number: int) -> int:
        """Go alone."""
        self.swimmers.append(number)
        if number < 0:
            raise ValueError(number)
        return 2 * number

    def carry(self, first: int, *others: int) -> list[Future[int]]:
        """Let the first one leave, the others come meanwhile one after the other."""
        with ThreadPoolExecutor(1 + len(others)) as pool:
            results = [pool.submit(self.shore.result_of, first)]
            assert self.is_away.wait(20)
            for place, number in enumerate(others, 1):
                results.append(pool.submit(self.shore.result_of, number))
                until(lambda wait=place: len(self.shore._waiting) == wait)  # type: ignore[misc]
            self.may_leave.set()
        return results


@pytest.fixture
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    be_patient(monkeypatch)


@pytest.mark.usefixtures("_patience")
def test_who_finds_nobody_under_way_goes_at_once() -> None:
    ferry = Ferry()
    ferry.may_leave.set()

    assert [ferry.shore.result_of(number) for number in (1, 2)] == [2, 4]
    assert ferry.trips == [[1], [2]]


@pytest.mark.usefixtures("_patience")
def test_who_comes_meanwhile_goes_with_the_next_in_the_order_of_coming() -> None:
    ferry = Ferry(seats=3)

    results = ferry.carry(1, 2, 3, 4, 5)

    assert [one.result() for one in results] == [2, 4, 6, 8, 10]
    assert ferry.trips == [[1], [2, 3, 4], [5]]
    assert ferry.swimmers == []


@pytest.mark.usefixtures("_patience")
@pytest.mark.parametrize("wrong", [-1, -9])
@pytest.mark.parametrize("bad", [0, 1, 2])
def test_what_is_wrong_with_one_is_told_to_that_one_and_the_line_goes_on(
    bad: int, wrong: int
) -> None:
    ferry = Ferry(seats=2)
    numbers = [1, 2, 3, 4]
    numbers[bad] = wrong

    results = ferry.carry(*numbers)

    told = [one.result() for number, one in zip(numbers, results, strict=True) if number > 0]
    assert told == [2 * number for number in numbers if number > 0]
    # What was wrong with one sent by himself is his; he tries again only where told to.
    expected = LookupError if (bad, wrong) == (0, -9) else ValueError
    with pytest.raises(expected):
        results[bad].result()
    assert [len(trip) for trip in ferry.trips] == [1, 2, 1]
    assert ferry.shore.result_of(7) == 14


def test_what_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 0.05)
    ferry = Ferry()
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(ferry.shore.result_of, 1)
        assert ferry.is_away.wait(20)

        assert [ferry.shore.result_of(number) for number in (2, 3)] == [4, 6]

        ferry.may_leave.set()
    assert hanging.result() == 2
    assert ferry.shore.result_of(4) == 8
    assert ferry.trips == [[1], [2], [3], [4]]


def test_who_was_sent_with_somebody_that_hangs_goes_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ferry, hangs = Ferry(), threading.Event()
    whole = ferry.shore._together

    def hang(numbers: Sequence[int]) -> Sequence[int]:
        found = whole(numbers)
        if len(numbers) > 1:
            assert hangs.wait(20)
        return found

    be_patient(monkeypatch)
    monkeypatch.setattr(ferry.shore, "_together", hang)
    with ThreadPoolExecutor(3) as pool:
        results = [pool.submit(ferry.shore.result_of, 1)]
        assert ferry.is_away.wait(20)
        monkeypatch.setattr(gathering, "PATIENCE_SECONDS", 0.2)
        results += [pool.submit(ferry.shore.result_of, number) for number in (2, 3)]
        until(lambda: len(ferry.shore._waiting) == 2)
        ferry.may_leave.set()

        until(lambda: len(ferry.swimmers) == 1)  # the follower; the leader hangs himself
        assert ferry.shore.result_of(4) == 8
        hangs.set()

    assert sorted(one.result() for one in results) == [2, 4, 6]


def test_an_interrupted_leader_leaves_the_line_to_others() -> None:
    ferry = Ferry()
    ferry.may_leave.set()

    def interrupt(_numbers: Sequence[int]) -> Sequence[int]:
        raise KeyboardInterrupt

    interrupted, ferry.shore._together = ferry.shore._together, interrupt
    with pytest.raises(KeyboardInterrupt):
        ferry.shore.result_of(1)
    ferry.shore._together = interrupted

    assert ferry.shore.result_of(2) == 4
    assert ferry.shore._waiting == []


def test_a_child_of_a_process_that_is_under_way_starts_over() -> None:
    ferry = Ferry()
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(ferry.shore.result_of, 1)
        assert ferry.is_away.wait(20)
        child = os.fork()
        if not child:
            os._exit(0 if ferry.shore.result_of(2) == 4 else 1)
        assert os.waitpid(child, 0)[1] == 0
        ferry.may_leave.set()
    assert under_way.result() == 2
