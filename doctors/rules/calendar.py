"""Pure rules: in which minutes of a date a branch is open and a doctor sees people.

Minutes count from midnight on the wall clock, 0 to 1440; spans are half-open, sorted, apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from doctors.enums import DayKind

Span = tuple[int, int]
Spans = tuple[Span, ...]
NEVER: Final[Spans] = ()
ALL_DAY: Final[Spans] = ((0, 1440),)


@dataclass(frozen=True, slots=True)
class Hours:
    """One stretch of a weekday's template. Both dates are inclusive."""

    start: int
    end: int
    valid_from: date = date.min
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the row is valid on the date."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Week:
    """A weekly template: rows by weekday, 0 = Monday."""

    rows: Mapping[int, Sequence[Hours]] = field(default_factory=dict)

    def on(self, day: date, weekday: int | None = None) -> Spans:
        """Return the spans of a date, or of the date lived like another weekday."""
        rows = self.rows.get(day.weekday() if weekday is None else weekday, ())
        return merged((row.start, row.end) for row in rows if row.holds_on(day))

    def holds_on(self, day: date) -> bool:
        """Say whether any row of any weekday is valid on the date."""
        return any(row.holds_on(day) for rows in self.rows.values() for row in rows)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One row of a date that differs from the week."""

    kind: str
    start: int = 0
    end: int = 1440
    works_as: int | None = None


def branch_day(day: date, week: Week, special: Sequence[SpecialDay] = ()) -> Spans:
    """Return when a branch is open; ``special`` are its own rows of the date, else the house's.

    A branch without any hours is always open.
    """
    if _is_closed(special):
        return NEVER
    if _has_hours(special):
        return _stretches(special)
    return week.on(day, _works_as(special)) if week.rows else ALL_DAY


def doctor_day(
    day: date,
    week: Week,
    own: Sequence[SpecialDay],
    place: Sequence[SpecialDay],
    opening: Spans,
) -> Spans:
    """Return when a doctor sees people at a place that is open in ``opening``.

    ``week`` holds his rules for this place. His ``own`` special rows win over those of the place.
    Hours of his own count wherever he works in that time at all. Hours of the place move its doors
    alone: he follows the weekday, inside them.
    """
    special = own or place
    if not opening or _is_closed(special):
        return NEVER
    if own and _has_hours(own):
        return common(_stretches(own), opening) if week.holds_on(day) else NEVER
    return common(week.on(day, _works_as(special)), opening)


def merged(spans: Iterable[Span]) -> Spans:
    """Return spans in order, those that touch or overlap joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def common(left: Spans, right: Spans) -> Spans:
    """Return what lies in both."""
    if right == ALL_DAY:
        return left
    pairs = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return tuple((start, end) for start, end in pairs if start < end)


def _is_closed(special: Sequence[SpecialDay]) -> bool:
    return any(row.kind == DayKind.CLOSED for row in special)


def _has_hours(special: Sequence[SpecialDay]) -> bool:
    return any(row.kind == DayKind.HOURS for row in special)


def _stretches(special: Sequence[SpecialDay]) -> Spans:
    return merged((row.start, row.end) for row in special if row.kind == DayKind.HOURS)


def _works_as(special: Sequence[SpecialDay]) -> int | None:
    return next((row.works_as for row in special if row.kind == DayKind.WORKDAY), None)
