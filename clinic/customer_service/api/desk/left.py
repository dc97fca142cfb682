"""Messages left while nobody was there, as agents work through them."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.pagination import count_of
from clinic.core.api.views import get_or_404, json_answer
from clinic.customer_service.api.desk.base import DeskView
from clinic.customer_service.api.desk.forms import AnswerForm, LeftQuery
from clinic.customer_service.api.desk.rendering import left_body
from clinic.customer_service.api.desk.shapes import LeftMessageShape
from clinic.customer_service.errors import (
    AgentFullError,
    AgentNotOnlineError,
    AlreadyAnsweredError,
    ChatOpenError,
    NotAnAgentError,
)
from clinic.customer_service.models import LeftMessage
from clinic.customer_service.selectors.left_messages import left_for
from clinic.customer_service.services.left_messages import (
    answer_left_message,
    dismiss_left_message,
)


class LeftMessageListView(DeskView):
    """Messages left with the agent's teams."""

    verbs = {"GET": "read"}
    query_serializer_class = LeftQuery

    @extend_schema(responses=LeftMessageShape(many=True))
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """List messages left with your teams: open ones oldest first, others newest first."""
        query = self.query()
        page, size = query["page"], query["page_size"]
        rows = left_for(self.seat, query["state"])
        shown = [left_body(row) for row in rows[(page - 1) * size : page * size]]
        count = count_of(page, size, len(shown), rows.count)
        return json_answer({"count": count, "page": page, "page_size": size, "results": shown})


class _LeftMessageStep(DeskView):
    def message(self, public_id: UUID) -> LeftMessage:
        """Return a message that the caller may answer. Raises NotFoundError."""
        return get_or_404(left_for(self.seat, None), public_id=public_id)

    def answer(self, message: LeftMessage) -> Response:
        """Return the message anew."""
        return Response(left_body(left_for(self.seat, None).get(pk=message.pk)))


class AnswerView(_LeftMessageStep):
    """The answer to a left message."""

    verbs = {"POST": "work"}
    errors = (
        *(NotAnAgentError, AlreadyAnsweredError, ChatOpenError),
        *(AgentFullError, AgentNotOnlineError),
    )

    @extend_schema(request=AnswerForm, responses=LeftMessageShape)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Answer a left message in a chat with its customer, who gets a notice."""
        body = self.input(AnswerForm)["body"]
        message, agent = self.message(public_id), self.seat.agent
        return self.answer(
            answer_left_message(message.pk, agent=agent, actor=self.actor, body=body)
        )


class DismissView(_LeftMessageStep):
    """A left message that needs no answer."""

    verbs = {"POST": "work"}
    errors = (NotAnAgentError, AlreadyAnsweredError)

    @extend_schema(request=None, responses=LeftMessageShape)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Note that a left message needs no answer."""
        message = self.message(public_id)
        return self.answer(dismiss_left_message(message.pk, agent=self.seat.agent))
