"""Texts people agree to, and their consents."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.fields import OneLineField
from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView
from clinic.core.clock import now
from clinic.patients import errors
from clinic.patients.api.permissions import CONSENT, CONSENT_TEXT
from clinic.patients.enums import ConsentKind, GuardianRelation
from clinic.patients.models import Consent, ConsentText
from clinic.patients.selectors.consents import current_texts, own_consents
from clinic.patients.services.consents import Given, give_consents, revoke_consent


class ConsentTextOut(serializers.ModelSerializer[ConsentText]):
    """A text in force, in the language of the client."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=ConsentKind.choices)
    title = serializers.CharField()
    body = serializers.CharField(help_text="lines are paragraphs")

    class Meta:
        model = ConsentText
        fields = ("id", "kind", "version", "title", "body", "effective_from")


class GiveIn(serializers.Serializer[Any]):
    """What is agreed to, for whom; the guardian is told for children under fourteen."""

    person_id = serializers.UUIDField()
    texts = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=10)
    guardian_name = OneLineField(max_length=60, required=False, allow_blank=True, default="")
    guardian_relation = serializers.ChoiceField(
        choices=GuardianRelation.choices, required=False, allow_blank=True, default=""
    )


class ConsentOut(serializers.ModelSerializer[Consent]):
    """A consent and the consultations that were ordered on it."""

    id = serializers.UUIDField(source="public_id")
    person_id = serializers.UUIDField(source="person.public_id")
    text_id = serializers.UUIDField(source="text.public_id")
    kind = serializers.ChoiceField(choices=ConsentKind.choices, source="text.kind")
    version = serializers.IntegerField(source="text.version")
    given_at = serializers.DateTimeField(source="created_at")
    consultations = serializers.SerializerMethodField()

    class Meta:
        model = Consent
        fields: tuple[str, ...] = (
            "id", "person_id", "text_id", "kind", "version", "given_at", "guardian_name",
            "guardian_relation", "revoked_at", "consultations",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_consultations(self, consent: Consent) -> list[UUID]:
        """Public ids, oldest first."""
        uses = sorted(consent.uses.all(), key=lambda use: use.pk)
        return [use.consultation_public_id for use in uses]


class ExportedConsent(ConsentOut):
    """A consent with the words as they stood."""

    title = serializers.CharField(source="text.title")
    body = serializers.CharField(source="text.body")

    class Meta(ConsentOut.Meta):
        fields = (*ConsentOut.Meta.fields, "title", "body")


class ConsentExport(serializers.Serializer[Any]):
    """Everything the account agreed to."""

    exported_at = serializers.DateTimeField()
    consents = ExportedConsent(many=True)


class ConsentTextOutList(serializers.Serializer[Any]):
    """The texts in force."""

    results = ConsentTextOut(many=True)


class GivenOut(serializers.Serializer[Any]):
    """The standing consents to what was named."""

    results = ConsentOut(many=True)


class ConsentTextListView(ApiView):
    """Texts in force."""

    resource = CONSENT_TEXT
    verbs: ClassVar = {"GET": "list"}

    @extend_schema(responses=ConsentTextOutList)
    def get(self, _request: Request) -> Response:
        """Show the text in force of each kind; the guardian's is for children under fourteen."""
        return Response({"results": ConsentTextOut(current_texts(now()), many=True).data})


class ConsentListView(ApiView):
    """Consents of the own account."""

    resource = CONSENT
    verbs: ClassVar = {"GET": "list", "POST": "give"}
    query_serializer_class = PageQuery
    rate = "60/m"
    errors: ClassVar = (errors.ConsentTextOutdatedError, errors.GuardianConsentError)

    @extend_schema(responses={200: ConsentOut(many=True)})
    def get(self, _request: Request) -> Response:
        """List what you agreed to, newest first, revoked consents too."""
        return self.page(own_consents(self.actor), ConsentOut)

    @extend_schema(request=GiveIn, responses={201: GivenOut})
    def post(self, _request: Request) -> Response:
        """Agree to texts for a visit person; repeating changes nothing."""
        given = give_consents(actor=self.actor, told=Given(**self.input(GiveIn)), now=now())
        return Response({"results": ConsentOut(given, many=True).data}, status=201)


class RevokeConsentView(ApiView):
    """The end of a consent."""

    resource = CONSENT
    verbs: ClassVar = {"POST": "revoke"}
    rate = "60/m"

    @extend_schema(request=None, responses=ConsentOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Take a consent back, and all of its kind for this person.

        Consultations that no doctor has accepted yet end, with all money back.
        """
        consent = revoke_consent(actor=self.actor, public_id=public_id, now=now())
        return Response(ConsentOut(consent).data)


class ConsentExportView(ApiView):
    """Consents to take away."""

    resource = CONSENT
    verbs: ClassVar = {"GET": "export"}
    rate = "10/m"

    @extend_schema(responses=ConsentExport)
    def get(self, _request: Request) -> Response:
        """Download all own consents with the texts as they were agreed to."""
        rows = ExportedConsent(own_consents(self.actor), many=True).data
        body = {"exported_at": now(), "consents": rows}
        headers = {"Content-Disposition": 'attachment; filename="consents.json"'}
        return Response(body, headers=headers)
