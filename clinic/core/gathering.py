"""Work of one kind that a company of requests waits for goes together.

A statement for ten costs PostgreSQL far less than ten statements: it is started, its checks are
read and it is committed once.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from clinic.core.company import leave, wait_at
from clinic.core.metrics import GATHERED

log = logging.getLogger(__name__)
Value = TypeVar("Value")
Result = TypeVar("Result")


class GoAloneError(Exception):
    """Nothing was done together, and each may do better alone."""


@dataclass(frozen=True, slots=True)
class _Done(Generic[Result]):
    result: Result


Outcome = _Done[Result] | Exception


class Gathering(Generic[Value, Result]):
    """Values of the requests of one company, sent together; of others each is sent by itself.

    ``together`` takes one to ``most`` values and returns a result for each, in their order. When it
    raises it has done nothing: the error of one value is raised to him, several go ``alone``, so
    that what is wrong with one is told to that one; with GoAloneError one does too.
    """

    def __init__(
        self,
        name: str,
        together: Callable[[Sequence[Value]], Sequence[Result]],
        alone: Callable[[Value], Result],
        *,
        most: int,
    ) -> None:
        """``name`` is that of the work in the metrics."""
        self._name, self._together, self._alone, self._most = name, together, alone, most
        self._count_sent = GATHERED.labels(work=name, how="together").inc
        self._count_alone = GATHERED.labels(work=name, how="alone").inc

    def result_of(self, value: Value) -> Result:
        """Return what came of a value. Raises what going alone with it raises."""
        outcome: Outcome[Result] = wait_at(self, value)
        if isinstance(outcome, _Done):
            return outcome.result
        if not isinstance(outcome, GoAloneError):
            raise outcome
        leave()  # he may wait for what kept them all
        self._count_alone()
        return self._alone(value)

    def outcomes_of(self, values: Sequence[Value]) -> list[Outcome[Result]]:
        """Send values; return what came of each, in their order."""
        found: list[Outcome[Result]] = []
        for start in range(0, len(values), self._most):
            found += self._sent(values[start : start + self._most])
        return found

    def _sent(self, values: Sequence[Value]) -> Sequence[Outcome[Result]]:
        try:
            results = self._together(values)
        except GoAloneError as error:
            return [error] * len(values)
        except Exception as error:  # noqa: BLE001 each finds out by himself what it was
            if len(values) == 1:
                return [error]
            log.warning("gathered in vain: %s, %s", self._name, type(error).__name__)
            return [GoAloneError()] * len(values)
        assert len(results) == len(values), self._name
        self._count_sent(len(values))
        return [_Done(result) for result in results]
