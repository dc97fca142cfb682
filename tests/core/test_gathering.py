"""Those of one company who want the same kind of thing are sent together."""

from collections.abc import Sequence

import pytest

from clinic.core.gathering import Gathering, GoAloneError
from tests.companions import ask_together


class Ferry:
    """Doubles numbers; no trip takes a bad one."""

    def __init__(self, *, seats: int = 10) -> None:
        self.trips: list[list[int]] = []
        self.swimmers: list[int] = []
        self.shore: Gathering[int, int] = Gathering("ferry", self.cross, self.swim, most=seats)

    def cross(self, numbers: Sequence[int]) -> list[int]:
        """Go together."""
        self.trips.append(list(numbers))
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

    def carry(self, *numbers: int) -> list[int | Exception]:
        """Send a company; who leaves it tries again by himself."""

        def go(place: int) -> int | Exception:
            try:
                return self.shore.result_of(numbers[place])
            except (LookupError, ValueError) as error:
                return error

        return ask_together(len(numbers), go, anew=lambda again: again())


def test_one_without_company_goes_at_once() -> None:
    ferry = Ferry()

    assert [ferry.shore.result_of(number) for number in (1, 2)] == [2, 4]
    assert ferry.trips == [[1], [2]]


def test_a_company_goes_in_its_order_as_many_as_there_are_seats() -> None:
    ferry = Ferry(seats=3)

    assert ferry.carry(1, 2, 3, 4, 5) == [2, 4, 6, 8, 10]
    assert ferry.trips == [[1, 2, 3], [4, 5]]
    assert ferry.swimmers == []


@pytest.mark.parametrize("wrong", [-1, -9])
@pytest.mark.parametrize("bad", [0, 1, 2])
def test_what_is_wrong_with_one_is_told_to_that_one(bad: int, wrong: int) -> None:
    ferry = Ferry(seats=2)
    numbers = [1, 2, 3]
    numbers[bad] = wrong

    told = ferry.carry(*numbers)

    good = [answer for number, answer in zip(numbers, told, strict=True) if number > 0]
    assert good == [2 * number for number in numbers if number > 0]
    # Sent by himself he tries once more only where he is told to.
    assert isinstance(told[bad], ValueError if wrong == -1 else LookupError)


def test_who_is_sent_by_himself_meets_his_own_error() -> None:
    ferry = Ferry()

    with pytest.raises(LookupError):
        ferry.shore.result_of(-9)
    with pytest.raises(ValueError, match="-1"):
        ferry.shore.result_of(-1)
    assert ferry.swimmers == [-1]


def test_two_gatherings_of_one_company_do_not_mix() -> None:
    north, south = Ferry(), Ferry()
    shores = [north.shore, south.shore, north.shore]

    answers = ask_together(3, lambda n: shores[n].result_of(n + 1), anew=lambda again: again())

    assert answers == [2, 4, 6]
    assert (north.trips, south.trips) == ([[1, 3]], [[2]])
