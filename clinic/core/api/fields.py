"""Input fields that several rooms need."""

import unicodedata
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

# Control characters, and the marks that turn or hide text around them (bidi, zero width).
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

# Dates that calendars of the clinic reach; offsets and steps stay inside what Python knows.
FIRST_DATE, LAST_DATE = date(2000, 1, 1), date(2999, 12, 31)


class OneLineField(serializers.CharField):
    """A line of text that people read: no line breaks, control or invisible characters."""

    default_error_messages = {"unreadable": _("Leave out control and invisible characters.")}

    def to_internal_value(self, data: Any) -> str:
        """Return the trimmed line."""
        text = super().to_internal_value(data)
        if any(unicodedata.category(char) in _REFUSED_CATEGORIES for char in text):
            self.fail("unreadable")
        return text


class MomentField(serializers.DateTimeField):
    """A moment with its offset, in a year that calendars reach."""

    default_error_messages = {
        "no_offset": _("Write the time with its offset, like 2026-12-01T09:00:00+08:00."),
        "year": _("Write a date between 2000 and 2999."),
        "no_such_date": _("Give a date and a time that exist."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        """Tell a date that no calendar has from a text that is no date."""
        try:
            parse_datetime(str(value))
        except ValueError:
            self.fail("no_such_date")
        moment: datetime = super().to_internal_value(value)
        return moment

    def enforce_timezone(self, value: datetime) -> datetime:
        """Refuse a wall time: nobody knows whose wall."""
        if timezone.is_naive(value):
            self.fail("no_offset")
        if not FIRST_DATE.year <= value.year <= LAST_DATE.year:
            self.fail("year")
        return super().enforce_timezone(value)


class DayField(serializers.DateField):
    """A date that calendars reach."""

    default_error_messages = {
        "year": _("Write a date between 2000 and 2999."),
        "no_such_date": _("Give a date that exists."),
    }

    def to_internal_value(self, value: Any) -> date:
        """Refuse dates that no calendar has, or none of the clinic reaches."""
        try:
            parse_date(str(value))
        except ValueError:
            self.fail("no_such_date")
        day: date = super().to_internal_value(value)
        if not FIRST_DATE <= day <= LAST_DATE:
            self.fail("year")
        return day
