"""Customer service for customers."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.errors import NotFoundError
from clinic.customer_service.api.forms import (
    AskFaceIn,
    AskIn,
    ChatQuery,
    LeftMessageIn,
    StatusQuery,
)
from clinic.customer_service.api.permissions import LEFT_MESSAGE, SERVICE_CHAT, TEAM
from clinic.customer_service.api.shapes import (
    LeftMessageOut,
    LeftOut,
    OpeningOut,
    OpenTeamOut,
    QueueStatusOut,
    ServiceChatOut,
)
from clinic.customer_service.enums import Face
from clinic.customer_service.errors import (
    ChatNotEndedError,
    ChatNotRateableError,
    DeskOpenError,
    NoTeamError,
)
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.chats import left_by, written_by
from clinic.customer_service.selectors.teams import teams_now
from clinic.customer_service.services.ending import end_by_customer, leave_queue
from clinic.customer_service.services.left_messages import leave_message
from clinic.customer_service.services.opening import Opening, open_service_chat
from clinic.customer_service.services.rating import rate
from clinic.customer_service.services.seed import get_user_queue_status
from clinic.reviews.api.serializers import ReviewIn, ReviewOut
from clinic.reviews.errors import AlreadyReviewedError
from clinic.settings import rules

LIST = "60/m"


class CustomerView(ApiView):
    """Base of the customer's addresses."""

    resource = SERVICE_CHAT

    def own(self, public_id: UUID) -> ServiceChat:
        """Return the customer's own chat. Raises NotFoundError."""
        return get_or_404(written_by(self.actor), public_id=public_id)

    def shown(self, chat_id: int) -> dict[str, Any]:
        """Return the customer's own chat as it is now."""
        return dict(ServiceChatOut(written_by(self.actor).get(pk=chat_id)).data)

    def opened(self, opening: Opening) -> Response:
        """Answer 201 for a new chat, 200 for an open one and when closed."""
        status = 201 if opening.is_new else 200
        return Response(OpeningOut(opening).data, status=status)


class ServiceChatListView(CustomerView):
    """The customer's service chats."""

    verbs: ClassVar = {"GET": "read", "POST": "open"}
    rate = LIST
    query_serializer_class = ChatQuery
    errors: ClassVar = (NoTeamError, NotFoundError)

    @extend_schema(responses=ServiceChatOut(many=True))
    def get(self, _request: Request) -> Response:
        """List your service chats, latest first."""
        query = self.query()
        asked = {name: query[name] for name in ("state", "face") if name in query}
        return self.page(written_by(self.actor).filter(**asked), ServiceChatOut)

    @extend_schema(request=AskFaceIn, responses={201: OpeningOut, 200: OpeningOut})
    def post(self, _request: Request) -> Response:
        """Ask for customer service: the open chat, an agent at once, or a place in the queue.

        Asking twice is harmless. 20 a minute, over all addresses.
        """
        told = self.input(AskFaceIn)
        return self.opened(
            open_service_chat(
                actor=self.actor,
                team_public_id=told["team"],
                face=Face(told["face"]),
                language=told["language"],
                note=told["note"],
            )
        )


class AssistantView(CustomerView):
    """The official assistant, for patients and doctors."""

    verbs: ClassVar = {"POST": "open"}
    rate = LIST
    errors: ClassVar = (NoTeamError, NotFoundError)

    @extend_schema(request=AskIn, responses={201: OpeningOut, 200: OpeningOut})
    def post(self, _request: Request) -> Response:
        """Open a chat with the official assistant, or get the open one (seed 004)."""
        told = self.input(AskIn)
        return self.opened(
            open_service_chat(
                actor=self.actor,
                team_public_id=told["team"],
                face=Face.ASSISTANT,
                language=told["language"],
                note=told["note"],
            )
        )


class ServiceChatView(CustomerView):
    """One service chat."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=ServiceChatOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Get one of your service chats."""
        return Response(ServiceChatOut(self.own(public_id)).data)


class EndView(CustomerView):
    """End of a chat by its customer."""

    verbs: ClassVar = {"POST": "end"}
    rate = rules.SERVICE_END_RATE

    @extend_schema(request=None, responses=ServiceChatOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """End your chat; a second call answers with the same end."""
        chat = end_by_customer(self.own(public_id).pk, actor=self.actor)
        return Response(self.shown(chat.pk))


class RateView(CustomerView):
    """Rating of an ended chat."""

    verbs: ClassVar = {"POST": "rate"}
    rate = rules.SERVICE_RATE_RATE
    errors: ClassVar = (ChatNotEndedError, ChatNotRateableError, AlreadyReviewedError)

    @extend_schema(request=ReviewIn, responses={201: ReviewOut})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Rate your ended chat, once."""
        chat = self.own(public_id)
        review = rate(chat, actor=self.actor, **self.input(ReviewIn))
        return Response(ReviewOut(review).data, status=201)


class QueueStatusView(CustomerView):
    """Where the customer stands."""

    verbs: ClassVar = {"GET": "read"}
    query_serializer_class = StatusQuery

    @extend_schema(responses=QueueStatusOut)
    def get(self, _request: Request) -> Response:
        """Say where you stand in the queue."""
        status = get_user_queue_status(actor=self.actor, face=Face(self.query()["face"]))
        return Response(QueueStatusOut(status).data)


class QueueView(CustomerView):
    """The customer's places in queues."""

    verbs: ClassVar = {"DELETE": "leave"}
    rate = LIST

    @extend_schema(responses={200: LeftOut})
    def delete(self, _request: Request) -> Response:
        """Leave the queue; a chat that an agent serves goes on."""
        return Response({"left": leave_queue(actor=self.actor)})


class LeftMessageListView(ApiView):
    """Messages left while the desk is closed."""

    resource = LEFT_MESSAGE
    verbs: ClassVar = {"GET": "read", "POST": "write"}
    rate = LIST
    query_serializer_class = PageQuery
    errors: ClassVar = (NoTeamError, NotFoundError, DeskOpenError)

    @extend_schema(responses=LeftMessageOut(many=True))
    def get(self, _request: Request) -> Response:
        """List the messages you left, latest first."""
        return self.page(left_by(self.actor), LeftMessageOut)

    @extend_schema(request=LeftMessageIn, responses={201: LeftMessageOut})
    def post(self, _request: Request) -> Response:
        """Leave a message while the desk is closed; five a day."""
        told = self.input(LeftMessageIn)
        message = leave_message(
            actor=self.actor,
            body=told["body"],
            team_public_id=told["team"],
            face=Face(told["face"]),
            language=told["language"],
        )
        return Response(LeftMessageOut(message).data, status=201)


class TeamListView(ApiView):
    """Teams that customers can write to."""

    resource = TEAM
    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=OpenTeamOut(many=True))
    def get(self, _request: Request) -> Response:
        """List the teams, whether they are there now, and when they open next."""
        return Response(OpenTeamOut(teams_now(), many=True).data)
