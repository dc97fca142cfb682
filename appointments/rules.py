"""Pure rules: which times of a doctor are free, and why one cannot be booked.

Instants are whole seconds since 1970, intervals half-open. A slot lies whole inside the hours and
outside leave; with its buffers it meets no appointment but those of its own group.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from math import ceil, floor
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from appointments import errors
from appointments.enums import Refusal
from clinic.core.errors import ClinicError
from doctors.rules.calendar import Spans
from doctors.rules.wall_clock import Day, PlainDay

REFUSED: Final[Mapping[Refusal, type[ClinicError]]] = {
    Refusal.IN_PAST: errors.InPastError,
    Refusal.BAD_DURATION: errors.BadDurationError,
    Refusal.TOO_SOON: errors.TooSoonError,
    Refusal.TOO_FAR: errors.TooFarError,
    Refusal.OUTSIDE_HOURS: errors.OutsideHoursError,
    Refusal.OFF_GRID: errors.OffGridError,
    Refusal.SLOT_TAKEN: errors.SlotTakenError,
    Refusal.CAPACITY_FULL: errors.CapacityFullError,
}
Range = tuple[int, int]


def is_one_date(zone: str, one: datetime, other: datetime) -> bool:
    """Say whether two moments lie on one date of a wall clock."""
    wall = ZoneInfo(zone)
    return one.astimezone(wall).date() == other.astimezone(wall).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What a type asks of a time; lengths in seconds. Without a ``step`` any minute begins one."""

    kind_id: int
    duration: int
    step: int
    before: int = 0
    after: int = 0
    capacity: int = 1
    min_notice: int = 0
    max_advance: int
    needs_hours: bool = True

    def without_notice(self) -> "Terms":
        """Return the terms on which the desk looks for times: the same grid, up to a year ahead."""
        return replace(self, min_notice=0, max_advance=DESK_ADVANCE)

    def at_the_desk(self) -> "Terms":
        """Return the terms on which the desk books: any minute, without notice, a year ahead."""
        return replace(self.without_notice(), step=0)

    def outside_hours(self) -> "Terms":
        """Return the terms of the desk for a time at which nobody works; leave still holds."""
        return replace(self.at_the_desk(), needs_hours=False)

    def window(self, moment: datetime) -> Range:
        """Return the first and the last instant that may be booked now, both inclusive."""
        at = moment.timestamp()
        return ceil(at + self.min_notice), floor(at + self.max_advance)


DESK_ADVANCE: Final = int(timedelta(days=366).total_seconds())


class Busy(NamedTuple):
    """Time of a doctor that a blocking appointment takes, buffers included."""

    begins: int
    ends: int
    kind_id: int = 0
    starts_at: int = 0
    seats: int = 256


@dataclass(frozen=True, slots=True)
class Stretch:
    """Opening hours of one date: ``starts`` is the grid, ``closes`` may lie on the next date."""

    begins: int
    ends: int
    closes: int
    starts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of a doctor's time at a place: hours, leave, blocking appointments."""

    hours: Sequence[Stretch] = ()
    leaves: Sequence[Range] = ()
    busy: Sequence[Busy] = ()
    holds_until: int = 0  # when the first of the holds among them ends; 0 without any


def stretches(days: Sequence[tuple[Day, Spans]], step: int) -> list[Stretch]:
    """Return the stretches of consecutive dates but the last, which only says what goes on.

    The grid counts wall time from the start of each stretch, anew after midnight.
    """
    found: list[Stretch] = []
    following: Stretch | None = None
    for index in range(len(days) - 1, -1, -1):
        day, spans = days[index]
        for start, end in reversed(spans):
            begins, ends = day.edge(start), day.edge(end)
            goes_on = following is not None and following.begins == ends
            closes = following.closes if goes_on and following else ends
            following = Stretch(begins, ends, closes, _grid(day, start, end, step))
            if index < len(days) - 1:
                found.append(following)
    return found[::-1]


def _grid(day: Day, start: int, end: int, step: int) -> Sequence[int]:
    if not step:
        return ()
    if isinstance(day, PlainDay):
        return range(day.edge(start), day.edge(end), step)
    instants = (day.instant(minute) for minute in range(start, end, step // 60))
    return tuple(at for at in instants if at is not None)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Starts that are not free: strictly between ``after`` and ``before`` of each pair."""

    after: Sequence[int]
    before: Sequence[int]
    seated: Mapping[int, int]  # people of the type's own groups, by start


NOTHING: Final = Blocked((), (), {})


def blocked(terms: Terms, calendar: Calendar) -> Blocked:
    """Turn a doctor's leaves and appointments into the starts that they forbid."""
    gaps = [(begins - terms.duration, ends) for begins, ends in calendar.leaves]
    seated: Counter[int] = Counter()
    for one in calendar.busy:
        low, high = one.begins - terms.duration - terms.after, one.ends + terms.before
        if terms.capacity > 1 and one.kind_id == terms.kind_id:
            gaps += [(low, one.starts_at), (one.starts_at, high)]
            seated[one.starts_at] += one.seats
        else:
            gaps.append((low, high))
    gaps += [(at - 1, at + 1) for at, seats in seated.items() if seats >= terms.capacity]
    joined = _joined(gaps)
    return Blocked([low for low, _ in joined], [high for _, high in joined], seated)


def _gaps(terms: Terms, calendar: Calendar) -> list[Range]:
    """Return in order which starts leaves and appointments forbid to somebody alone."""
    below, above = terms.duration + terms.after, terms.before
    gaps = [(begins - below, ends + above) for begins, ends, *_ in calendar.busy]
    gaps += [(begins - terms.duration, ends) for begins, ends in calendar.leaves]
    return sorted(gaps)


def _joined(gaps: Iterable[Range]) -> list[Range]:
    """Return open gaps in order, those that overlap as one; what lies between two stays free."""
    joined: list[Range] = []
    for low, high in sorted(gaps):
        if joined and low < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def free_runs(
    hours: Iterable[Stretch], terms: Terms, taken: Blocked, window: Range
) -> Iterator[Sequence[int]]:
    """Yield runs of free starts in order. Work grows with the gaps, not with the slots."""
    for stretch in hours:
        last = min(window[1], stretch.closes - terms.duration)
        yield from _runs(stretch.starts, (window[0], last), taken)


def free_places(calendars: Iterable[Calendar], terms: Terms, window: Range) -> Counter[int]:
    """Return how many doctors are free at each start, for types of one person at a time.

    Doctors who keep the very same hours are counted together, less who is taken.
    """
    together: dict[int, list[Calendar]] = defaultdict(list)
    for calendar in calendars:
        together[id(calendar.hours)].append(calendar)
    places: Counter[int] = Counter()
    for group in together.values():
        runs = free_runs(group[0].hours, terms, NOTHING, window)
        starts = list(chain.from_iterable(runs))
        free = [len(group)] * len(starts)
        for calendar in group:
            done = 0
            for low, high in _gaps(terms, calendar):
                first, done = max(done, bisect_right(starts, low)), bisect_left(starts, high, done)
                for index in range(first, done):
                    free[index] -= 1
        places.update({at: count for at, count in zip(starts, free, strict=True) if count})
    return places


def _runs(starts: Sequence[int], window: Range, taken: Blocked) -> Iterator[Sequence[int]]:
    at, stop = bisect_left(starts, window[0]), bisect_right(starts, window[1])
    index = bisect_right(taken.before, starts[at]) if at < stop else 0
    while at < stop:
        has_gap = index < len(taken.before)
        until = bisect_right(starts, taken.after[index], at, stop) if has_gap else stop
        if until > at:
            yield starts[at:until]
        at = bisect_left(starts, taken.before[index], until, stop) if until < stop else stop
        index += 1


def minutes_late(starts_at: datetime | None, came_at: datetime | None) -> int:
    """Return how many whole minutes after the start somebody came; 0 before it, or not yet."""
    if starts_at is None or came_at is None:
        return 0
    return max(0, int((came_at - starts_at).total_seconds()) // 60)


def bookable(
    starts_at: datetime, ends_at: datetime, *, terms: Terms, calendar: Calendar, moment: datetime
) -> Refusal | None:
    """Return why a time of a doctor cannot be booked, None when it can."""
    slot = floor(starts_at.timestamp()), ceil(ends_at.timestamp())
    return (
        untimely(starts_at, ends_at, terms, moment)
        or _closed(slot, terms, calendar)
        or _off_grid(starts_at, terms, calendar)
        or _taken(slot, terms, calendar)
    )


def untimely(
    starts_at: datetime, ends_at: datetime, terms: Terms, moment: datetime
) -> Refusal | None:
    """Return why a time cannot be booked whatever the calendars say."""
    if starts_at < moment:
        return Refusal.IN_PAST
    if ends_at - starts_at != timedelta(seconds=terms.duration):
        return Refusal.BAD_DURATION
    first, last = terms.window(moment)
    if starts_at.timestamp() < first:
        return Refusal.TOO_SOON
    return Refusal.TOO_FAR if starts_at.timestamp() > last else None


def _closed(slot: Range, terms: Terms, calendar: Calendar) -> Refusal | None:
    begins, ends = slot
    stretch = next((one for one in calendar.hours if one.begins <= begins < one.ends), None)
    is_open = not terms.needs_hours or (stretch is not None and ends <= stretch.closes)
    is_away = any(begins < until and since < ends for since, until in calendar.leaves)
    return None if is_open and not is_away else Refusal.OUTSIDE_HOURS


def _off_grid(starts_at: datetime, terms: Terms, calendar: Calendar) -> Refusal | None:
    if not terms.step:
        return None
    at = floor(starts_at.timestamp())
    is_on_grid = not starts_at.microsecond and any(at in one.starts for one in calendar.hours)
    return None if is_on_grid else Refusal.OFF_GRID


def _taken(slot: Range, terms: Terms, calendar: Calendar) -> Refusal | None:
    begins, low, high = slot[0], slot[0] - terms.before, slot[1] + terms.after
    met = [one for one in calendar.busy if low < one.ends and one.begins < high]
    group = (terms.kind_id, begins)
    if any(terms.capacity == 1 or (one.kind_id, one.starts_at) != group for one in met):
        return Refusal.SLOT_TAKEN
    is_full = sum(one.seats for one in met) >= terms.capacity
    return Refusal.CAPACITY_FULL if is_full else None


def there_from(calendar: Calendar, window: Range) -> int | None:
    """Return the first instant of a window at which a doctor works and is not on leave."""
    for stretch in sorted(calendar.hours, key=lambda one: one.begins):
        begins, ends = max(stretch.begins, window[0]), min(stretch.ends, window[1])
        for since, until in sorted(calendar.leaves):
            begins = max(begins, until) if since <= begins else begins
        if begins < ends:
            return begins
    return None


def likely_wait(
    position: int,
    *,
    opens_in: int,
    lengths: Sequence[int],
    usual: int,
    doctors: int,
    step: int,
) -> int | None:
    """Return the likely wait at a place in line, in minutes; None when nobody works.

    Somebody works in ``opens_in`` minutes; then those ahead and oneself take turns with the
    doctors. A turn is as long as the last visits were, in minutes, which ``usual`` joins as five
    more; one visit counts an hour at most, or ``usual`` when that is longer. Rounded up to
    ``step``.
    """
    if not doctors:
        return None
    counted = sum(min(length, max(60, usual)) for length in lengths) + PRIOR * usual
    wait = opens_in + position * counted / (len(lengths) + PRIOR) / doctors
    return max(1, ceil(wait / step)) * step


PRIOR: Final = 5  # visits that the usual length is worth beside measured ones
