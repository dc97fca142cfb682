"""Shapes of the front desk going in. Times are those of the wall clock of the place."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from appointments.enums import OutsideHours
from clinic.accounts.api.fields import MobileField
from clinic.core.api.fields import DayField, OneLineField
from clinic.patients.enums import Gender
from payments.enums import ProofKind

MOST_DAYS = 7


class ClockField(serializers.TimeField):
    """A time of day to the minute."""

    def __init__(self, **options: Any) -> None:
        """Take hours and minutes."""
        super().__init__(input_formats=["%H:%M"], format="%H:%M", **options)


class ScheduleQuery(serializers.Serializer[Any]):
    """Which page of the book. Without a branch what takes place online; without a date today."""

    branch = OneLineField(max_length=20, required=False, default="")
    doctor = serializers.UUIDField(required=False, default=None)
    date = DayField(required=False, default=None)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=1)


class WaitingQuery(serializers.Serializer[Any]):
    """Whose waiting list; without a branch that of what is online."""

    branch = OneLineField(max_length=20, required=False, default="")


class DeskRankInput(serializers.Serializer[Any]):
    """How urgent it is; higher goes first."""

    priority = serializers.IntegerField(min_value=0, max_value=9)


class DeskJoinInput(serializers.Serializer[Any]):
    """Who waits for what becomes free on a date: today, if none is named; of whatever doctor."""

    type = serializers.SlugField(max_length=30, help_text="Code of the type.")
    person_id = serializers.UUIDField()
    branch = serializers.SlugField(max_length=20, default="", allow_blank=True)
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    date = DayField(required=False, allow_null=True, default=None)
    requirements = OneLineField(max_length=500, default="", allow_blank=True)
    is_walk_in = serializers.BooleanField(default=True, help_text="False for who called.")


class FreeTimeQuery(serializers.Serializer[Any]):
    """Whose next free times; without a date from today, without a type of the first one."""

    type = OneLineField(max_length=30, required=False, default="")
    branch = OneLineField(max_length=20, required=False, default="")
    doctor = serializers.UUIDField(required=False, default=None)
    date = DayField(required=False, default=None)


class DeskMoveInput(serializers.Serializer[Any]):
    """The new time, and another doctor if wanted; a reason for a time at which nobody works."""

    date = DayField()
    time = ClockField()
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    outside_hours = serializers.ChoiceField(
        choices=OutsideHours.choices, required=False, allow_null=True, default=None
    )


class DeskCancelInput(serializers.Serializer[Any]):
    """Why the clinic cancels."""

    reason = OneLineField(max_length=200)


class DeskBookInput(serializers.Serializer[Any]):
    """Who comes for what. Without a time: now. Without a doctor: who has the least to do."""

    type = serializers.SlugField(max_length=30, help_text="Code of the type.")
    person_id = serializers.UUIDField()
    branch = serializers.SlugField(max_length=20, default="", allow_blank=True)
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    date = DayField(required=False, allow_null=True, default=None)
    time = ClockField(required=False, allow_null=True, default=None)
    requirements = OneLineField(max_length=500, default="", allow_blank=True)
    is_walk_in = serializers.BooleanField(default=True, help_text="False for who called.")
    outside_hours = serializers.ChoiceField(
        choices=OutsideHours.choices, required=False, allow_null=True, default=None
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse half of a time: it would be taken for now."""
        for given, missing in (("date", "time"), ("time", "date")):
            if attrs[given] is not None and attrs[missing] is None:
                wrong = _("Give both the date and the time, or neither for now.")
                raise serializers.ValidationError({missing: wrong}, code="required")
        return attrs


class DeskMoneyInput(serializers.Serializer[Any]):
    """What was paid at the desk."""

    kind = serializers.ChoiceField(choices=ProofKind.choices)
    reference = OneLineField(max_length=60, help_text="Number of the receipt.")


class DeskSearchInput(serializers.Serializer[Any]):
    """A booking code, a scanned pass or a whole mobile number."""

    q = OneLineField(max_length=200)


class DeskPhoneInput(serializers.Serializer[Any]):
    """A whole mobile number."""

    phone = MobileField()


class NewcomerInput(DeskPhoneInput):
    """Who stands at the desk."""

    name = OneLineField(max_length=60)
    gender = serializers.ChoiceField(choices=Gender.choices)
    birthday = serializers.DateField()
