"""Six digits come back into use long after their appointment ended."""

from datetime import datetime

from appointments.models import Appointment
from clinic.core.clock import now
from clinic.settings import rules as numbers


def release_codes(moment: datetime | None = None) -> int:
    """Set codes free whose appointment ended 90 days ago; return how many. Repeatable."""
    since = (moment or now()) - numbers.APPOINTMENT_CODE_REUSE_AFTER
    over = Appointment.objects.filter(is_code_taken=True, ended_at__lte=since)
    return over.update(is_code_taken=False)
