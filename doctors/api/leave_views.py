"""A doctor's own time away."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.fields import MomentField, OneLineField
from clinic.core.api.query import PageQuery
from clinic.core.api.views import get_or_404
from doctors import errors
from doctors.api import permissions
from doctors.api.own_views import OwnView
from doctors.models import Leave
from doctors.services.leaves import cancel_leave, enter_leave


class LeaveIn(serializers.Serializer[Any]):
    """From when to when; a year at most."""

    starts_at = MomentField()
    ends_at = MomentField()
    remark = OneLineField(max_length=200, allow_blank=True, default="")


class LeaveOut(serializers.ModelSerializer[Leave]):
    """A time away; one that was cancelled says when."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Leave
        fields = ("id", "starts_at", "ends_at", "remark", "entered_at", "cancelled_at")


class LeaveListView(OwnView):
    """Times away of the doctor."""

    resource = permissions.DOCTOR_LEAVE
    verbs: ClassVar = {"GET": "list", "POST": "enter"}
    query_serializer_class = PageQuery
    idempotent = True
    errors = (errors.LeaveOverlapError,)

    @extend_schema(responses={200: LeaveOut(many=True)})
    def get(self, _request: Request) -> Response:
        """List your times away, the latest first."""
        rows = Leave.objects.filter(doctor=self.doctor()).order_by("-starts_at", "-id")
        return self.page(rows, LeaveOut)

    @extend_schema(request=LeaveIn, responses={201: LeaveOut})
    def post(self, _request: Request) -> Response:
        """Be away; appointments in that time go to other doctors or are paid back."""
        told = self.input(LeaveIn)
        leave = enter_leave(doctor_id=self.doctor().pk, by=self.actor, **told)
        return Response(LeaveOut(leave).data, status=201)


class LeaveView(OwnView):
    """One time away."""

    resource = permissions.DOCTOR_LEAVE
    verbs: ClassVar = {"DELETE": "cancel"}
    errors = (errors.LeaveOverError,)

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Be there after all; appointments that went to others stay with them."""
        doctor = self.doctor()
        leave = get_or_404(Leave.objects.filter(doctor=doctor), public_id=public_id)
        cancel_leave(leave.pk, doctor_id=doctor.pk, by=self.actor)
        return Response(status=204)
