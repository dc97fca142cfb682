"""Endpoints of follow-up plans."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from chat import errors as chat_errors
from clinic.core.api.fields import MomentField
from clinic.core.api.query import PageQuery
from clinic.core.api.views import get_or_404
from clinic.core.errors import IllegalTransitionError, InvalidInputError
from clinic.settings import rules
from consultations import errors
from consultations.api.permissions import FOLLOW_UP
from consultations.api.views import ConsultationView
from consultations.enums import FollowUpState
from consultations.models import FollowUp
from consultations.selectors.consultations import visible_to
from consultations.selectors.follow_ups import follow_ups_of
from consultations.services import following_up

MAX_CHARS = rules.FOLLOW_UP_TEXT_MAX_CHARS


class FollowUpInput(serializers.Serializer[Any]):
    """When to ask and what."""

    due_at = MomentField()
    text = serializers.CharField(max_length=MAX_CHARS)


class FollowUpPatch(serializers.Serializer[Any]):
    """What is to be changed."""

    due_at = MomentField(required=False)
    text = serializers.CharField(max_length=MAX_CHARS, required=False)


class AnswerInput(serializers.Serializer[Any]):
    """The patient's answer: the first message of the follow-up."""

    text = serializers.CharField(max_length=rules.MESSAGE_MAX_CHARS)


class FollowUpQuery(PageQuery):
    """Which dates."""

    state = serializers.ChoiceField(choices=FollowUpState.choices, required=False)


class FollowUpOutput(serializers.ModelSerializer[FollowUp]):
    """One date of a plan."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=FollowUpState.choices)
    consultation_id = serializers.UUIDField(source="consultation.public_id")

    class Meta:
        model = FollowUp
        fields = ("id", "consultation_id", "state", "due_at", "text", "reminded_at", "ended_at")
        read_only_fields = fields


class PlanOutput(serializers.Serializer[Any]):
    """All dates of a case, in their order; there are few."""

    results = FollowUpOutput(many=True)


class PlanView(ConsultationView):
    """Follow-up plan of a consultation."""

    resource = FOLLOW_UP
    verbs: ClassVar = {"GET": "list", "POST": "plan"}
    errors: ClassVar = (errors.FollowUpLimitError, InvalidInputError, IllegalTransitionError)

    @extend_schema(responses={200: PlanOutput})
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List the dates of a case with their questions."""
        case = get_or_404(visible_to(self.actor), public_id=public_id)
        rows = follow_ups_of(self.actor).filter(consultation=case).order_by("due_at", "id")
        return Response({"results": FollowUpOutput(rows, many=True).data})

    @extend_schema(request=FollowUpInput, responses={201: FollowUpOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Plan a date on which the patient is asked."""
        pk = self.assigned_id(public_id)
        made = following_up.plan(pk, actor=self.actor, **self.input(FollowUpInput))
        return Response(FollowUpOutput(made).data, status=201)


class FollowUpListView(ConsultationView):
    """Follow-ups over all consultations."""

    resource = FOLLOW_UP
    verbs: ClassVar = {"GET": "list"}
    query_serializer_class = FollowUpQuery

    @extend_schema(responses=FollowUpOutput(many=True))
    def get(self, _request: Request) -> Response:
        """List your dates as patient and as doctor, the next ones first."""
        rows = follow_ups_of(self.actor).order_by("due_at", "id")
        if "state" in self.query():
            rows = rows.filter(state=self.query()["state"])
        return self.page(rows, FollowUpOutput)


class FollowUpView(ConsultationView):
    """One date of a plan."""

    resource = FOLLOW_UP
    verbs: ClassVar = {"PATCH": "change", "DELETE": "cancel"}
    errors: ClassVar = (errors.FollowUpClosedError, InvalidInputError)

    @extend_schema(request=FollowUpPatch, responses={200: FollowUpOutput})
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Move a planned date or change its question."""
        found = get_or_404(follow_ups_of(self.actor), public_id=public_id)
        told = {"due_at": None, "text": None} | self.input(FollowUpPatch)
        row = following_up.change(found, actor=self.actor, **told)
        return Response(FollowUpOutput(row).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Take a date off the plan."""
        found = get_or_404(follow_ups_of(self.actor), public_id=public_id)
        following_up.cancel(found, actor=self.actor)
        return Response(status=204)


class AnswerView(ConsultationView):
    """Answer of the patient to a follow-up."""

    resource = FOLLOW_UP
    verbs: ClassVar = {"POST": "answer"}
    rate = "30/m"
    idempotent = True
    errors: ClassVar = (
        errors.FollowUpNotDueError,
        errors.FollowUpClosedError,
        InvalidInputError,
        chat_errors.ClientIdConflictError,
    )

    @extend_schema(request=AnswerInput, responses={200: FollowUpOutput})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Answer; the conversation of the case is open again for a few messages."""
        found = get_or_404(follow_ups_of(self.actor), public_id=public_id)
        row = following_up.answer(found, actor=self.actor, text=self.input(AnswerInput)["text"])
        return Response(FollowUpOutput(row).data)
