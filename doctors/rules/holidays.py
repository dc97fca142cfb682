"""Pure rules: the yearly list of holidays and make-up workdays (国务院办公厅节假日安排)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.utils.translation import gettext_lazy as _

from doctors.enums import Weekday
from doctors.errors import BadHolidayListError

LINES_MAX: Final = 400
HEADER: Final = ["date", "kind", "opens", "closes", "remark"]
HOLIDAY, WORKDAY = "holiday", "workday"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holiday:
    """One line of the list; a holiday has no hours, a make-up workday has."""

    day: date
    opens: time | None
    closes: time | None
    remark: str

    @property
    def is_closed(self) -> bool:
        """A holiday."""
        return self.opens is None

    @property
    def works_as(self) -> Weekday:
        """The weekday that a make-up workday is like: the nearest one, for the notice names none.

        Saturday is like Friday, Sunday like Monday.
        """
        weekday = Weekday(self.day.weekday())
        nearest = {Weekday.SATURDAY: Weekday.FRIDAY, Weekday.SUNDAY: Weekday.MONDAY}
        return nearest.get(weekday, weekday)


def read_holidays(text: str) -> list[Holiday]:
    """Return the days of a CSV text with the columns date, kind, opens, closes, remark.

    ``kind`` is holiday (closed) or workday (open in these hours). Lines that begin with # are
    comments. Raises BadHolidayListError.
    """
    days: list[Holiday] = []
    seen: set[tuple[date, time | None]] = set()
    for number, row in _lines(text):
        day = _day(number, row)
        if (day.day, day.opens) in seen:
            raise BadHolidayListError(line=number, why=_("this day stands there twice"))
        seen.add((day.day, day.opens))
        days.append(day)
    return days


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        cells = [cell.strip() for cell in next(csv.reader([line]), [])]
        if not any(cells) or cells[0].startswith("#") or cells == HEADER:
            continue
        if number > LINES_MAX:
            raise BadHolidayListError(line=number, why=_("the list is too long"))
        yield number, [*cells, "", "", "", ""][:5]


def _day(number: int, row: list[str]) -> Holiday:
    kind = row[1]
    if kind not in {HOLIDAY, WORKDAY}:
        raise BadHolidayListError(line=number, why=_("write holiday or workday as second cell"))
    try:
        day = date.fromisoformat(row[0])
        opens = time.fromisoformat(row[2]) if kind == WORKDAY else None
        closes = time.fromisoformat(row[3]) if kind == WORKDAY else None
    except ValueError:
        why = _("write dates as 2026-01-31 and times as 09:00")
        raise BadHolidayListError(line=number, why=why) from None
    if opens is not None and closes is not None and opens >= closes:
        raise BadHolidayListError(line=number, why=_("it must close after it opens"))
    if len(row[4]) > 60:
        raise BadHolidayListError(line=number, why=_("the remark is longer than 60 characters"))
    return Holiday(day=day, opens=opens, closes=closes, remark=row[4])
