"""The only place that reads the wall clock, and the clinic's time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

CLINIC_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the current moment, aware, in UTC. Take it once per operation and pass it down."""
    return timezone.now()


def clinic_day(moment: datetime) -> date:
    """Return the calendar day of a moment as a person in the clinic sees it (Asia/Shanghai)."""
    return moment.astimezone(CLINIC_ZONE).date()


def clinic_time(moment: datetime) -> datetime:
    """Return the same moment on the clinic's wall clock (Asia/Shanghai, aware)."""
    return moment.astimezone(CLINIC_ZONE)


def moment_text(moment: datetime) -> str:
    """Return a moment as every door tells it: RFC 3339 with the clinic's offset (+08:00)."""
    return (clinic_time(moment) if moment.tzinfo else moment).isoformat()
