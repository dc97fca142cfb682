"""What a change of the calendars would do to what is booked."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from appointments.selectors.hits import of_day, outside_hours
from clinic.core.clock import clinic_day, now
from doctors.models import CalendarDay
from doctors.rules.holidays import Holiday
from doctors.services.special_days import store_holidays


def hits_of_day(day: CalendarDay) -> int:
    """Return how many appointments a special day would hit: it is stored, asked, and undone.

    Zero for a day that the database would refuse.
    """
    moment = now()
    try:
        with transaction.atomic():
            day.save()
            near = of_day(day.date, day.doctor_id, day.branch_id, moment)
            hits = outside_hours(near, moment)
            transaction.set_rollback(True)
    except IntegrityError:
        return 0
    return len(hits)


def hits_of_holidays(days: Sequence[Holiday]) -> int:
    """Return how many appointments a list of holidays would hit, in the same way."""
    moment = now()
    with transaction.atomic():
        changed = store_holidays(days, today=clinic_day(moment))
        near = {key for day in changed for key in of_day(day, None, None, moment)}
        hits = outside_hours(sorted(near), moment)
        transaction.set_rollback(True)
    return len(hits)
