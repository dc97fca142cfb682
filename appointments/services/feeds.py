"""A doctor's private calendar address: made, read, taken back."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from appointments.models import CalendarFeed
from appointments.selectors.feeds import hash_of_secret
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from doctors.services.duty import lock_doctor

SECRET_BYTES: Final = 32
READ_NOTED_EVERY: Final = timedelta(hours=1)


def open_feed(*, doctor_id: int, actor: Actor) -> tuple[CalendarFeed, str]:
    """Return a new feed and its secret, told this once; the doctor's former address ends."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        _revoke(doctor.pk, now())
        feed = CalendarFeed.objects.create(doctor=doctor, secret_hash=hash_of_secret(secret))
        audit.record(actor, "open", "calendar_feed", feed.public_id)
    return feed, secret


def close_feed(*, doctor_id: int, actor: Actor) -> None:
    """End the doctor's address, if he has one. Repeatable."""
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        if _revoke(doctor.pk, now()):
            audit.record(actor, "close", "calendar_feed", doctor.public_id)


def note_reading(feed: CalendarFeed, moment: datetime) -> None:
    """Note that somebody reads the feed, once an hour."""
    old = Q(read_at=None) | Q(read_at__lte=moment - READ_NOTED_EVERY)
    CalendarFeed.objects.filter(old, pk=feed.pk).update(read_at=moment)


def _revoke(doctor_id: int, moment: datetime) -> int:
    return CalendarFeed.objects.filter(doctor_id=doctor_id, revoked_at=None).update(
        revoked_at=moment
    )
