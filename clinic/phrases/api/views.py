"""Endpoints of common phrases."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import get_or_404
from clinic.core.clock import now
from clinic.phrases import errors
from clinic.phrases.api import permissions
from clinic.phrases.api.serializers import PhraseChange, PhraseIn, PhraseOut, PhraseQuery
from clinic.phrases.selectors import own_phrases, phrases_for
from clinic.phrases.services import phrases
from doctors.api.own_views import OwnView


class PhraseListView(OwnView):
    """Phrases of the doctor and of the house."""

    resource = permissions.PHRASE
    verbs: ClassVar = {"GET": "list", "POST": "add"}
    query_serializer_class = PhraseQuery
    errors: ClassVar = (errors.TooManyPhrasesError, errors.PhraseExistsError)

    @extend_schema(responses=PhraseOut(many=True))
    def get(self, _request: Request) -> Response:
        """List your phrases and those of the house, what you use most first."""
        asked = self.query()
        rows = phrases_for(self.doctor().pk)
        return self.page(rows.filter(type=asked["type"]) if "type" in asked else rows, PhraseOut)

    @extend_schema(request=PhraseIn, responses={201: PhraseOut})
    def post(self, _request: Request) -> Response:
        """Add a phrase of your own."""
        doctor_id, told = self.doctor().pk, self.input(PhraseIn)
        added = phrases.add_phrase(
            doctor_id=doctor_id, type_=told["type"], text=told["text"], order=told["order"]
        )
        shown = get_or_404(own_phrases(doctor_id), pk=added.pk)
        return Response(PhraseOut(shown).data, status=201)


class PhraseView(OwnView):
    """One phrase of the doctor's own."""

    resource = permissions.PHRASE
    verbs: ClassVar = {"PATCH": "change", "DELETE": "remove"}
    refuses_unknown_fields = True
    errors: ClassVar = (errors.PhraseExistsError,)

    @extend_schema(request=PhraseChange, responses=PhraseOut)
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Change a phrase of your own."""
        doctor_id = self.doctor().pk
        phrase = get_or_404(own_phrases(doctor_id), public_id=public_id)
        changes = self.input(PhraseChange)
        phrases.change_phrase(doctor_id=doctor_id, phrase_id=phrase.pk, changes=changes)
        return Response(PhraseOut(get_or_404(own_phrases(doctor_id), pk=phrase.pk)).data)

    @extend_schema(responses={204: None})
    def delete(self, _request: Request, public_id: UUID) -> Response:
        """Remove a phrase of your own."""
        doctor_id = self.doctor().pk
        phrase = get_or_404(own_phrases(doctor_id), public_id=public_id)
        phrases.remove_phrase(doctor_id=doctor_id, phrase_id=phrase.pk)
        return Response(status=204)


class PhraseUseView(OwnView):
    """Using a phrase."""

    resource = permissions.PHRASE
    verbs: ClassVar = {"POST": "use"}

    @extend_schema(request=None, responses=PhraseOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Say that you put a phrase into a text; it moves up in your list."""
        doctor_id = self.doctor().pk
        phrase = get_or_404(phrases_for(doctor_id), public_id=public_id)
        phrases.note_use(doctor_id=doctor_id, phrase_id=phrase.pk, now=now())
        return Response(PhraseOut(get_or_404(phrases_for(doctor_id), pk=phrase.pk)).data)
