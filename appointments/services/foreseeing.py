"""What a change of the calendars would do to what is booked."""

from django.db import IntegrityError, transaction

from appointments.selectors.hits import of_day, outside_hours
from clinic.core.clock import now
from doctors.models import CalendarDay


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
