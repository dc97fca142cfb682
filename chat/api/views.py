"""The chat over HTTP: the same services as over the socket."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.rendering import Body, changes_of, conversation_of, page_of
from chat.api.serializers import (
    ChangedSerializer,
    ConversationQuery,
    ConversationSerializer,
    EditSerializer,
    FoundSerializer,
    MarkSerializer,
    MessageDetailSerializer,
    MessagePageSerializer,
    MessageQuery,
    SearchQuery,
    SendSerializer,
    StoredSerializer,
    WatermarksSerializer,
)
from chat.errors import (
    ClientIdConflictError,
    ColleagueWroteError,
    EditTooLateError,
    NotEditableError,
    NotTheSenderError,
    RecallTooLateError,
    WritingClosedError,
    WritingLimitError,
)
from chat.selectors.feed import Question, read_pages, speak
from chat.selectors.reading import (
    KINDS,
    count_conversations,
    read_conversation,
    read_conversations,
    read_page,
)
from chat.selectors.receipts import read_message, receipts_of
from chat.services.changes import edit_message, limit_changes, recall_message
from chat.services.frames import changed_of, stored_of
from chat.services.messages import send_message
from chat.services.searching import search_messages
from chat.services.watermarks import mark
from clinic.accounts.authentication import BearerAuthentication, ConsoleAuthentication
from clinic.core.api.pagination import count_of
from clinic.core.api.views import ApiView, json_answer
from clinic.core.errors import NotFoundError, RateLimitedError
from clinic.files.errors import AttachmentUsedError, FileMissingError
from clinic.settings import rules as house


class MemberView(ApiView):
    """An address of conversations; agents, who work in the console, come with its cookie."""

    resource = "conversation"
    authentication_classes = (BearerAuthentication, ConsoleAuthentication)


class ConversationListView(MemberView):
    """The reader's conversations, latest first."""

    verbs = {"GET": "read"}
    query_serializer_class = ConversationQuery

    @extend_schema(responses=ConversationSerializer(many=True))
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """List the reader's conversations, latest first."""
        query, user_id = self.query(), self.actor.account_id
        page, size = query["page"], query["page_size"]
        kinds = [query["kind"]] if query.get("kind") else KINDS
        rows = read_conversations(user_id, kinds, start=(page - 1) * size, size=size)
        count = count_of(page, size, len(rows), lambda: count_conversations(user_id, kinds))
        results = [conversation_of(values) for values in rows]
        return json_answer({"count": count, "page": page, "page_size": size, "results": results})


class SearchView(MemberView):
    """Finding messages in the reader's conversations."""

    resource = "conversation"
    verbs = {"GET": "read"}
    rate = house.SEARCH_RATE
    query_serializer_class = SearchQuery

    @extend_schema(responses=FoundSerializer(many=True))
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Find messages by their words, latest first."""
        query = self.query()
        page, size = query["page"], query["page_size"]
        found = search_messages(
            query=query["q"], user_id=self.actor.user_id or 0, start=(page - 1) * size, size=size
        )
        count = {"count": found.count, "page": page, "page_size": size}
        return json_answer(count | {"results": found.messages})


class ConversationView(MemberView):
    """One conversation with its members and their watermarks."""

    verbs = {"GET": "read"}

    @extend_schema(responses=ConversationSerializer)
    def get(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Get one conversation with its members and their watermarks."""
        values = read_conversation(self.actor.account_id, public_id)
        if values is None:
            raise NotFoundError
        return json_answer(conversation_of(values))


class MessageListView(MemberView):
    """Messages of a conversation."""

    verbs = {"GET": "read", "POST": "send"}
    query_serializer_class = MessageQuery
    errors = (
        *(WritingClosedError, WritingLimitError, ColleagueWroteError, ClientIdConflictError),
        *(FileMissingError, AttachmentUsedError, RateLimitedError),
    )

    @extend_schema(responses=MessagePageSerializer)
    def get(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Read messages after a number, before a number, or the latest; always oldest first.

        With `after_rev`: what is new, edited or recalled since, in the order of revisions.
        """
        query = self.query()
        if (after_rev := query.get("after_rev")) is not None:
            return self._changes(public_id, after_rev, query["limit"], is_told=query["receipts"])
        after, before = query.get("after"), query.get("before")
        page = read_page(
            self.actor.account_id, public_id, after=after, before=before, limit=query["limit"]
        )
        if page is None:
            raise NotFoundError
        body = page_of(public_id, page, is_onward=after is not None)
        return json_answer(self._with_receipts(public_id, body) if query["receipts"] else body)

    def _with_receipts(self, public_id: UUID, body: Body) -> Body:
        seqs = [message["seq"] for message in body["messages"]]
        receipts = receipts_of(self.actor.user_id or 0, public_id, seqs)
        for message in body["messages"]:
            if message["seq"] in receipts:
                message.update(receipts[message["seq"]]._asdict())
        return body

    def _changes(
        self, public_id: UUID, after_rev: int, limit: int, *, is_told: bool
    ) -> HttpResponse:
        user_id = self.actor.user_id or 0
        page = read_pages([Question(user_id, public_id.hex, after_rev, limit)])[0]
        if page is None:
            raise NotFoundError
        body = changes_of(page)
        return json_answer(self._with_receipts(public_id, body) if is_told else body)

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
            seen=values["seen"],
            attachment=values["attachment"],
        )
        return Response(stored_of(stored), status=200 if stored.is_duplicate else 201)


class MessageView(MemberView):
    """One message: its sender may edit and recall it for a while."""

    verbs = {"GET": "read", "PATCH": "change", "DELETE": "change"}
    errors = (
        *(NotTheSenderError, NotEditableError, WritingClosedError),
        *(EditTooLateError, RecallTooLateError, RateLimitedError),
    )

    @extend_schema(responses=MessageDetailSerializer)
    def get(
        self,
        request: Request,  # noqa: ARG002 given by DRF
        public_id: UUID,
        message_id: UUID,
    ) -> HttpResponse:
        """Read one message, its sender also when it was delivered and read."""
        message = read_message(self.actor.user_id or 0, public_id, message_id)
        if message is None:
            raise NotFoundError
        return json_answer(speak(message))

    @extend_schema(request=EditSerializer, responses=ChangedSerializer)
    def patch(
        self,
        request: Request,  # noqa: ARG002 given by DRF
        public_id: UUID,
        message_id: UUID,
    ) -> Response:
        """Give a message of yours another text, within 15 minutes."""
        limit_changes(self.actor)
        changed = edit_message(
            actor=self.actor,
            conversation_public_id=public_id,
            message_public_id=message_id,
            body=self.input(EditSerializer)["body"],
        )
        return Response(changed_of(changed))

    @extend_schema(responses={200: ChangedSerializer})
    def delete(
        self,
        request: Request,  # noqa: ARG002 given by DRF
        public_id: UUID,
        message_id: UUID,
    ) -> Response:
        """Take a message of yours back, within two minutes."""
        limit_changes(self.actor)
        changed = recall_message(
            actor=self.actor, conversation_public_id=public_id, message_public_id=message_id
        )
        return Response(changed_of(changed))


class DeliveredView(MemberView):
    """Note that messages have reached the device."""

    verbs = {"POST": "mark"}

    @extend_schema(request=MarkSerializer, responses=WatermarksSerializer)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Say up to which number messages have reached the device; it never moves back."""
        seq = self.input(MarkSerializer)["seq"]
        now = mark(actor=self.actor, conversation_public_id=public_id, delivered=seq)
        return Response({"delivered": now.delivered, "read": now.read})


class ReadView(MemberView):
    """Note that messages were read."""

    verbs = {"POST": "mark"}

    @extend_schema(request=MarkSerializer, responses=WatermarksSerializer)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Say up to which number the person has read; it never moves back."""
        seq = self.input(MarkSerializer)["seq"]
        now = mark(actor=self.actor, conversation_public_id=public_id, read=seq)
        return Response({"delivered": now.delivered, "read": now.read})
