"""The yearly list of holidays and make-up workdays (国务院办公厅节假日安排)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.customer_service.errors import BadHolidayListError
from clinic.customer_service.models import TeamDay

LINES_MAX: Final = 400
HEADER: Final = ["date", "kind", "opens", "closes", "remark"]
HOLIDAY, WORKDAY = "holiday", "workday"


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecialDay:
    """One line of the list; a holiday has no hours."""

    day: date
    opens: time | None
    closes: time | None
    remark: str


def import_holidays(text: str, *, by: Actor) -> int:
    """Store a list for all teams and return its number of days; days it names are replaced.

    Days that a team set for itself stay. Raises BadHolidayListError, and then nothing is stored.
    """
    days = read_holidays(text)
    with transaction.atomic():
        rows = TeamDay.objects.filter(team=None, date__in={day.day for day in days})
        rows.delete()
        TeamDay.objects.bulk_create(
            TeamDay(date=day.day, opens=day.opens, closes=day.closes, remark=day.remark)
            for day in days
        )
        if days:
            year = f"{days[0].day:%Y}"
            audit.record(by, "holidays.import", "holidays", year, days=len(days))
    return len(days)


def read_holidays(text: str) -> list[SpecialDay]:
    """Return the days of a CSV text with the columns date, kind, opens, closes, remark.

    ``kind`` is holiday (closed) or workday (open in these hours). Lines that begin with # are
    comments. Raises BadHolidayListError.
    """
    days: list[SpecialDay] = []
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


def _day(number: int, row: list[str]) -> SpecialDay:
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
    return SpecialDay(day=day, opens=opens, closes=closes, remark=row[4])
