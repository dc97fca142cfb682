"""One chat at the desk: reading it, taking it, handing it on, ending it."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat.selectors.attachments import file_in
from clinic.core.api.views import json_answer
from clinic.customer_service.api.desk.base import DeskView
from clinic.customer_service.api.desk.context_shapes import ContextShape
from clinic.customer_service.api.desk.forms import (
    EndForm,
    HoldForm,
    PriorityForm,
    RemarkForm,
    ThreadQuery,
    TransferForm,
)
from clinic.customer_service.api.desk.rendering import chat_body
from clinic.customer_service.api.desk.shapes import ChatShape, ThreadShape
from clinic.customer_service.errors import (
    AgentFullError,
    AgentNotOnlineError,
    ChatEndedError,
    ChatTakenError,
    NotAnAgentError,
    NotYourChatError,
    TeamClosedError,
)
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.context import context_of
from clinic.customer_service.selectors.thread import read_thread
from clinic.customer_service.services import handing
from clinic.customer_service.services.ending import end_by_agent
from clinic.customer_service.services.keeping import hold, set_priority, unhold
from clinic.customer_service.services.steering import Destination, transfer
from clinic.files.api.views import AnyNegotiation
from clinic.files.contents.reading import MEDIA_TYPES
from clinic.files.errors import FileBeingScannedError, FileRefusedError
from clinic.files.serving import answer_with

TAKING = (NotAnAgentError, ChatEndedError, ChatTakenError, AgentFullError, AgentNotOnlineError)
SERVING = (NotAnAgentError, NotYourChatError, ChatEndedError)


class ChatView(DeskView):
    """One chat."""

    verbs = {"GET": "read"}

    @extend_schema(responses=ChatShape)
    def get(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Get a chat with drafts, history and what you can do; reading another's is noted."""
        return json_answer(chat_body(self.seat, self.chat_to_read(public_id)))


class ThreadView(DeskView):
    """The messages of a chat, for everybody who may open it."""

    verbs = {"GET": "read"}
    query_serializer_class = ThreadQuery

    @extend_schema(responses=ThreadShape)
    def get(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Read messages before a number, or what changed after a revision, or the latest."""
        query = self.query()
        page = read_thread(
            self.chat_to_read(public_id),
            after_rev=query.get("after_rev"),
            before=query.get("before"),
            limit=query["limit"],
        )
        return json_answer(page)


class ContextView(DeskView):
    """What stands beside the conversation."""

    verbs = {"GET": "read"}

    @extend_schema(responses=ContextShape)
    def get(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Get the customer's card, cases, orders, past chats, left messages and ratings."""
        return json_answer(context_of(self.chat_to_read(public_id)))


class ChatFileView(DeskView):
    """A file of the conversation."""

    verbs = {"GET": "read"}
    content_negotiation_class = AnyNegotiation
    errors = (NotAnAgentError, FileBeingScannedError, FileRefusedError)

    @extend_schema(
        responses={**dict.fromkeys(((200, m) for m in MEDIA_TYPES), OpenApiTypes.BINARY)}
    )
    def get(self, request: Request, public_id: UUID, file_id: UUID) -> HttpResponse:
        """Read a file that a message of the chat carries, member of the conversation or not."""
        file = file_in(self.chat_to_read(public_id).conversation_id, file_id)
        return answer_with(file, request.headers)


class _Step(DeskView):
    """A step of a chat that answers with the chat as it stands afterwards."""

    def answer(self, chat: ServiceChat) -> HttpResponse:
        """Return the chat anew."""
        return json_answer(chat_body(self.seat, chat))


class TakeView(_Step):
    """Take a waiting chat."""

    verbs = {"POST": "work"}
    errors = TAKING

    @extend_schema(request=None, responses=ChatShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Take a waiting chat out of turn; your own is returned as it is."""
        chat = self.chat(public_id)
        return self.answer(handing.take(chat.pk, agent=self.seat.agent, actor=self.actor))


class TakeNextView(_Step):
    """Take whoever waits longest."""

    verbs = {"POST": "work"}
    errors = TAKING

    @extend_schema(request=None, responses={200: ChatShape, 204: None})
    def post(self, request: Request) -> HttpResponse | Response:  # noqa: ARG002 given by DRF
        """Take the chat that waits longest in your queues; 204 when nobody waits."""
        chat = handing.take_next(agent=self.seat.agent, actor=self.actor)
        return Response(status=204) if chat is None else self.answer(chat)


class TakeOverView(_Step):
    """Go on with a colleague's chat."""

    verbs = {"POST": "work"}
    errors = TAKING

    @extend_schema(request=RemarkForm, responses=ChatShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Take a chat over from the colleague who serves it."""
        remark = self.input(RemarkForm)["remark"]
        chat, agent = self.chat(public_id), self.seat.agent
        return self.answer(handing.take_over(chat.pk, agent=agent, actor=self.actor, remark=remark))


class TransferView(_Step):
    """Hand a chat on."""

    verbs = {"POST": "work"}
    errors = (*SERVING, AgentFullError, AgentNotOnlineError, TeamClosedError)

    @extend_schema(request=TransferForm, responses=ChatShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Hand a chat to an agent, a team or back to its queue; supervisors any chat."""
        values = self.input(TransferForm)
        chat = self.chat(public_id)
        destination = Destination(values["to"], values["target"])
        moved = transfer(
            chat.pk,
            destination,
            seat=self.seat,
            actor=self.actor,
            remark=values["reason"],
            note=values["note"],
        )
        return self.answer(moved)


class EndView(_Step):
    """End a chat."""

    verbs = {"POST": "work"}
    errors = SERVING

    @extend_schema(request=EndForm, responses=ChatShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """End a chat that you serve; supervisors any. A second call returns the same end."""
        remark = self.input(EndForm)["reason"]
        ended = end_by_agent(
            self.chat(public_id).pk,
            agent=self.seat.agent,
            actor=self.actor,
            remark=remark,
            is_forced=self.seat.leads,
        )
        return self.answer(ended)


class HoldView(_Step):
    """Let a chat rest."""

    verbs = {"POST": "work"}
    errors = SERVING

    @extend_schema(request=HoldForm, responses=ChatShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Let a chat of yours rest for some minutes: nobody's silence counts meanwhile."""
        minutes = self.input(HoldForm)["minutes"]
        chat, agent = self.chat(public_id), self.seat.agent
        return self.answer(hold(chat.pk, minutes=minutes, agent=agent, actor=self.actor))


class UnholdView(_Step):
    """Go on with a chat that rests."""

    verbs = {"POST": "work"}
    errors = SERVING

    @extend_schema(request=None, responses=ChatShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Let silence count again from now on."""
        chat = self.chat(public_id)
        return self.answer(unhold(chat.pk, agent=self.seat.agent, actor=self.actor))


class PriorityView(_Step):
    """Move a chat in its queue."""

    verbs = {"POST": "work"}
    errors = (NotAnAgentError, ChatEndedError)

    @extend_schema(request=PriorityForm, responses=ChatShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Move a chat up or down in its queue; 0 is usual, higher comes first."""
        priority = self.input(PriorityForm)["priority"]
        chat = self.chat(public_id)
        return self.answer(set_priority(chat.pk, priority=priority, actor=self.actor))
