"""The doctor proves that it is he."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.accounts.errors import WrongCodeError, WrongPasswordError
from clinic.core.clock import now
from clinic.settings import rules
from doctors import errors
from doctors.api import permissions
from doctors.api.own_views import OwnView
from doctors.enums import IdentityMethod
from doctors.gateways.faces import face_comparer
from doctors.models import Doctor
from doctors.selectors.identity import identity_until
from doctors.services.identity import prove_by_code, prove_by_face, prove_by_password


class IdentityIn(serializers.Serializer[Any]):
    """A proof: the field of the method's name, ``picture`` for a face."""

    method = serializers.ChoiceField(choices=IdentityMethod.choices)
    password = serializers.CharField(
        max_length=rules.PASSWORD_MAX_CHARS, trim_whitespace=False, required=False
    )
    code = serializers.RegexField(r"^[0-9]{4,8}$", required=False)
    picture = serializers.UUIDField(
        required=False, help_text=_("An upload of the purpose identity.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Want the proof that belongs to the method."""
        name = FIELDS[attrs["method"]]
        if name not in attrs:
            raise serializers.ValidationError({name: _("This way needs it.")})
        return attrs


FIELDS = {
    IdentityMethod.PASSWORD: "password",
    IdentityMethod.CODE: "code",
    IdentityMethod.FACE: "picture",
}


class IdentityOut(serializers.Serializer[Any]):
    """Whether the doctor may accept, until when, and the ways to prove it again."""

    is_confirmed = serializers.BooleanField()
    valid_until = serializers.DateTimeField(allow_null=True)
    methods = serializers.ListField(child=serializers.ChoiceField(choices=IdentityMethod.choices))


class IdentityCheckView(OwnView):
    """The check before consultations are accepted."""

    resource = permissions.DOCTOR_IDENTITY
    verbs: ClassVar = {"GET": "read", "POST": "prove"}
    rate = "20/m"
    errors = (
        WrongPasswordError, WrongCodeError, errors.FaceDiffersError, errors.IdentityMethodAwayError,
        errors.PictureUsedError,
    )  # fmt: skip

    @extend_schema(responses=IdentityOut)
    def get(self, _request: Request) -> Response:
        """Show until when your last identity check is good."""
        return Response(shown(self.doctor(), now()))

    @extend_schema(request=IdentityIn, responses=IdentityOut)
    def post(self, _request: Request) -> Response:
        """Confirm that it is you, by password, code or face; good for twelve hours."""
        doctor, moment, given = self.doctor(), now(), self.input(IdentityIn)
        about: dict[str, Any] = {"doctor": doctor, "now": moment, "by": self.actor}
        if given["method"] == IdentityMethod.PASSWORD:
            prove_by_password(password=given["password"], **about)
        elif given["method"] == IdentityMethod.CODE:
            prove_by_code(code=given["code"], **about)
        else:
            prove_by_face(picture=given["picture"], **about)
        return Response(shown(doctor, moment))


def shown(doctor: Doctor, moment: datetime) -> dict[str, Any]:
    """Return the state of a doctor's check."""
    until = identity_until(doctor.pk, moment)
    ways = [IdentityMethod.PASSWORD, IdentityMethod.CODE]
    if face_comparer() is not None:
        ways.append(IdentityMethod.FACE)
    return IdentityOut(
        {"is_confirmed": until is not None, "valid_until": until, "methods": ways}
    ).data
