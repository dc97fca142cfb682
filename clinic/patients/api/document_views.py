"""Identity documents of visit persons who have no Chinese ID number."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.patients import errors
from clinic.patients.api.permissions import IDENTITY_DOCUMENT
from clinic.patients.enums import DocumentKind
from clinic.patients.models import IdentityDocument, IdentityDocumentStep
from clinic.patients.selectors import visible_to
from clinic.patients.selectors.documents import documents_of, masked_number
from clinic.patients.services.documents import ToldDocument, submit


class IdentityDocumentIn(serializers.Serializer[Any]):
    """A document; ``front`` and ``back`` are uploads of the purpose ``identity_document``."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    number = serializers.CharField(max_length=40, write_only=True)
    valid_until = serializers.DateField(allow_null=True, default=None)
    front = serializers.UUIDField()
    back = serializers.UUIDField(allow_null=True, default=None)


class IdentityDocumentStepOut(serializers.ModelSerializer[IdentityDocumentStep]):
    """A step of a document."""

    class Meta:
        model = IdentityDocumentStep
        fields = ("from_state", "to_state", "reason", "at")


class IdentityDocumentOut(serializers.ModelSerializer[IdentityDocument]):
    """A document and what became of it; the number is masked."""

    id = serializers.UUIDField(source="public_id")
    number_masked = serializers.SerializerMethodField()
    front = serializers.UUIDField(source="front.public_id", read_only=True)
    back = serializers.UUIDField(source="back.public_id", allow_null=True, read_only=True)
    history = IdentityDocumentStepOut(source="steps", many=True)

    class Meta:
        model = IdentityDocument
        fields = (
            "id", "kind", "state", "reason", "number_masked", "valid_until", "front", "back",
            "created_at", "reviewed_at", "history",
        )  # fmt: skip

    def get_number_masked(self, document: IdentityDocument) -> str:
        """First two and last two characters."""
        return masked_number(document)


class IdentityDocumentView(ApiView):
    """Documents by which staff verify a visit person."""

    resource = IDENTITY_DOCUMENT
    verbs: ClassVar = {"GET": "list", "POST": "submit"}
    rate = "20/m"
    refuses_unknown_fields = True
    query_serializer_class = PageQuery
    errors: ClassVar = (errors.DocumentNotNeededError, errors.DocumentPendingError)

    @extend_schema(responses=IdentityDocumentOut(many=True))
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List the documents of a visit person with what became of them, newest first."""
        person = get_or_404(visible_to(self.actor), public_id=public_id)
        return self.page(documents_of(person), IdentityDocumentOut)

    @extend_schema(request=IdentityDocumentIn, responses={201: IdentityDocumentOut})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Hand in a document for review; upload its pictures first."""
        person = get_or_404(visible_to(self.actor), public_id=public_id)
        body = self.input(IdentityDocumentIn)
        told = ToldDocument(**body | {"kind": DocumentKind(body["kind"])})
        document = submit(actor=self.actor, person_id=person.pk, told=told, now=now())
        shown = documents_of(person).get(pk=document.pk)
        return Response(IdentityDocumentOut(shown).data, status=201)
