"""Reads of notices."""

from typing import Final

from django.db.models import QuerySet

from clinic.core.statements import Statement, rows_of
from clinic.notifications.models import Notice

UNREAD_COUNT: Final = Statement(
    "notices_unread",
    ("bigint",),
    "SELECT count(*) FROM notifications_notice WHERE user_id = %s AND read_at IS NULL",
)


def notices_of(user_id: int) -> QuerySet[Notice]:
    """Return a person's notices, newest first."""
    return Notice.objects.filter(user_id=user_id).order_by("-id")


def unread_count(user_id: int) -> int:
    """Return how many notices the person has not seen."""
    return int(rows_of(UNREAD_COUNT, user_id)[0][0])
