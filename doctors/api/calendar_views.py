"""A doctor's own calendar."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.fields import OneLineField
from clinic.settings import rules
from doctors import errors
from doctors.api import permissions
from doctors.api.own_views import OwnView
from doctors.enums import Weekday
from doctors.models import WorkRule
from doctors.models.calendar import DAY_MINUTES
from doctors.services.calendar import WorkHours, set_work_rules


class WorkRuleRow(serializers.Serializer[Any]):
    """A stretch of a weekday, 0 is Monday, in minutes from midnight at the branch, or online."""

    branch = OneLineField(max_length=20, allow_blank=True, default="")
    weekday = serializers.ChoiceField(choices=Weekday.choices)
    start_minute = serializers.IntegerField(min_value=0, max_value=DAY_MINUTES - 1)
    end_minute = serializers.IntegerField(min_value=1, max_value=DAY_MINUTES)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what ends before it starts."""
        if attrs["end_minute"] <= attrs["start_minute"]:
            raise serializers.ValidationError(
                {"end_minute": _("The end must be after the start. Write a night as two rows.")}
            )
        if attrs["valid_until"] and attrs["valid_until"] < attrs["valid_from"]:
            raise serializers.ValidationError(
                {"valid_until": _("The last day lies before the first one.")}
            )
        return attrs


class CalendarIn(serializers.Serializer[Any]):
    """All working hours of a doctor; an empty list means no appointments."""

    hours = serializers.ListField(child=WorkRuleRow(), max_length=rules.SERVICE_HOURS_MAX_ROWS)


class CalendarView(OwnView):
    """The weeks of the doctor."""

    resource = permissions.DOCTOR_CALENDAR
    verbs: ClassVar = {"GET": "read", "PUT": "set"}
    errors = (errors.HoursOverlapError,)

    @extend_schema(responses=CalendarIn)
    def get(self, _request: Request) -> Response:
        """Show your working hours."""
        return self.shown(self.doctor().pk)

    @extend_schema(request=CalendarIn, responses=CalendarIn)
    def put(self, _request: Request) -> Response:
        """Replace your working hours; booked appointments stay: see ``doctor/calendar/outside``."""
        doctor = self.doctor()
        hours = [WorkHours(**row) for row in self.input(CalendarIn)["hours"]]
        set_work_rules(doctor_id=doctor.pk, hours=hours, by=self.actor)
        return self.shown(doctor.pk)

    def shown(self, doctor_id: int) -> Response:
        """Answer with the hours as they are stored."""
        rows = WorkRule.objects.filter(doctor_id=doctor_id).select_related("branch")
        shown = [
            {
                "branch": row.branch.code if row.branch else "",
                "weekday": row.weekday,
                "start_minute": row.start_minute,
                "end_minute": row.end_minute,
                "valid_from": row.valid_from,
                "valid_until": row.valid_until,
            }
            for row in rows.order_by("weekday", "start_minute", "id")
        ]
        return Response({"hours": shown})
