"""Endpoints of the arrival: check-in, and the codes that are scanned for it."""

from io import BytesIO
from typing import Any, ClassVar
from uuid import UUID

import segno
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import errors
from appointments.api.lookup_views import DigitsField
from appointments.api.permissions import APPOINTMENT
from appointments.api.shapes import AppointmentDetail
from appointments.api.views import AppointmentView
from appointments.enums import State
from appointments.models import Appointment
from appointments.rules import minutes_late
from appointments.selectors.appointments import own
from appointments.services.checking_in import check_in, check_in_by_code, check_in_by_pass
from appointments.services.passes import pass_of, poster_of
from clinic.accounts.authentication import BearerAuthentication, ConsoleAuthentication
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.errors import IllegalTransitionError, InvalidInputError, NotFoundError
from clinic.core.masking import mask_name
from clinic.files.api.views import AnyNegotiation
from doctors.models import Branch


class CheckInInput(serializers.Serializer[Any]):
    """What was scanned at the entrance; only for visits at a branch."""

    poster = serializers.CharField(max_length=200, default="", allow_blank=True)


class DeskCheckInInput(serializers.Serializer[Any]):
    """The six digits, or what the patient's QR code says."""

    code = DigitsField(6, required=False, default="", allow_blank=True)
    visit_pass = serializers.CharField(max_length=200, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take exactly one of them."""
        if bool(attrs["code"]) == bool(attrs["visit_pass"]):
            raise InvalidInputError("code", _("Give the code or the pass, one of them."))
        return attrs


class ArrivalOutput(serializers.Serializer[Any]):
    """Who arrived, masked, and where he goes."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    type = serializers.CharField()
    branch = serializers.CharField(allow_null=True)
    doctor = serializers.CharField(allow_null=True)
    person = serializers.CharField()
    starts_at = serializers.DateTimeField()
    checked_in_at = serializers.DateTimeField()
    minutes_late = serializers.IntegerField()


class AppointmentCheckInView(AppointmentView):
    """Arrival of a patient."""

    verbs: ClassVar = {"POST": "check_in"}
    errors: ClassVar = (errors.TooEarlyError, errors.NotPaidYetError, IllegalTransitionError)

    @extend_schema(request=CheckInInput, responses={200: AppointmentDetail})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Say that you are there, from an hour before; at a branch scan its poster."""
        pk = self.key_among(own(self.actor), public_id)
        check_in(pk, actor=self.actor, **self.input(CheckInInput))
        return Response(self.detail(public_id))


class DeskCheckInView(ApiView):
    """Arrival of a patient at the desk."""

    resource = APPOINTMENT
    authentication_classes = (BearerAuthentication, ConsoleAuthentication)
    verbs: ClassVar = {"POST": "receive"}
    rate = "300/m"
    refuses_unknown_fields = True
    errors: ClassVar = (
        NotFoundError,
        errors.TooEarlyError,
        errors.NotPaidYetError,
        IllegalTransitionError,
    )

    @extend_schema(request=DeskCheckInInput, responses={200: ArrivalOutput})
    def post(self, _request: Request) -> Response:
        """Check a patient in by his code or his pass; doctors only their own patients."""
        told = self.input(DeskCheckInInput)
        if told["code"]:
            arrived = check_in_by_code(told["code"], actor=self.actor)
        else:
            arrived = check_in_by_pass(told["visit_pass"], actor=self.actor)
        return Response(arrival_of(arrived))


class AppointmentQrView(AppointmentView):
    """The patient's pass as a picture."""

    verbs: ClassVar = {"GET": "show_pass"}
    content_negotiation_class = AnyNegotiation

    @extend_schema(responses={(200, "image/svg+xml"): OpenApiTypes.STR})
    def get(self, _request: Request, public_id: UUID) -> HttpResponse:
        """Draw the QR code that the desk scans."""
        return drawn(pass_of(get_or_404(own(self.actor), public_id=public_id)))


class PosterView(ApiView):
    """The poster at the entrance of a branch as a picture."""

    resource = APPOINTMENT
    authentication_classes = (BearerAuthentication, ConsoleAuthentication)
    verbs: ClassVar = {"GET": "print_poster"}
    content_negotiation_class = AnyNegotiation

    @extend_schema(responses={(200, "image/svg+xml"): OpenApiTypes.STR})
    def get(self, _request: Request, code: str) -> HttpResponse:
        """Draw the QR code that patients scan at the entrance of a branch."""
        return drawn(poster_of(get_or_404(Branch.objects.filter(is_active=True), code=code)))


def drawn(text: str) -> HttpResponse:
    """Return a QR code as a vector picture that may be printed at any size."""
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", scale=8, border=4)
    answer = HttpResponse(picture.getvalue(), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, no-store"
    return answer


def arrival_of(appointment: Appointment) -> dict[str, Any]:
    """Return who arrived as the desk sees him."""
    starts_at, came_at = appointment.starts_at, appointment.checked_in_at
    return {
        "id": appointment.public_id,
        "code": appointment.code,
        "state": appointment.state,
        "type": appointment.kind.name,
        "branch": appointment.branch.name if appointment.branch else None,
        "doctor": appointment.doctor.name if appointment.doctor else None,
        "person": mask_name(appointment.person.name),
        "starts_at": starts_at,
        "checked_in_at": came_at,
        "minutes_late": minutes_late(starts_at, came_at),
    }
