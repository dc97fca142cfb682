"""The six digits of an appointment: drawn anew, and back in use long after it ended."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from appointments.models import Appointment
from clinic.core.clock import now
from clinic.core.ids import random_digits
from clinic.settings import rules as numbers

CODE_DIGITS: Final = 6


def draws() -> Iterator[str]:
    """Yield random codes, as many as are tried before the digits count as used up."""
    for _draw in range(numbers.APPOINTMENT_CODE_DRAWS):
        yield random_digits(CODE_DIGITS)


def release_codes(moment: datetime | None = None) -> int:
    """Set codes free whose appointment ended 90 days ago; return how many. Repeatable."""
    since = (moment or now()) - numbers.APPOINTMENT_CODE_REUSE_AFTER
    over = Appointment.objects.filter(is_code_taken=True, ended_at__lte=since)
    return over.update(is_code_taken=False)
