"""Shapes of appointments going in."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from appointments.api.slot_serializers import FIRST_DATE, LAST_DATE
from appointments.enums import State
from clinic.core.api.fields import OneLineField
from clinic.core.api.query import PageQuery


class MomentField(serializers.DateTimeField):
    """A moment with its offset, in a year that calendars reach."""

    default_error_messages = {
        "no_offset": _("Write the time with its offset, like 2026-12-01T09:00:00+08:00."),
        "year": _("Write a date between 2000 and 2999."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        """Refuse a wall time: nobody knows whose wall."""
        if timezone.is_naive(value):
            self.fail("no_offset")
        if not FIRST_DATE.year <= value.year <= LAST_DATE.year:
            self.fail("year")
        return super().enforce_timezone(value)


class DayField(serializers.DateField):
    """A date that calendars reach."""

    default_error_messages = {"year": _("Write a date between 2000 and 2999.")}

    def to_internal_value(self, value: Any) -> date:
        """Refuse dates that no calendar of the clinic reaches."""
        day: date = super().to_internal_value(value)
        if not FIRST_DATE <= day <= LAST_DATE:
            self.fail("year")
        return day


class BookInput(serializers.Serializer[Any]):
    """What is wanted. Without ``doctor_id`` the doctor with the least to do takes it."""

    type = serializers.SlugField(max_length=30, source="kind", help_text="Code of the type.")
    person_id = serializers.UUIDField()
    starts_at = MomentField(help_text="Start of a free slot, with its offset.")
    branch = serializers.SlugField(
        max_length=20, default="", allow_blank=True, help_text="Code; only for visits at a branch."
    )
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    requirements = OneLineField(max_length=500, default="", allow_blank=True)


class CancelInput(serializers.Serializer[Any]):
    """Why it is cancelled."""

    reason = OneLineField(max_length=200, default="", allow_blank=True)


class ChangeInput(serializers.Serializer[Any]):
    """What may be changed without moving."""

    requirements = OneLineField(max_length=500, allow_blank=True)


class MoveInput(serializers.Serializer[Any]):
    """The new time; another doctor only at the same price."""

    starts_at = MomentField(help_text="Start of a free slot, with its offset.")
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class ListQuery(PageQuery):
    """Filters of the list."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    date = DayField(required=False, help_text="A day on the clinic's wall clock.")
