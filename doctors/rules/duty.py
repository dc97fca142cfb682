"""Pure rules: which doctor is wanted, and when his hours for consultations are open."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from doctors.enums import HIGHEST_RANK, LOWEST_RANK

MIDNIGHT = time(0, 0)
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which doctor is looked for. ``doctor_id`` names one; ranks are inclusive, None means any.

    Ranks and department do not count for a named doctor; presence and hours do, unless he
    ``may_be_away``. ``by_phone`` wants one who takes phone instead of text consultations.
    """

    doctor_id: int | None = None
    may_be_away: bool = False
    min_level_rank: int | None = None
    max_level_rank: int | None = None
    department_id: int | None = None
    by_phone: bool = False
    excluded_doctor_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def ranks(self) -> tuple[int, int]:
        """Lowest and highest rank that will do."""
        return self.min_level_rank or LOWEST_RANK, self.max_level_rank or HIGHEST_RANK


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Stretch:
    """A stretch of a weekday (0 = Monday) on the clinic's wall clock; end 00:00 is midnight."""

    weekday: int
    start: time
    end: time

    @property
    def begins(self) -> timedelta:
        """Time from Monday 00:00 to the start."""
        return timedelta(days=self.weekday) + _of_day(self.start)

    @property
    def ends(self) -> timedelta:
        """Time from Monday 00:00 to the end."""
        length = timedelta(days=1) if self.end == MIDNIGHT else _of_day(self.end)
        return timedelta(days=self.weekday) + length


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether hours are open now and until when; ``ends_at`` None means without end."""

    is_open: bool
    ends_at: datetime | None = None


def opening(stretches: Iterable[Stretch], local: datetime) -> Opening:
    """Say whether a moment on the clinic's wall clock lies in the stretches, none meaning always.

    Stretches that touch, also over midnight and from Sunday to Monday, count as one.
    """
    week = sorted(stretches)
    if not week:
        return Opening(is_open=True)
    since_monday = timedelta(days=local.weekday()) + _of_day(local.time())
    current = next((one for one in week if one.begins <= since_monday < one.ends), None)
    if current is None:
        return Opening(is_open=False)
    end = current.ends
    begins = {one.begins: one for one in week}
    for _step in week:
        following = begins.get(end % WEEK)
        if following is None:
            return Opening(True, local + (end - since_monday))
        end += following.ends - following.begins
    return Opening(is_open=True)  # the whole week round


def overlapping(stretches: Iterable[Stretch]) -> bool:
    """Say whether two stretches share a minute."""
    week = sorted(stretches)
    return any(left.ends > right.begins for left, right in itertools.pairwise(week))


def _of_day(moment: time) -> timedelta:
    return timedelta(
        hours=moment.hour,
        minutes=moment.minute,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
