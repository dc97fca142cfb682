"""Notices over HTTP."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import ApiView, json_answer
from clinic.core.errors import NotFoundError
from clinic.notifications.api.serializers import (
    NoticeQuery,
    NoticeSerializer,
    UnreadCountSerializer,
)
from clinic.notifications.selectors import notices_of, unread_count
from clinic.notifications.services import mark_all_read, mark_read


class NoticeListView(ApiView):
    """The reader's notices, newest first."""

    resource = "notice"
    verbs = {"GET": "read"}
    query_serializer_class = NoticeQuery

    @extend_schema(responses=NoticeSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """List the reader's notices, newest first."""
        rows = notices_of(self.actor.user_id or 0)
        if self.query()["unread"]:
            rows = rows.filter(read_at=None)
        return self.page(rows, NoticeSerializer)


class UnreadCountView(ApiView):
    """How many notices were not read."""

    resource = "notice"
    verbs = {"GET": "read"}

    @extend_schema(responses=UnreadCountSerializer)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Count the notices that were not read."""
        return json_answer({"count": unread_count(self.actor.user_id or 0)})


class ReadNoticeView(ApiView):
    """Note that one notice was read."""

    resource = "notice"
    verbs = {"POST": "mark"}

    @extend_schema(request=None, responses=UnreadCountSerializer)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Note that one notice was read; safe to repeat."""
        user_id = self.actor.user_id or 0
        if not mark_read(user_id=user_id, public_id=public_id):
            raise NotFoundError
        return Response({"count": unread_count(user_id)})


class ReadAllNoticesView(ApiView):
    """Note that every notice was read."""

    resource = "notice"
    verbs = {"POST": "mark"}

    @extend_schema(request=None, responses=UnreadCountSerializer)
    def post(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """Note that every notice was read."""
        mark_all_read(user_id=self.actor.user_id or 0)
        return Response({"count": 0})
