"""A complaint that a customer tells an agent."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.complaints.enums import Kind, State, Subject
from clinic.complaints.errors import ComplaintOpenError
from clinic.complaints.services.opening import Grievance, open_for_customer
from clinic.core.clock import now
from clinic.customer_service.api.desk.base import DeskView
from clinic.customer_service.errors import NotAnAgentError
from clinic.settings import rules


class ComplaintForm(serializers.Serializer[Any]):
    """What the customer complains of; the chat itself when nothing else of his is named."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    text = serializers.CharField(max_length=rules.COMPLAINT_TEXT_MAX_CHARS)
    subject = serializers.ChoiceField(choices=Subject.choices, default=Subject.SERVICE_CHAT)
    subject_id = serializers.UUIDField(required=False)


class OpenedComplaintShape(serializers.Serializer[Any]):
    """The complaint that was opened."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=State.choices)
    answer_by = serializers.DateTimeField()
    close_by = serializers.DateTimeField()


class ComplaintView(DeskView):
    """A complaint for the customer of a chat."""

    verbs = {"POST": "work"}
    idempotent = True
    errors = (NotAnAgentError, ComplaintOpenError)

    @extend_schema(request=ComplaintForm, responses={201: OpenedComplaintShape})
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Open a complaint for the customer, about this chat or another thing of his."""
        chat, told = self.chat(public_id), self.input(ComplaintForm)
        is_other = told["subject"] != Subject.SERVICE_CHAT
        grievance = Grievance(
            subject=Subject(told["subject"]),
            subject_id=told.get("subject_id", chat.public_id) if is_other else chat.public_id,
            kind=Kind(told["kind"]),
            text=told["text"],
        )
        made = open_for_customer(
            told=grievance, customer_id=chat.customer_id, actor=self.actor, now=now()
        )
        return Response(OpenedComplaintShape(made).data, status=201)
