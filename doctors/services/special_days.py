"""Dates that differ from the week: of a doctor, a branch, or the house."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from clinic.core.errors import InvalidInputError
from clinic.core.events import publish
from clinic.settings import rules as numbers
from doctors.enums import DayKind
from doctors.events import SpecialDayEntered
from doctors.models import CalendarDay
from doctors.rules.holidays import Holiday
from doctors.services.duty import lock_doctor


@dataclass(frozen=True, kw_only=True, slots=True)
class DayHours:
    """A row of a date: closed, other hours in minutes, or like another weekday."""

    date: date
    kind: str
    start_minute: int
    end_minute: int
    works_as: int | None = None
    name: str = ""


def set_special_days(*, doctor_id: int, days: Sequence[DayHours], today: date, by: Actor) -> None:
    """Replace a doctor's own special days from ``today`` on; what is past stays.

    Appointments that no longer fit go to others or are paid back. Raises InvalidInputError for
    dates out of reach, HoursOverlapError.
    """
    furthest = today + numbers.SPECIAL_DAYS_FURTHEST
    if any(not today <= one.date <= furthest for one in days):
        raise InvalidInputError(
            "days", _("Write dates from today on, two years ahead at most."), code="out_of_reach"
        )
    try:
        with transaction.atomic():
            doctor = lock_doctor(doctor_id)
            rows = CalendarDay.objects.filter(doctor=doctor, date__gte=today)
            before = _by_date(list(rows))
            rows.delete()
            made = CalendarDay.objects.bulk_create(
                CalendarDay(
                    doctor=doctor, date=one.date, kind=one.kind, start_minute=one.start_minute,
                    end_minute=one.end_minute, works_as=one.works_as, name=one.name,
                )
                for one in days
            )  # fmt: skip
            audit.record(by, "set_special_days", "doctor", doctor.public_id, count=len(days))
            after = _by_date(made)
            for day in sorted(day for day in before | after if before.get(day) != after.get(day)):
                announce_day(day, doctor_id=doctor.pk)
    except IntegrityError as error:
        raise translate(error) from error


def store_holidays(days: Sequence[Holiday], *, today: date) -> list[date]:
    """Let the house be closed on holidays and work on make-up days; days named are replaced.

    To be called in the transaction of the import. Returns the days to come that changed: what is
    booked on one that is newly closed goes elsewhere or is paid back.
    """
    dates = {one.day for one in days}
    rows = CalendarDay.objects.filter(doctor=None, branch=None, date__in=dates)
    before = _by_date(list(rows))
    rows.delete()
    known = {one.day: one for one in days}
    made = CalendarDay.objects.bulk_create(
        CalendarDay(
            date=one.day,
            kind=DayKind.CLOSED if one.is_closed else DayKind.WORKDAY,
            works_as=None if one.is_closed else one.works_as,
            name=one.remark,
        )
        for one in known.values()
    )
    after = _by_date(made)
    changed = sorted(day for day in dates if day >= today and before.get(day) != after[day])
    for day in changed:
        announce_day(day)
    return changed


def remove_special_day(day: CalendarDay, *, by: Actor) -> None:
    """Let the week hold again on a date: what no longer fits it goes elsewhere or is paid back."""
    with transaction.atomic():
        owner = {"doctor_id": day.doctor_id, "branch_id": day.branch_id}
        audit.record(by, "remove_special_day", "special day", day.public_id)
        day.delete()
        announce_day(day.date, **owner)


def announce_day(day: date, *, doctor_id: int | None = None, branch_id: int | None = None) -> None:
    """Tell the rooms above that a date lives by other hours now; nobody named means the house."""
    publish(SpecialDayEntered(date=day.isoformat(), doctor_id=doctor_id, branch_id=branch_id))


def _by_date(rows: Sequence[CalendarDay]) -> dict[date, set[tuple[object, ...]]]:
    found: dict[date, set[tuple[object, ...]]] = defaultdict(set)
    for row in rows:
        found[row.date].add((row.kind, row.start_minute, row.end_minute, row.works_as))
    return dict(found)
