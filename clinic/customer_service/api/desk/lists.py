"""The lists of the desk, and who works there."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from clinic.core.api.views import json_answer
from clinic.core.clock import now
from clinic.customer_service.api.desk.base import DeskView
from clinic.customer_service.api.desk.forms import ListQuery, SearchForm, StatusForm
from clinic.customer_service.api.desk.rendering import me_of, tag_body
from clinic.customer_service.api.desk.shapes import (
    ColleaguesShape,
    CountsShape,
    MeShape,
    RowsShape,
    SearchShape,
)
from clinic.customer_service.api.desk.writing_shapes import TagsShape
from clinic.customer_service.enums import AgentStatus
from clinic.customer_service.selectors import colleagues as people
from clinic.customer_service.selectors.counts import counts
from clinic.customer_service.selectors.prepared import usable_tags
from clinic.customer_service.selectors.rows import ListWish, due_by, list_rows
from clinic.customer_service.selectors.search import find_chats
from clinic.customer_service.selectors.seats import seat_of
from clinic.customer_service.selectors.supervision import watching_seat
from clinic.customer_service.services.agents import set_status
from clinic.customer_service.services.searching import find_messages


class MeView(DeskView):
    """The agent who asks."""

    verbs = {"GET": "read"}

    @extend_schema(responses=MeShape)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Get your own place at the desk: status, load, teams, numbers to count with."""
        return json_answer(me_of(self.seat, self.actor.public_id))


class StatusView(DeskView):
    """The agent's own status."""

    verbs = {"POST": "work"}

    @extend_schema(request=StatusForm, responses=MeShape)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Say whether you take chats: online, busy or offline."""
        status = AgentStatus(self.input(StatusForm)["status"])
        set_status(self.seat.agent.pk, status, by=self.actor)
        return json_answer(me_of(seat_of(self.actor), self.actor.public_id))


class ChatListView(DeskView):
    """Chats by tab."""

    verbs = {"GET": "read"}
    query_serializer_class = ListQuery

    @extend_schema(responses=RowsShape)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """List the chats of a tab; a full page has a cursor for the next one."""
        query = self.query()
        wish = ListWish(
            tab=query["tab"],
            team=query.get("team"),
            tag=query.get("tag"),
            language=query.get("language"),
            is_unread=query["unread"],
            due_by=due_by(now()) if query["due"] else None,
            after=query.get("cursor"),
            limit=query["limit"],
        )
        rows = list_rows(watching_seat(self.actor), wish)
        is_full = len(rows) == wish.limit
        return json_answer({"results": rows, "next": rows[-1]["id"] if is_full else None})


class CountsView(DeskView):
    """How many chats each tab holds."""

    verbs = {"GET": "read"}

    @extend_schema(responses=CountsShape)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Count the chats of each tab."""
        return json_answer(counts(self.seat, now()))


class ColleaguesView(DeskView):
    """Who works at the desk."""

    verbs = {"GET": "read"}

    @extend_schema(responses=ColleaguesShape)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """List who works at the desk, those on duty first."""
        me = self.seat.agent.public_id
        shown = [people.shown(one, me=me) for one in people.colleagues()]
        return json_answer({"results": shown})


class TagListView(DeskView):
    """Tags for chats."""

    verbs = {"GET": "read"}

    @extend_schema(responses=TagsShape)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """List the tags that can be put on chats."""
        self.seat  # noqa: B018 refuses who has none
        return json_answer({"results": [tag_body(tag) for tag in usable_tags()]})


class SearchView(DeskView):
    """Chats by customer or words; a POST, since names do not belong in addresses."""

    verbs = {"POST": "read"}
    rate = "60/m"

    @extend_schema(request=SearchForm, responses=SearchShape)
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Find chats by the customer's name, the end of his phone number, or words said in them."""
        values = self.input(SearchForm)
        seat, text = self.seat, values["q"]
        body = {
            "chats": find_chats(seat, text, values["team"]),
            "messages": find_messages(seat, text, values["team"]),
        }
        return json_answer(body)
