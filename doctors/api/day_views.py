"""A doctor's own special days."""

from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.fields import DayField, OneLineField
from clinic.core.clock import clinic_day, now
from clinic.settings import rules
from doctors import errors
from doctors.api import permissions
from doctors.api.own_views import OwnView
from doctors.enums import DayKind, Weekday
from doctors.models import CalendarDay
from doctors.models.calendar import DAY_MINUTES
from doctors.services.special_days import DayHours, set_special_days


class SpecialDayRow(serializers.Serializer[Any]):
    """A date that differs from your week; minutes count from midnight where you work."""

    date = DayField()
    kind = serializers.ChoiceField(choices=DayKind.choices)
    start_minute = serializers.IntegerField(min_value=0, max_value=DAY_MINUTES - 1, default=0)
    end_minute = serializers.IntegerField(min_value=1, max_value=DAY_MINUTES, default=DAY_MINUTES)
    works_as = serializers.ChoiceField(choices=Weekday.choices, allow_null=True, default=None)
    name = OneLineField(max_length=60, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what the kind does not say."""
        if attrs["end_minute"] <= attrs["start_minute"]:
            raise serializers.ValidationError(
                {"end_minute": _("The end must be after the start. Write a night as two rows.")}
            )
        if attrs["kind"] != DayKind.HOURS and _is_part(attrs):
            raise serializers.ValidationError(
                {"start_minute": _("Only a day with other hours has a start and an end.")}
            )
        if (attrs["kind"] == DayKind.WORKDAY) is (attrs["works_as"] is None):
            raise serializers.ValidationError(
                {"works_as": _("A day like another weekday says which one; other days do not.")}
            )
        return attrs


def _is_part(attrs: dict[str, Any]) -> bool:
    return (attrs["start_minute"], attrs["end_minute"]) != (0, DAY_MINUTES)


class SpecialDaysIn(serializers.Serializer[Any]):
    """All your special days from today on."""

    days = serializers.ListField(child=SpecialDayRow(), max_length=rules.SPECIAL_DAYS_MAX_ROWS)


class SpecialDaysView(OwnView):
    """Dates on which the doctor works otherwise than in his week."""

    resource = permissions.DOCTOR_CALENDAR
    verbs: ClassVar = {"GET": "read_days", "PUT": "set_days"}
    errors = (errors.HoursOverlapError,)

    @extend_schema(responses=SpecialDaysIn)
    def get(self, _request: Request) -> Response:
        """Show your special days from today on."""
        return self.shown(self.doctor().pk, clinic_day(now()))

    @extend_schema(request=SpecialDaysIn, responses=SpecialDaysIn)
    def put(self, _request: Request) -> Response:
        """Replace your special days from today on; appointments outside them are displaced."""
        doctor, today = self.doctor(), clinic_day(now())
        days = [DayHours(**row) for row in self.input(SpecialDaysIn)["days"]]
        set_special_days(doctor_id=doctor.pk, days=days, today=today, by=self.actor)
        return self.shown(doctor.pk, today)

    def shown(self, doctor_id: int, today: date) -> Response:
        """Answer with the days as they are stored."""
        rows = CalendarDay.objects.filter(doctor_id=doctor_id, date__gte=today)
        shown = rows.order_by("date", "start_minute", "id")
        return Response({"days": SpecialDayRow(shown, many=True).data})
