"""Shapes of appointment types and free slots."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from appointments.enums import Mode
from appointments.models import AppointmentType
from clinic.core.api.fields import FIRST_DATE, LAST_DATE, OneLineField
from clinic.settings import rules


class AppointmentTypeOut(serializers.ModelSerializer[AppointmentType]):
    """A service that can be booked, in the language asked for."""

    name = serializers.CharField()
    description = serializers.CharField()
    mode = serializers.ChoiceField(choices=Mode.choices)
    doctors: Any = serializers.SlugRelatedField(
        slug_field="public_id", many=True, read_only=True, help_text=_("Empty means any doctor.")
    )
    branches: Any = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True, help_text=_("Empty means any branch.")
    )

    class Meta:
        model = AppointmentType
        fields = (
            "code", "name", "description", "mode", "duration_minutes", "capacity", "price_fen",
            "needs_acceptance", "doctors", "branches",
        )  # fmt: skip


class SlotQuery(serializers.Serializer[Any]):
    """Which dates are asked for, on the wall calendar of the branch. Without a start: today."""

    start_date = serializers.DateField(
        required=False,
        default=None,
        error_messages={"invalid": _("Write a date that exists as YYYY-MM-DD.")},
    )
    days = serializers.IntegerField(
        min_value=1,
        max_value=rules.APPOINTMENT_SLOT_DAYS,
        default=7,
        error_messages={
            "max_value": _("Ask for 31 days at most, then again from a later start_date.")
        },
    )

    def validate_start_date(self, day: date | None) -> date | None:
        """Refuse dates that no calendar of the clinic reaches."""
        if day is not None and not FIRST_DATE <= day <= LAST_DATE:
            raise serializers.ValidationError(_("Write a date between 2000 and 2999."))
        return day


class TypeQuery(SlotQuery):
    """Dates, and which type; without one the first that is given there."""

    type = OneLineField(max_length=30, required=False, default="")


class BranchSlotQuery(TypeQuery):
    """Slots of a branch, of all its doctors or of one."""

    doctor = serializers.UUIDField(required=False, default=None)


class DoctorSlotQuery(TypeQuery):
    """Slots of a doctor; at his own branch when none is named."""

    branch = OneLineField(max_length=20, required=False, default="")


class TypeSlotQuery(SlotQuery):
    """Slots of a type; a visit names its branch, or a doctor who has one."""

    branch = OneLineField(max_length=20, required=False, default="")
    doctor = serializers.UUIDField(required=False, default=None)


class SlotOut(serializers.Serializer[Any]):
    """A free time; ``time`` is the wall clock of the branch, ``places`` how many more may come."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time = serializers.CharField()
    places = serializers.IntegerField()


class DayOut(serializers.Serializer[Any]):
    """A date with its free slots in order."""

    date = serializers.DateField()
    slots = SlotOut(many=True)


class SlotsOut(serializers.Serializer[Any]):
    """Free slots by date."""

    type = serializers.CharField()
    branch = serializers.CharField(allow_null=True)
    time_zone = serializers.CharField()
    duration_minutes = serializers.IntegerField()
    days = DayOut(many=True)


class HourOut(serializers.Serializer[Any]):
    """An hour of the wall clock and the places that begin in it."""

    hour = serializers.IntegerField()
    places = serializers.IntegerField()


class HeatDayOut(serializers.Serializer[Any]):
    """A date, its free places together, and by hour; hours without any are left out."""

    date = serializers.DateField()
    places = serializers.IntegerField()
    hours = HourOut(many=True)


class HeatOut(serializers.Serializer[Any]):
    """How many places are free, by date and hour."""

    type = serializers.CharField()
    branch = serializers.CharField(allow_null=True)
    time_zone = serializers.CharField()
    duration_minutes = serializers.IntegerField()
    days = HeatDayOut(many=True)
