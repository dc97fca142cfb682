"""Free slots as clients get them, made of plain values: a busy page."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from appointments.selectors.questions import Question
from appointments.selectors.slots import Slot

Wall = tuple[datetime, Slot]


def days_of(asked: Question, first: date, days: int, slots: Iterable[Slot]) -> dict[str, Any]:
    """Return each date asked for with its free slots."""
    by_date = _by_date(asked, slots)
    return _answer(asked) | {
        "days": [
            {"date": day, "slots": [_slot(asked, wall, slot) for wall, slot in by_date[day]]}
            for day in _dates(first, days)
        ]
    }


def heat_of(asked: Question, first: date, days: int, slots: Iterable[Slot]) -> dict[str, Any]:
    """Return how many places are free on each date and in each of its hours."""
    by_date = _by_date(asked, slots)
    return _answer(asked) | {"days": [_heat(day, by_date[day]) for day in _dates(first, days)]}


def _answer(asked: Question) -> dict[str, Any]:
    return {
        "type": asked.kind,
        "branch": asked.branch,
        "time_zone": asked.place.zone,
        "duration_minutes": asked.terms.duration // 60,
    }


def _slot(asked: Question, wall: datetime, slot: Slot) -> dict[str, Any]:
    ends_at = datetime.fromtimestamp(slot.starts_at + asked.terms.duration, wall.tzinfo)
    return {
        "starts_at": wall,
        "ends_at": ends_at,
        "time": f"{wall:%H:%M}",
        "places": slot.places,
    }


def _heat(day: date, slots: Iterable[Wall]) -> dict[str, Any]:
    hours: Counter[int] = Counter()
    for wall, slot in slots:
        hours[wall.hour] += slot.places
    rows = [{"hour": hour, "places": places} for hour, places in sorted(hours.items())]
    return {"date": day, "places": hours.total(), "hours": rows}


def _by_date(asked: Question, slots: Iterable[Slot]) -> dict[date, list[Wall]]:
    zone = ZoneInfo(asked.place.zone)
    by_date: dict[date, list[Wall]] = defaultdict(list)
    for slot in slots:
        wall = datetime.fromtimestamp(slot.starts_at, zone)
        by_date[wall.date()].append((wall, slot))
    return by_date


def _dates(first: date, days: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(days)]
