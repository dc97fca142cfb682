"""Endpoints of cases on hold."""

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import get_or_404
from clinic.core.errors import IllegalTransitionError
from clinic.settings import rules
from consultations import errors
from consultations.api.views import EITHER_SIDE, ConsultationView
from consultations.enums import HoldBy, HoldEnd, HoldReason
from consultations.models import Hold
from consultations.selectors.consultations import visible_to
from consultations.services import holds

LONGEST_MINUTES = int(rules.HOLD_LONGEST.total_seconds() // 60)


class HoldInput(serializers.Serializer[Any]):
    """Why and for how long at the most."""

    reason = serializers.ChoiceField(choices=HoldReason.choices)
    minutes = serializers.IntegerField(
        min_value=10, max_value=LONGEST_MINUTES, default=LONGEST_MINUTES
    )


class HoldOutput(serializers.ModelSerializer[Hold]):
    """One time on hold."""

    by = serializers.ChoiceField(choices=HoldBy.choices)
    reason = serializers.ChoiceField(choices=HoldReason.choices)
    ended_why = serializers.ChoiceField(choices=HoldEnd.choices, allow_blank=True)

    class Meta:
        model = Hold
        fields = ("by", "reason", "started_at", "until", "ended_at", "ended_why")
        read_only_fields = fields


class HoldsOutput(serializers.Serializer[Any]):
    """All times on hold of one case, oldest first; there are few."""

    results = HoldOutput(many=True)


class HoldView(ConsultationView):
    """Times on hold of a consultation."""

    verbs: ClassVar = {"GET": "list_holds", "POST": "hold"}
    errors: ClassVar = (
        errors.OnHoldError,
        errors.HoldLimitError,
        errors.AnswerFirstError,
        IllegalTransitionError,
    )

    @extend_schema(responses={200: HoldsOutput})
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List when and why the clock of a case stood still."""
        case = get_or_404(visible_to(self.actor), public_id=public_id)
        rows = case.holds.order_by("id")
        return Response({"results": HoldOutput(rows, many=True).data})

    @extend_schema(request=HoldInput, responses={200: EITHER_SIDE})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Let the clock of a running case stand still for a while."""
        case = get_or_404(visible_to(self.actor), public_id=public_id)
        told = self.input(HoldInput)
        holds.hold(
            case.pk,
            actor=self.actor,
            reason=told["reason"],
            wanted=timedelta(minutes=told["minutes"]),
        )
        return Response(self.detail(public_id))


class ResumeView(ConsultationView):
    """End of a time on hold."""

    verbs: ClassVar = {"POST": "resume"}
    errors: ClassVar = (errors.NotOnHoldError,)

    @extend_schema(request=None, responses={200: EITHER_SIDE})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Let the clock run again that you stopped."""
        case = get_or_404(visible_to(self.actor), public_id=public_id)
        holds.resume(case.pk, actor=self.actor)
        return Response(self.detail(public_id))
