"""The look-up of an appointment by its six digits."""

import re
from typing import Any, ClassVar, Final

from django.http import HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from appointments.api.permissions import APPOINTMENT
from appointments.enums import State
from appointments.selectors.by_code import Found, finding
from appointments.services.looking_up import look_up
from clinic.core.api.views import ApiView, client_address, json_answer
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.masking import mask_name, mask_phone
from clinic.core.statements import Read

CODE: Final = re.compile("[0-9]{6}")


class DigitsField(serializers.RegexField):
    """So many digits, in plain ASCII."""

    def __init__(self, digits: int, **kwargs: Any) -> None:
        """Take exactly these."""
        told = format_lazy(_("Write exactly {digits} digits."), digits=digits)
        words = {"invalid": told, "max_length": told}
        pattern = rf"\A[0-9]{{{digits}}}\Z"
        super().__init__(pattern, max_length=digits, error_messages=words, **kwargs)


class LookupInput(serializers.Serializer[Any]):
    """The code; who is not a party of the appointment also tells the phone's last four digits."""

    code = DigitsField(6)
    phone_last4 = DigitsField(4, required=False, default="", allow_blank=True)


class LookupType(serializers.Serializer[Any]):
    """What is done."""

    code = serializers.CharField()
    name = serializers.CharField()


class LookupBranch(serializers.Serializer[Any]):
    """Where to go."""

    code = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    time_zone = serializers.CharField()


class LookupOutput(serializers.Serializer[Any]):
    """What a code stands for, people masked. ``id`` is told to the parties alone."""

    id = serializers.UUIDField(allow_null=True)
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    type = LookupType()
    branch = LookupBranch(allow_null=True)
    doctor = serializers.CharField(allow_null=True)
    person = serializers.CharField()
    phone = serializers.CharField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    checked_in_at = serializers.DateTimeField(allow_null=True)


class LookupView(ApiView):
    """An appointment by its code."""

    resource = APPOINTMENT
    verbs: ClassVar = {"POST": "look_up"}
    together = frozenset({"POST"})
    rate = "30/m"
    errors: ClassVar = (NotFoundError,)
    is_plain = False  # nothing but six digits is told

    def read_ahead(self, request: Request) -> Read | None:
        """Read what the code stands for together with who asks; the body is judged later."""
        told = self.body_ahead(request)
        code = told.get("code")
        if not isinstance(code, str) or not CODE.fullmatch(code):
            return None
        self.is_plain = len(told) == 1
        return finding(code)

    @extend_schema(request=LookupInput, responses={200: LookupOutput})
    def post(self, request: Request) -> HttpResponse:
        """Find an appointment by its six digits; 5 tries a minute per address and per code."""
        told = self.wanted(request)
        if self.actor.user_id is None and not told["phone_last4"]:
            raise InvalidInputError(
                "phone_last4", _("Tell the phone's last four digits, or log in."), code="required"
            )
        seen = Found(*self.came_ahead[0]) if self.came_ahead else None
        found = look_up(**told, actor=self.actor, address=client_address(request), seen=seen)
        public_id = found.public_id if found.is_of(self.actor) else None
        return json_answer({"id": public_id} | shown(found))

    def wanted(self, request: Request) -> dict[str, Any]:
        """Return what ``LookupInput`` makes of the body; most tell six digits and nothing else."""
        if self.is_plain:
            return {"code": request.data["code"], "phone_last4": ""}
        return self.input(LookupInput)


def shown(found: Found) -> dict[str, Any]:
    """Return a found appointment without what would tell whose it is."""
    branch = {
        "code": found.branch_code,
        "name": found.branch_name,
        "address": found.branch_address,
        "time_zone": found.time_zone,
    }
    return {
        "code": found.code,
        "state": found.state,
        "type": {"code": found.type_code, "name": found.type_name},
        "branch": branch if found.branch_code else None,
        "doctor": found.doctor_name,
        "person": mask_name(found.person_name),
        "phone": mask_phone(found.phone),
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "checked_in_at": found.checked_in_at,
    }
