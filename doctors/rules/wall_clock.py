"""Pure rules: which instants the minutes of a date are in a time zone.

Instants are whole seconds since 1970. Wall times that a change of the clocks skips do not exist;
those that it repeats mean the first time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

MINUTE: Final = timedelta(minutes=1)
DAY_MINUTES: Final = 1440


@dataclass(frozen=True, slots=True)
class PlainDay:
    """A date without a change of the clocks: minutes are counted from one number."""

    midnight: int

    def instant(self, minute: int) -> int | None:
        """Return the instant of a minute."""
        return self.midnight + minute * 60

    def edge(self, minute: int) -> int:
        """Return the instant at which a stretch begins or ends."""
        return self.midnight + minute * 60


@dataclass(frozen=True, slots=True)
class ChangingDay:
    """A date on which the clocks change: each minute is looked up."""

    instants: tuple[int | None, ...]
    next_midnight: int

    def instant(self, minute: int) -> int | None:
        """Return the instant of a minute, None when the clocks skip it."""
        return self.instants[minute] if minute < DAY_MINUTES else self.next_midnight

    def edge(self, minute: int) -> int:
        """Return the instant at which a stretch begins or ends: of a skipped minute, the change."""
        later = (at for at in self.instants[minute:] if at is not None)
        return next(later, self.next_midnight)


Day = PlainDay | ChangingDay


@lru_cache(maxsize=4096)
def day_in(zone: str, day: date) -> Day:
    """Return the minutes of a date in a zone of the IANA list."""
    place = ZoneInfo(zone)
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 a wall clock
    hours = [_offset(midnight + timedelta(hours=hour), place) for hour in range(25)]
    first = _instant(midnight, place)
    if first is not None and len(set(hours)) == 1:
        return PlainDay(first)
    minutes = tuple(_instant(midnight + minute * MINUTE, place) for minute in range(DAY_MINUTES))
    return ChangingDay(minutes, _first_instant(midnight + timedelta(days=1), place))


def moment_of(instant: int) -> datetime:
    """Return an instant as an aware time in UTC."""
    return datetime.fromtimestamp(instant, UTC)


def _offset(wall: datetime, place: ZoneInfo) -> timedelta | None:
    return wall.replace(tzinfo=place).utcoffset()


def _instant(wall: datetime, place: ZoneInfo) -> int | None:
    moment = wall.replace(tzinfo=place).astimezone(UTC)
    exists = moment.astimezone(place).replace(tzinfo=None, fold=0) == wall
    return int(moment.timestamp()) if exists else None


def _first_instant(wall: datetime, place: ZoneInfo) -> int:
    """Return the instant of a wall time, or of the first one after it that exists."""
    while (found := _instant(wall, place)) is None:
        wall += MINUTE
    return found
