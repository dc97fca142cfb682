"""The six digits alone open nothing: a party of the appointment, or the phone's last four digits.

A code is one of a million, so tries are counted in the database before anything is told. What a
party sees by its login is no try.
"""

from datetime import timedelta
from hmac import compare_digest
from typing import Final

from appointments.selectors.by_code import Found, find_by_code
from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
from clinic.core.ratelimit import strict_limits
from clinic.settings import rules as numbers

PHONE_DIGITS: Final = 4
MINUTE: Final = timedelta(minutes=1)


def look_up(
    code: str, *, phone_last4: str, actor: Actor, address: str, seen: Found | None = None
) -> Found:
    """Return the appointment of a code for its patient, its doctor, or who knows the phone.

    ``seen`` is what somebody logged in had read already; only a party is told of it.

    Five tries a minute of one address and of one code. Raises RateLimitedError, and NotFoundError
    alike for a code that nobody has and for a phone that is another's.
    """
    if actor.user_id is not None:
        own = seen if seen is not None and seen.code == code else find_by_code(code)
        if own is not None and own.is_of(actor):
            return own
    strict_limits(
        [("appointment.code.address", address), ("appointment.code", code)],
        count=numbers.APPOINTMENT_CODE_TRIES,
        window=MINUTE,
    )
    found = find_by_code(code)
    if found is None or not (found.is_of(actor) or _knows_phone(found, phone_last4)):
        raise NotFoundError
    return found


def _knows_phone(found: Found, phone_last4: str) -> bool:
    is_whole = len(phone_last4) == PHONE_DIGITS and len(found.phone) >= PHONE_DIGITS
    known = found.phone[-PHONE_DIGITS:]
    return is_whole and compare_digest(phone_last4.encode(), known.encode())
