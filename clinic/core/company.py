"""Short jobs that one thread carries together: what one waits for is asked for all who wait for it.

Each runs in a greenlet of its own, so nothing of it is written differently. At a ``Gathering`` it
gives way to the next; when all wait or have ended, the thread asks once for each gathering and each
goes on with what came of its value. Two threads with eight requests each change places some ten
times where sixteen threads with one each do so hundreds of times, which was a third of their work.

All use the thread's connection, so nobody gives way inside a transaction. Who may have to wait long
leaves, and begins anew where he keeps nobody waiting.
"""

import contextvars
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from greenlet import getcurrent, greenlet

Job = Callable[[], None]


class LeftCompany(BaseException):
    """This job has done nothing yet that counts, and begins anew by itself."""


class Meeting(Protocol):
    """Where those of a company wait for each other."""

    def outcomes_of(self, values: Sequence[Any]) -> Sequence[Any]:
        """Return what came of each value, in their order."""


class _Traveller(greenlet):
    """One job under way, and what it waits for."""

    meeting: Meeting
    value: Any

    def wait_at(self, meeting: Meeting, value: Any) -> Any:
        self.meeting, self.value = meeting, value
        assert self.parent is not None
        return self.parent.switch()


def wait_at(meeting: Meeting, value: Any) -> Any:
    """Return what came of a value, at once for one who travels alone."""
    here = getcurrent()
    if isinstance(here, _Traveller):
        return here.wait_at(meeting, value)
    return meeting.outcomes_of([value])[0]


def leave() -> None:
    """Leave the company, if there is one: what follows may take long. Raises LeftCompany."""
    if isinstance(getcurrent(), _Traveller):
        raise LeftCompany


def travel(jobs: Iterable[Job], *, after_each_leg: Job = lambda: None) -> None:
    """Do jobs, which raise nothing, together in this thread; returns when all are done.

    Each has a copy of the thread's context. ``after_each_leg`` is called when some may have ended.
    """
    context = contextvars.copy_context()
    under_way: list[_Traveller] = []
    try:
        for job in jobs:
            one = _Traveller(job)
            one.gr_context = context.copy()
            under_way.append(one)
            one.switch()
        while under_way := [one for one in under_way if not one.dead]:
            after_each_leg()
            _go_on(under_way)
    finally:
        for one in under_way:
            if not one.dead:  # this thread was interrupted
                one.throw()
        after_each_leg()


def _go_on(under_way: Sequence[_Traveller]) -> None:
    """Ask for all who wait where most do, so that the others may catch up with company."""
    crowds: dict[Meeting, list[_Traveller]] = {}
    for one in under_way:
        crowds.setdefault(one.meeting, []).append(one)
    meeting, here = max(crowds.items(), key=lambda crowd: len(crowd[1]))
    outcomes = meeting.outcomes_of([one.value for one in here])
    for one, outcome in zip(here, outcomes, strict=True):
        one.switch(outcome)
