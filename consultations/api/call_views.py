"""Endpoints of the calls of phone consultations, and the provider's door."""

import logging
from typing import Any, ClassVar
from uuid import UUID

from django.db import Error as DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.adapters.aliyun_calls import ReportRefusedError
from clinic.core import ratelimit
from clinic.core.api.fields import MomentField
from clinic.core.api.views import get_or_404
from clinic.core.clock import now
from clinic.core.errors import (
    ClinicError,
    IllegalTransitionError,
    InvalidInputError,
    RateLimitedError,
)
from clinic.settings import rules
from consultations import errors
from consultations.api.permissions import CALL
from consultations.api.views import ConsultationView
from consultations.enums import CallOutcome, CallState
from consultations.gateways.calls import call_gateway
from consultations.models import PhoneCall
from consultations.selectors.calls import calls_of
from consultations.selectors.consultations import visible_to
from consultations.services import calling
from consultations.services.call_outcomes import take_report

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 256 * 1024


class CallInput(serializers.Serializer[Any]):
    """When, and whether the doctor wants a recording; without a time at once."""

    due_at = MomentField(required=False, allow_null=True, default=None)
    wants_recording = serializers.BooleanField(default=False)


class ConsentInput(serializers.Serializer[Any]):
    """Whether the patient agrees to a recording."""

    agrees = serializers.BooleanField()


class CallOutput(serializers.ModelSerializer[PhoneCall]):
    """A call; ``relay_number`` is what both dial while it is bound, and nobody's own number."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=CallState.choices)
    outcome = serializers.ChoiceField(choices=CallOutcome.choices, allow_blank=True)
    relay_number = serializers.SerializerMethodField()
    is_recorded = serializers.SerializerMethodField()

    class Meta:
        model = PhoneCall
        fields = (
            "id", "try_number", "state", "outcome", "due_at", "bound_at", "window_until",
            "relay_number", "answered_at", "ended_at", "talk_seconds", "wants_recording",
            "recording_agreed_at", "is_recorded",
        )  # fmt: skip
        read_only_fields = fields

    def get_is_recorded(self, call: PhoneCall) -> bool:
        """Say whether the line records since both can dial; what they agreed to stands beside."""
        return call.bound_at is not None and call.is_recorded

    def get_relay_number(self, call: PhoneCall) -> str:
        """Empty outside the window."""
        return call.relay_number if call.state == CallState.BOUND else ""


class CallsOutput(serializers.Serializer[Any]):
    """All calls of one case, oldest first; there are few."""

    results = CallOutput(many=True)


class CallsView(ConsultationView):
    """Calls of a phone consultation."""

    resource = CALL
    verbs: ClassVar = {"GET": "list", "POST": "plan"}
    rate = "30/m"
    errors: ClassVar = (
        errors.CallOpenError,
        errors.NoPhoneCaseError,
        InvalidInputError,
        IllegalTransitionError,
    )

    @extend_schema(responses={200: CallsOutput})
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List the calls of a case, when they were answered and how they ended."""
        case = get_or_404(visible_to(self.actor), public_id=public_id)
        return Response({"results": CallOutput(case.calls.order_by("id"), many=True).data})

    @extend_schema(request=CallInput, responses={201: CallOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Appoint a call; at its time both get a number by which they reach each other."""
        pk = self.assigned_id(public_id)
        made = calling.plan_call(pk, actor=self.actor, **self.input(CallInput))
        return Response(CallOutput(made).data, status=201)


class CallView(ConsultationView):
    """One call."""

    resource = CALL
    verbs: ClassVar = {"DELETE": "cancel"}
    errors: ClassVar = (errors.CallClosedError,)

    @extend_schema(request=None, responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Call an appointed call off."""
        found = get_or_404(calls_of(self.actor), public_id=public_id)
        calling.cancel_call(found, actor=self.actor)
        return Response(status=204)


class RecordingConsentView(ConsultationView):
    """Consent of the patient to a recording."""

    resource = CALL
    verbs: ClassVar = {"POST": "agree"}
    errors: ClassVar = (errors.CallClosedError,)

    @extend_schema(request=ConsentInput, responses={200: CallOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Agree to a recording of this call, or take it back, before it begins."""
        found = get_or_404(calls_of(self.actor), public_id=public_id)
        row = calling.agree_to_recording(found, actor=self.actor, **self.input(ConsentInput))
        return Response(CallOutput(row).data)


@csrf_exempt
def provider_reports(request: HttpRequest) -> JsonResponse:
    """Take a provider's reports of calls: heard when kept, 4xx unbelieved, 503 to be told again."""
    if request.method != "POST":
        return _told(405, "method")
    body = request.body
    if len(body) > MAX_BODY_BYTES:
        return _told(413, "size")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        reports = call_gateway().reports(headers, body, now=now())
    except ReportRefusedError as refused:
        return _refuse(request, str(refused))
    try:
        for report in reports:
            take_report(report)
    except (DatabaseError, ClinicError) as error:
        log.error("report of a call not kept", extra={"why": type(error).__name__})
        return _told(503, "later")
    return JsonResponse({"code": 0, "msg": "ok"})


def _refuse(request: HttpRequest, reason: str) -> JsonResponse:
    log.warning("report of a call refused", extra={"why": reason})
    try:
        ratelimit.limit(
            "calls.refused", str(request.META.get("REMOTE_ADDR", "")), rules.CALLBACK_REFUSALS
        )
    except RateLimitedError:
        return _told(429, "slow down")
    return _told(401, "refused")


def _told(status: int, message: str) -> JsonResponse:
    return JsonResponse({"code": status, "msg": message}, status=status)
