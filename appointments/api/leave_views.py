"""What a leave would hit, before the doctor enters it; what lies outside of his hours."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.api.permissions import APPOINTMENT
from appointments.api.serializers import HitsQuery
from appointments.enums import State
from appointments.models import Appointment
from appointments.selectors.hits import in_time_of_user, outside_hours_of_user
from clinic.core.api.views import ApiView
from clinic.core.clock import now

SHOWN = 50


class HitRow(serializers.ModelSerializer[Appointment]):
    """An appointment that another doctor would need to take."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=State.choices)

    class Meta:
        model = Appointment
        fields = ("id", "code", "state", "starts_at", "ends_at")


class HitsOutput(serializers.Serializer[Any]):
    """How many appointments a leave or other hours hit, and the first of them."""

    count = serializers.IntegerField()
    results = HitRow(many=True)


class LeaveHitsView(ApiView):
    """Appointments in a time that is thought of as leave."""

    resource = APPOINTMENT
    verbs: ClassVar = {"GET": "list_hits"}
    query_serializer_class = HitsQuery

    @extend_schema(responses={200: HitsOutput})
    def get(self, _request: Request) -> Response:
        """Count your appointments in a time, and show the first fifty; nothing is changed."""
        told = self.query()
        return _first_of(in_time_of_user(self.actor.account_id, moment=now(), **told))


class OutsideHoursView(ApiView):
    """Appointments that a changed week left outside of it."""

    resource = APPOINTMENT
    verbs: ClassVar = {"GET": "list_hits"}

    @extend_schema(responses={200: HitsOutput})
    def get(self, _request: Request) -> Response:
        """Count your appointments ahead outside your hours, and show the first fifty; they stay."""
        return _first_of(outside_hours_of_user(self.actor.account_id, now()))


def _first_of(rows: QuerySet[Appointment]) -> Response:
    found = HitRow(rows.order_by("starts_at")[:SHOWN], many=True).data
    return Response({"count": rows.count(), "results": found})
