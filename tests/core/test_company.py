"""One thread carries several jobs: they wait together, and see nothing of each other."""

import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import partial

import pytest

from clinic.core import company
from clinic.core.company import LeftCompany, travel, wait_at

word: ContextVar[str] = ContextVar("word", default="nothing")


class Well:
    """Gives everybody his number twice, and writes down who came together."""

    def __init__(self) -> None:
        self.met: list[list[int]] = []
        self.threads: set[int] = set()

    def outcomes_of(self, values: Sequence[int]) -> list[int]:
        self.met.append(list(values))
        self.threads.add(threading.get_ident())
        return [2 * value for value in values]


def test_what_one_waits_for_is_asked_once_for_all_and_each_gets_his_own() -> None:
    well, found = Well(), {}

    def draw(number: int) -> None:
        found[number] = wait_at(well, wait_at(well, number))

    travel([partial(draw, number) for number in (1, 2, 3)])

    assert well.met == [[1, 2, 3], [2, 4, 6]]
    assert found == {1: 4, 2: 8, 3: 12}
    assert well.threads == {threading.get_ident()}


def test_each_place_is_asked_for_those_who_wait_there() -> None:
    first, second = Well(), Well()

    travel([partial(wait_at, well, n) for n, well in enumerate((first, second, first))])

    assert (first.met, second.met) == ([[0, 2]], [[1]])


def test_one_by_himself_is_answered_at_once() -> None:
    well = Well()

    assert wait_at(well, 5) == 10
    company.leave()  # there is nobody to leave


def test_nobody_sees_what_another_keeps_in_his_context() -> None:
    well, seen = Well(), {}
    word.set("ours")

    def speak(number: int) -> None:
        before = word.get()
        word.set(f"of {number}")
        wait_at(well, number)
        seen[number] = before, word.get()

    travel([partial(speak, number) for number in (1, 2)])

    assert seen == {1: ("ours", "of 1"), 2: ("ours", "of 2")}
    assert word.get() == "ours"


def test_who_is_done_early_need_not_wait_for_the_end() -> None:
    well, done, seen = Well(), [], []

    def go(number: int) -> None:
        for _leg in range(number):
            wait_at(well, number)
        done.append(number)

    travel(
        [partial(go, number) for number in (2, 0, 1)], after_each_leg=lambda: seen.append([*done])
    )

    assert seen == [[0], [0, 1], [0, 1, 2]]


def test_who_leaves_is_told_so_only_in_company() -> None:
    left = []

    def go() -> None:
        try:
            company.leave()
        except LeftCompany:
            left.append(True)

    travel([go])
    company.leave()

    assert left == [True]


def test_those_under_way_end_when_their_thread_is_interrupted() -> None:
    class Storm:
        def outcomes_of(self, values: Sequence[int]) -> list[int]:
            raise KeyboardInterrupt

    ended: list[int] = []

    def go(number: int) -> None:
        try:
            wait_at(Storm() if number else Well(), number)
        finally:
            ended.append(number)

    with pytest.raises(KeyboardInterrupt):
        travel([partial(go, number) for number in (1, 2)])

    assert ended == [1, 2]


def test_a_company_may_be_empty() -> None:
    called: list[Callable[[], None]] = []

    travel([], after_each_leg=lambda: called.append(print))

    assert len(called) == 1
