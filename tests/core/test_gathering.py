"""Those who come while others are under way go together as the next."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from clinic.core.gathering import Gathering


class Ferry:
    """Doubles numbers; the first trip waits until it may leave, and no trip takes a bad number."""

    def __init__(self, *, seats: int = 10) -> None:
        self.trips: list[list[int]] = []
        self.swimmers: list[int] = []
        self.is_away, self.may_leave = threading.Event(), threading.Event()
        self.shore: Gathering[int, int] = Gathering(self.cross, self.swim, most=seats)

    def cross(self, numbers: Sequence[int]) -> list[int]:
        """Go together."""
        self.trips.append(list(numbers))
        self.is_away.set()
        assert self.may_leave.wait(10)
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
            assert self.is_away.wait(10)
            for place, number in enumerate(others, 1):
                results.append(pool.submit(self.shore.result_of, number))
                _until(lambda wait=place: len(self.shore._waiting) == wait)  # type: ignore[misc]
            self.may_leave.set()
        return results


def _until(holds: Callable[[], bool]) -> None:
    for _try in range(1000):
        if holds():
            return
        threading.Event().wait(0.005)
    raise TimeoutError


def test_who_finds_nobody_under_way_goes_at_once() -> None:
    ferry = Ferry()
    ferry.may_leave.set()

    assert [ferry.shore.result_of(number) for number in (1, 2)] == [2, 4]
    assert ferry.trips == [[1], [2]]


def test_who_comes_meanwhile_goes_with_the_next_in_the_order_of_coming() -> None:
    ferry = Ferry(seats=3)

    results = ferry.carry(1, 2, 3, 4, 5)

    assert [one.result() for one in results] == [2, 4, 6, 8, 10]
    assert ferry.trips == [[1], [2, 3, 4], [5]]
    assert ferry.swimmers == []


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_what_is_wrong_with_one_is_told_to_that_one_and_the_line_goes_on(bad: int) -> None:
    ferry = Ferry(seats=2)
    numbers = [1, 2, 3, 4]
    numbers[bad] = -9

    results = ferry.carry(*numbers)

    with pytest.raises(ValueError, match="-9"):
        results[bad].result()
    told = [one.result() for number, one in zip(numbers, results, strict=True) if number > 0]
    assert told == [2 * number for number in numbers if number > 0]
    assert len(ferry.trips) == 3
    assert ferry.shore.result_of(7) == 14
