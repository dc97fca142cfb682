"""A doctor's own papers."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.fields import OneLineField
from clinic.core.api.query import PageQuery
from clinic.core.clock import now
from clinic.core.errors import IllegalTransitionError, NotFoundError
from doctors import errors
from doctors.api import permissions
from doctors.api.own_views import OwnView
from doctors.enums import CredentialKind
from doctors.models import Credential, CredentialStep
from doctors.rules.credentials import Paper
from doctors.selectors.credentials import credentials_of, own_credential, shown_number
from doctors.services.credentials import submit, withdraw


class CredentialIn(serializers.Serializer[Any]):
    """A paper; ``front`` and ``back`` are uploads of the purpose ``credential``."""

    kind = serializers.ChoiceField(choices=CredentialKind.choices)
    front = serializers.UUIDField()
    back = serializers.UUIDField(allow_null=True, default=None)
    number = OneLineField(max_length=60, allow_blank=True, default="")
    scope = OneLineField(max_length=120, allow_blank=True, default="")
    institution = OneLineField(
        max_length=100, allow_blank=True, default="", help_text=_("Of filings alone.")
    )
    valid_from = serializers.DateField(allow_null=True, default=None)
    valid_until = serializers.DateField(allow_null=True, default=None)
    practising_since = serializers.DateField(
        allow_null=True, default=None, help_text=_("Of practising licences alone.")
    )


class CredentialStepOut(serializers.ModelSerializer[CredentialStep]):
    """A step of a paper."""

    class Meta:
        model = CredentialStep
        fields = ("from_state", "to_state", "reason", "at")


class CredentialOut(serializers.ModelSerializer[Credential]):
    """A paper and what became of it; the number of an ID card is masked."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.SerializerMethodField()
    front = serializers.UUIDField(source="front.public_id", read_only=True)
    back = serializers.UUIDField(source="back.public_id", allow_null=True, read_only=True)
    history = CredentialStepOut(source="steps", many=True)

    class Meta:
        model = Credential
        fields = (
            "id", "kind", "state", "reason", "number", "scope", "institution", "valid_from",
            "valid_until", "practising_since", "front", "back", "created_at", "reviewed_at",
            "history",
        )  # fmt: skip

    def get_number(self, credential: Credential) -> str:
        """The number as its owner may see it again."""
        return shown_number(credential)


class CredentialView(OwnView):
    """What the endpoints of papers share."""

    resource = permissions.DOCTOR_CREDENTIAL

    def own(self, public_id: UUID) -> Credential:
        """The paper of the caller. Raises NotFoundError for everybody else's."""
        credential = own_credential(self.doctor().pk, public_id)
        if credential is None:
            raise NotFoundError
        return credential


class CredentialListView(CredentialView):
    """All papers of the doctor."""

    verbs: ClassVar = {"GET": "read", "POST": "submit"}
    rate = "30/m"
    query_serializer_class = PageQuery
    errors = (errors.LicenceExpiredError, errors.CredentialPendingError)

    @extend_schema(responses=CredentialOut(many=True))
    def get(self, _request: Request) -> Response:
        """List your credentials, newest first."""
        return self.page(credentials_of(self.doctor().pk), CredentialOut)

    @extend_schema(request=CredentialIn, responses={201: CredentialOut})
    def post(self, _request: Request) -> Response:
        """Hand a credential in for review; upload its pictures first."""
        doctor = self.doctor()
        paper = Paper(**self.input(CredentialIn))
        credential = submit(doctor_id=doctor.pk, paper=paper, now=now(), by=self.actor)
        return Response(CredentialOut(self.own(credential.public_id)).data, status=201)


class CredentialDetailView(CredentialView):
    """One paper."""

    verbs: ClassVar = {"GET": "read"}

    @extend_schema(responses=CredentialOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show one of your credentials with its history."""
        return Response(CredentialOut(self.own(public_id)).data)


class CredentialWithdrawView(CredentialView):
    """Taking a paper back."""

    verbs: ClassVar = {"POST": "withdraw"}
    errors = (IllegalTransitionError,)

    @extend_schema(request=None, responses=CredentialOut)
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Take a credential back that is under review."""
        withdraw(self.own(public_id).pk, now=now(), by=self.actor)
        return Response(CredentialOut(self.own(public_id)).data)
