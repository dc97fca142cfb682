"""The chat over HTTP: the same services as over the socket."""

from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.serializers import (
    ConversationQuery,
    ConversationSerializer,
    MarkSerializer,
    MessagePageSerializer,
    MessageQuery,
    SendSerializer,
    StoredSerializer,
    WatermarksSerializer,
)
from chat.errors import ClientIdConflictError, WritingClosedError, WritingLimitError
from chat.models import Conversation, Member, Message
from chat.selectors.conversations import listed_for
from chat.selectors.feed import read_pages, speak
from chat.services.messages import send_message
from chat.services.watermarks import mark
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.errors import NotFoundError, RateLimitedError


class ConversationListView(ApiView):
    """The reader's conversations, latest first."""

    resource = "conversation"
    verbs = {"GET": "read"}
    query_serializer_class = ConversationQuery

    @extend_schema(responses=ConversationSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """List the reader's conversations, latest first."""
        rows = _with_people(listed_for(self.actor))
        if kind := self.query().get("kind"):
            rows = rows.filter(kind=kind)
        return self.page(rows, ConversationSerializer)


class ConversationView(ApiView):
    """One conversation with its members and their watermarks."""

    resource = "conversation"
    verbs = {"GET": "read"}

    @extend_schema(responses=ConversationSerializer)
    def get(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Get one conversation with its members and their watermarks."""
        row = get_or_404(_with_people(listed_for(self.actor)), public_id=public_id)
        return Response(ConversationSerializer(row, context=self.get_serializer_context()).data)


def _with_people(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    members = Member.objects.select_related("user").order_by("pk")
    latest = Message.objects.filter(seq=F("conversation__last_seq")).select_related("sender")
    return rows.prefetch_related(
        Prefetch("members", queryset=members), Prefetch("messages", latest, to_attr="latest")
    )


class MessageListView(ApiView):
    """Messages of a conversation."""

    resource = "conversation"
    verbs = {"GET": "read", "POST": "send"}
    query_serializer_class = MessageQuery
    errors = (WritingClosedError, WritingLimitError, ClientIdConflictError, RateLimitedError)

    @extend_schema(responses=MessagePageSerializer)
    def get(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Read messages after a number, before a number, or the latest; always oldest first."""
        query = self.query()
        if query.get("before") is None and query.get("after") is not None:
            start, limit = query["after"], query["limit"]
        else:
            start, limit = self._start_before(public_id, query)
        page = read_pages([(self.actor.user_id or 0, public_id.hex, start, limit)])[0]
        if page is None:
            raise NotFoundError
        if query.get("after") is None:
            page["more"] = start > 0
        messages = [speak(message) for message in page["messages"]]
        return Response({**page, "messages": messages})

    def _start_before(self, public_id: UUID, query: dict[str, Any]) -> tuple[int, int]:
        # Numbers have no gap, so the page before a number starts at a number that can be computed.
        row = get_or_404(listed_for(self.actor), public_id=public_id)
        top = getattr(row, "visible_seq") + 1  # noqa: B009 an annotation, unknown to the model
        before = min(query.get("before") or top, top)
        start = max(0, before - 1 - query["limit"])
        return start, before - 1 - start

    @extend_schema(request=SendSerializer, responses={201: StoredSerializer, 200: StoredSerializer})
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Send a message: 201 when stored now, 200 when the client id was stored before."""
        values = self.input(SendSerializer)
        stored = send_message(
            actor=self.actor,
            conversation_public_id=public_id,
            client_id=values["cid"],
            kind=values["kind"],
            body=values["body"],
            extra=values["extra"],
        )
        body = {
            "conv": stored.conversation_public_id,
            "cid": stored.client_id,
            "seq": stored.seq,
            "message_id": stored.public_id,
            "sent_at": stored.sent_at,
            "duplicate": stored.is_duplicate,
        }
        return Response(body, status=200 if stored.is_duplicate else 201)


class DeliveredView(ApiView):
    """Note that messages have reached the device."""

    resource = "conversation"
    verbs = {"POST": "mark"}

    @extend_schema(request=MarkSerializer, responses=WatermarksSerializer)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Say up to which number messages have reached the device; it never moves back."""
        seq = self.input(MarkSerializer)["seq"]
        now = mark(actor=self.actor, conversation_public_id=public_id, delivered=seq)
        return Response({"delivered": now.delivered, "read": now.read})


class ReadView(ApiView):
    """Note that messages were read."""

    resource = "conversation"
    verbs = {"POST": "mark"}

    @extend_schema(request=MarkSerializer, responses=WatermarksSerializer)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Say up to which number the person has read; it never moves back."""
        seq = self.input(MarkSerializer)["seq"]
        now = mark(actor=self.actor, conversation_public_id=public_id, read=seq)
        return Response({"delivered": now.delivered, "read": now.read})
