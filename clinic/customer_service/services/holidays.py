"""The yearly list of holidays, taken over for all teams and for the house's calendar."""

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day, now
from clinic.customer_service.models import TeamDay
from doctors.rules.holidays import read_holidays
from doctors.services.special_days import store_holidays


def import_holidays(text: str, *, by: Actor) -> int:
    """Store a list and return its number of days; days it names are replaced.

    It holds for all teams and for appointments at all branches. Days that a team, a branch or a
    doctor set for itself stay. Raises BadHolidayListError, and then nothing is stored.
    """
    days = read_holidays(text)
    with transaction.atomic():
        rows = TeamDay.objects.filter(team=None, date__in={day.day for day in days})
        rows.delete()
        TeamDay.objects.bulk_create(
            TeamDay(date=day.day, opens=day.opens, closes=day.closes, remark=day.remark)
            for day in days
        )
        store_holidays(days, today=clinic_day(now()))
        if days:
            year = f"{days[0].day:%Y}"
            audit.record(by, "holidays.import", "holidays", year, days=len(days))
    return len(days)
