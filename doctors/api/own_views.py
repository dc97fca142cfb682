"""Endpoints of a doctor about himself."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import ApiView
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from doctors import errors, selectors
from doctors.api import permissions
from doctors.api.serializers import (
    HoursIn,
    HoursRow,
    PresenceIn,
    PresenceOut,
    ProfileIn,
    ProfileOut,
)
from doctors.models import Doctor
from doctors.rules import Stretch
from doctors.services.presence import set_presence
from doctors.services.profile import change_profile, set_hours


class OwnView(ApiView):
    """An endpoint for doctors who have a profile."""

    resource = permissions.DOCTOR_PROFILE
    refuses_unknown_fields = True

    def doctor(self) -> Doctor:
        """The profile of the caller. Raises NotFoundError when staff has not made one yet."""
        doctor = selectors.doctor_of(self.actor)
        if doctor is None:
            raise NotFoundError
        return doctor


class ProfileView(OwnView):
    """The doctor's own profile."""

    verbs: ClassVar = {"GET": "read", "PATCH": "change"}
    errors: ClassVar = (errors.ServiceStoppedError,)

    @extend_schema(responses=ProfileOut)
    def get(self, _request: Request) -> Response:
        """Show your own profile."""
        return Response(ProfileOut(self.doctor()).data)

    @extend_schema(request=ProfileIn(partial=True), responses=ProfileOut)
    def patch(self, request: Request) -> Response:
        """Change description, switches or prices of your own profile."""
        doctor = self.doctor()
        serializer = ProfileIn(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        if serializer.validated_data:
            change_profile(doctor_id=doctor.pk, by=self.actor, **serializer.validated_data)
        return Response(ProfileOut(self.doctor()).data)


class HoursView(OwnView):
    """The doctor's own hours."""

    verbs: ClassVar = {"PUT": "set_hours"}
    errors = (errors.HoursOverlapError,)

    @extend_schema(request=HoursIn, responses=HoursRow(many=True))
    def put(self, _request: Request) -> Response:
        """Replace your hours; an empty list means always."""
        stretches = [Stretch(**row) for row in self.input(HoursIn)["hours"]]
        set_hours(doctor_id=self.doctor().pk, stretches=stretches, by=self.actor, moment=now())
        return Response(HoursRow(sorted(stretches), many=True).data)


class PresenceView(OwnView):
    """Whether the doctor is there."""

    verbs: ClassVar = {"POST": "set_presence"}
    errors = (errors.NotCertifiedError, errors.SuspendedError)

    @extend_schema(request=PresenceIn, responses=PresenceOut)
    def post(self, _request: Request) -> Response:
        """Say online, busy or offline; without a socket repeat it every minute."""
        state = self.input(PresenceIn)["state"]
        presence = set_presence(doctor_id=self.doctor().pk, state=state, by=self.actor)
        return Response(PresenceOut(presence).data)
