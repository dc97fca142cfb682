"""Requests that travel together in one thread, as the server lets those of one moment."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from clinic.core.company import LeftCompany, travel
from clinic.core.gathering import Gathering

Answer = TypeVar("Answer")


class Watched(Gathering[Any, Any]):
    """Stands in for a gathering; ``sent`` says how many went together each time."""

    def __init__(self, real: Gathering[Any, Any]) -> None:
        super().__init__(real._name, self._pass, self._go_alone, most=real._most)
        self.sent: list[int] = []
        self.alone = 0
        self._real = real

    def _pass(self, values: Sequence[Any]) -> Sequence[Any]:
        self.sent.append(len(values))
        return self._real._together(values)

    def _go_alone(self, value: Any) -> Any:
        self.alone += 1
        return self._real._alone(value)


def ask_together(
    count: int, ask: Callable[[int], Answer], *, anew: Callable[[Callable[[], None]], None]
) -> list[Answer]:
    """Ask 0 … count - 1 together; who leaves is asked again by ``anew``. Returns the answers."""
    answers: dict[int, Answer] = {}

    def once(number: int) -> None:
        answers[number] = ask(number)

    def go(number: int) -> None:
        try:
            once(number)
        except LeftCompany:
            leavers.append(number)

    leavers: list[int] = []
    travel([partial(go, number) for number in range(count)])
    for number in leavers:
        anew(partial(once, number))
    return [answers[number] for number in range(count) if number in answers]


def until(holds: Callable[[], bool]) -> None:
    """Return when something holds."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.002)
