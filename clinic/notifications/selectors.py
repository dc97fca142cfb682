"""Reads of notices."""

from django.db.models import QuerySet

from clinic.notifications.models import Notice


def notices_of(user_id: int) -> QuerySet[Notice]:
    """Return a person's notices, newest first."""
    return Notice.objects.filter(user_id=user_id).order_by("-id")


def unread_count(user_id: int) -> int:
    """Return how many notices the person has not seen."""
    return Notice.objects.filter(user_id=user_id, read_at=None).count()
