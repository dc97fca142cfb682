"""What agents write beside the conversation: notes, drafts, tags, canned replies, macros."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat.errors import ClientIdConflictError, WritingClosedError
from clinic.core.api.views import get_or_404, json_answer
from clinic.core.errors import NotFoundError, RateLimitedError
from clinic.customer_service.api.desk import forms, shapes, writing_shapes
from clinic.customer_service.api.desk.base import DeskView
from clinic.customer_service.api.desk.rendering import (
    canned_body,
    chat_body,
    macro_body,
    tag_body,
)
from clinic.customer_service.enums import DraftMode
from clinic.customer_service.errors import (
    ChatEndedError,
    NotAnAgentError,
    NotYourChatError,
    ShortcutTakenError,
    TeamClosedError,
)
from clinic.customer_service.models import Team
from clinic.customer_service.selectors import prepared
from clinic.customer_service.selectors.notes import notes_of
from clinic.customer_service.services import canned
from clinic.customer_service.services.drafts import save_draft
from clinic.customer_service.services.macros import run_macro
from clinic.customer_service.services.notes import add_note
from clinic.customer_service.services.tags import set_tags
from clinic.customer_service.services.viewing import note_viewing


class NotesView(DeskView):
    """The internal notes of a chat; its customer never learns of them."""

    verbs = {"GET": "read", "POST": "work"}

    @extend_schema(responses=writing_shapes.NotesShape)
    def get(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Read the internal notes of a chat, oldest first."""
        return json_answer({"results": notes_of(self.chat_to_read(public_id))})

    @extend_schema(request=forms.NoteForm, responses={201: writing_shapes.NoteShape})
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Write an internal note; colleagues who are mentioned get a notice."""
        values = self.input(forms.NoteForm)
        chat = self.chat(public_id)
        note = add_note(
            chat.pk, author=self.seat.agent, body=values["body"], mentions=values["mentions"]
        )
        written = next(one for one in notes_of(chat) if one["number"] == note.number)
        return Response(written, status=201)


class DraftView(DeskView):
    """What the agent has not sent yet."""

    verbs = {"PUT": "work"}

    @extend_schema(request=forms.DraftForm, responses=writing_shapes.DraftShape)
    def put(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Keep an unsent text of yours; an empty one removes it."""
        values = self.input(forms.DraftForm)
        chat, mode = self.chat(public_id), DraftMode(values["mode"])
        save_draft(chat, agent=self.seat.agent, mode=mode, body=values["body"])
        return Response({"mode": mode.value, "body": values["body"]})


class ChatTagsView(DeskView):
    """The tags of a chat."""

    verbs = {"PUT": "work"}

    @extend_schema(request=forms.ChatTagsForm, responses=writing_shapes.ChatTagsShape)
    def put(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Give the chat exactly these tags."""
        tags = set_tags(self.chat(public_id).pk, self.input(forms.ChatTagsForm)["tags"])
        return Response({"tags": [tag_body(tag) for tag in tags]})


class ViewingView(DeskView):
    """Who looks at a chat right now."""

    verbs = {"POST": "work"}

    @extend_schema(request=forms.ViewingForm, responses=shapes.OthersShape)
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Say that you look at a chat or answer in it; it lasts 30 s. Returns what others do."""
        state = self.input(forms.ViewingForm)["state"]
        others = note_viewing(self.chat(public_id), agent=self.seat.agent, state=state)
        return Response({"viewing": others})


class MacroRunView(DeskView):
    """Several steps in one click."""

    verbs = {"POST": "work"}
    errors = (
        *(NotAnAgentError, NotYourChatError, ChatEndedError, WritingClosedError),
        *(ClientIdConflictError, RateLimitedError, TeamClosedError),
    )

    @extend_schema(request=forms.MacroForm, responses=shapes.ChatShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Run a macro in a chat that you serve: all of its steps or none."""
        values = self.input(forms.MacroForm)
        chat = self.chat(public_id)
        macro = get_or_404(prepared.macros_for(self.seat), public_id=values["macro"])
        run_macro(macro, chat, seat=self.seat, actor=self.actor, client_id=values["cid"])
        return json_answer(chat_body(self.seat, chat))


class MacroListView(DeskView):
    """Macros of the agent's teams."""

    verbs = {"GET": "read"}

    @extend_schema(responses=writing_shapes.MacrosShape)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """List the macros that you may run, the most used first."""
        return json_answer({"results": [macro_body(one) for one in prepared.macros_for(self.seat)]})


class CannedListView(DeskView):
    """Canned replies."""

    verbs = {"GET": "read", "POST": "work"}
    errors = (NotAnAgentError, ShortcutTakenError, NotFoundError)
    query_serializer_class = forms.CannedQuery

    @extend_schema(responses=writing_shapes.CannedListShape)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Find the best canned replies for what was typed, filled in for a chat."""
        query, seat = self.query(), self.seat
        team = get_or_404(Team.objects.all(), public_id=query["team"]) if "team" in query else None
        chat = self.chat(query["chat"]) if "chat" in query else None
        found = prepared.find_canned(seat, query["q"], team)
        return json_answer({"results": [canned_body(one, seat, chat) for one in found]})

    @extend_schema(request=forms.CannedForm, responses={201: writing_shapes.CannedShape})
    def post(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """Keep a canned reply for yourself."""
        reply = canned.create_own(agent=self.seat.agent, **self.input(forms.CannedForm))
        return Response(canned_body(reply, self.seat), status=201)


class CannedView(DeskView):
    """A canned reply of one's own."""

    verbs = {"PATCH": "keep", "DELETE": "keep"}
    errors = (NotAnAgentError, ShortcutTakenError)

    @extend_schema(request=forms.CannedChangeForm, responses=writing_shapes.CannedShape)
    def patch(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Change a canned reply of your own."""
        changes = self.input(forms.CannedChangeForm)
        reply = get_or_404(prepared.own_canned(self.seat), public_id=public_id)
        return Response(canned_body(canned.change_own(reply, changes=changes), self.seat))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Remove a canned reply of your own."""
        canned.remove_own(get_or_404(prepared.own_canned(self.seat), public_id=public_id))
        return Response(status=204)


class CannedUsedView(DeskView):
    """The use of a canned reply."""

    verbs = {"POST": "use"}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, public_id: UUID) -> Response:  # noqa: ARG002 given by DRF
        """Count that you used a canned reply."""
        canned.note_use(get_or_404(prepared.canned_for(self.seat), public_id=public_id))
        return Response(status=204)
