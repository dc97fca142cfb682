"""Customer service at the addresses that seed 001 prints: thin doors to the same services."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat.errors import ClientIdConflictError
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.errors import NotFoundError
from clinic.customer_service.api.forms import AskIn, SeedEndIn, SeedMessageIn
from clinic.customer_service.api.permissions import SERVICE_CHAT
from clinic.customer_service.api.shapes import (
    OpeningOut,
    QueueStatusOut,
    SavedMessageOut,
    SeedMessageOut,
    ServiceChatOut,
)
from clinic.customer_service.api.views import CustomerView, EndView, RateView
from clinic.customer_service.errors import (
    ChatEndedError,
    NotAnAgentError,
    NoTeamError,
    NotYourChatError,
    OwnMessageError,
)
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.chats import served_by
from clinic.customer_service.selectors.desk import agent_of
from clinic.customer_service.services.ending import end_by_agent
from clinic.customer_service.services.seed import (
    SavedMessage,
    assign_customer_service,
    get_user_queue_status,
    mark_customer_service_message_delivered,
    mark_customer_service_message_read,
    save_customer_service_message,
)
from clinic.settings import rules

SENT = {201: SavedMessageOut, 200: SavedMessageOut}


class SeedAssignView(CustomerView):
    """Asking for customer service."""

    verbs: ClassVar = {"POST": "open"}
    rate = rules.SERVICE_ASSIGN_RATE
    errors: ClassVar = (NoTeamError, NotFoundError)

    @extend_schema(request=AskIn, responses={201: OpeningOut, 200: OpeningOut})
    def post(self, _request: Request) -> Response:
        """Get the open chat, an agent at once, or a place in the queue."""
        told = self.input(AskIn)
        return self.opened(
            assign_customer_service(
                actor=self.actor,
                team_public_id=told["team"],
                language=told["language"],
                note=told["note"],
            )
        )


class SeedQueueStatusView(CustomerView):
    """Where the customer stands."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=QueueStatusOut)
    def get(self, _request: Request) -> Response:
        """Say where you stand in the queue."""
        return Response(QueueStatusOut(get_user_queue_status(actor=self.actor)).data)


class SeedMessagesView(CustomerView):
    """Messages of the customer."""

    verbs: ClassVar = {"POST": "send"}
    errors: ClassVar = (ChatEndedError, ClientIdConflictError)

    @extend_schema(request=SeedMessageIn, responses=SENT)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Send a message in your chat: 201 when stored now, 200 when it was before. 30 a minute."""
        return sent(self, self.own(public_id))


class SeedDeliveredView(CustomerView):
    """Delivery of a message to the customer."""

    verbs: ClassVar = {"POST": "mark"}
    errors: ClassVar = (OwnMessageError,)

    @extend_schema(request=None, responses=SeedMessageOut)
    def post(self, _request: Request, public_id: UUID, message_id: UUID) -> Response:
        """Say that a message, and all before it, have reached your device."""
        standing = mark_customer_service_message_delivered(
            actor=self.actor, chat=self.own(public_id), message_public_id=message_id
        )
        return Response(SeedMessageOut(standing).data)


class SeedReadView(CustomerView):
    """Reading of a message by the customer."""

    verbs: ClassVar = {"POST": "mark"}
    errors: ClassVar = (OwnMessageError,)

    @extend_schema(request=None, responses=SeedMessageOut)
    def post(self, _request: Request, public_id: UUID, message_id: UUID) -> Response:
        """Say that you have read a message and all before it; it never moves back."""
        standing = mark_customer_service_message_read(
            actor=self.actor, chat=self.own(public_id), message_public_id=message_id
        )
        return Response(SeedMessageOut(standing).data)


class SeedEndView(EndView):
    """End of a chat by its customer."""


class SeedRateView(RateView):
    """Rating of an ended chat."""


class AgentView(ApiView):
    """Base of the agent's addresses of seed 001."""

    resource = SERVICE_CHAT

    def served(self, public_id: UUID) -> ServiceChat:
        """Return a chat that the agent serves or served last. Raises NotFoundError."""
        return get_or_404(served_by(self.actor), public_id=public_id)


class SeedAgentMessagesView(AgentView):
    """Messages of the agent."""

    verbs: ClassVar = {"POST": "answer"}
    errors: ClassVar = (ChatEndedError, ClientIdConflictError)

    @extend_schema(request=SeedMessageIn, responses=SENT)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Send a message in a chat that you serve. 30 a minute."""
        return sent(self, self.served(public_id))


class SeedAgentEndView(AgentView):
    """End of a chat by its agent."""

    verbs: ClassVar = {"POST": "finish"}
    rate = rules.SERVICE_END_RATE
    errors: ClassVar = (NotAnAgentError, NotYourChatError)

    @extend_schema(request=SeedEndIn, responses=ServiceChatOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """End a chat that you serve; a second call answers with the same end."""
        chat = self.served(public_id)
        agent = agent_of(self.actor)
        remark = self.input(SeedEndIn)["reason"]
        end_by_agent(chat.pk, agent=agent, actor=self.actor, remark=remark)
        return Response(ServiceChatOut(self.served(public_id)).data)


def sent(view: ApiView, chat: ServiceChat) -> Response:
    """Store the message of the request in a chat and answer with its states."""
    told = view.input(SeedMessageIn)
    saved: SavedMessage = save_customer_service_message(
        actor=view.actor,
        chat=chat,
        content=told["content"],
        client_msg_id=told["client_msg_id"],
    )
    body = SeedMessageOut(saved.standing).data | {"duplicate": saved.is_duplicate}
    return Response(body, status=200 if saved.is_duplicate else 201)
