"""The check of a person's name and ID number."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import clinic_day, now
from clinic.patients import errors
from clinic.patients.api.permissions import REAL_NAME
from clinic.patients.enums import RealName
from clinic.patients.models import VisitPerson
from clinic.patients.selectors import visible_to
from clinic.patients.selectors.real_name import view_of
from clinic.patients.services.real_name import check_real_name


class RealNameOut(serializers.Serializer[Any]):
    """Where a person stands; ``tries_left`` are answers of the register that are left today."""

    state = serializers.ChoiceField(choices=RealName.choices)
    checked_at = serializers.DateTimeField(allow_null=True)
    tries_left = serializers.IntegerField()


class RealNameView(ApiView):
    """Whether name and ID number of a visit person belong together."""

    resource = REAL_NAME
    verbs: ClassVar = {"GET": "read", "POST": "check"}
    rate = "20/m"
    errors: ClassVar = (
        errors.RealNameIncompleteError,
        errors.RealNameRunningError,
        errors.RealNameTriesUsedError,
        errors.RealNameAwayError,
    )

    @extend_schema(responses=RealNameOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show where a visit person stands."""
        return _shown(get_or_404(visible_to(self.actor), public_id=public_id))

    @extend_schema(request=None, responses=RealNameOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Have name and ID number checked; who is verified is not asked about again."""
        person = get_or_404(visible_to(self.actor), public_id=public_id)
        return _shown(check_real_name(actor=self.actor, person_id=person.pk, now=now()))


def _shown(person: VisitPerson) -> Response:
    moment = now()
    view = view_of(person, day=clinic_day(moment), now=moment)
    return Response(RealNameOut(view).data)
