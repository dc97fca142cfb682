"""Shapes of what people do with their own data, and of emergency reading."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic.core.api.fields import OneLineField
from clinic.core.models import AuditEntry
from clinic.privacy.enums import DeletionState, EmergencyReason, Pronoun
from clinic.privacy.models import DataExport, DeletionRequest, EmergencyAccess
from clinic.privacy.selectors.reads import pronoun_of
from clinic.settings import rules


class ExportOutput(serializers.ModelSerializer[DataExport]):
    """An archive and how far it is."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    done_parts = serializers.IntegerField(source="done", read_only=True)
    parts = serializers.IntegerField(source="total", read_only=True)
    bytes = serializers.IntegerField(source="size", read_only=True)

    class Meta:
        model = DataExport
        fields = (
            "id", "state", "done_parts", "parts", "bytes", "sha256", "created_at", "ready_at",
            "expires_at", "fetched_at",
        )  # fmt: skip
        read_only_fields = fields


class TokenOutput(serializers.Serializer[Any]):
    """A download code, shown once; it opens the archive once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class FetchInput(serializers.Serializer[Any]):
    """The download code."""

    token = serializers.CharField(max_length=100)


class DeletionOutput(serializers.Serializer[Any]):
    """The wish, what is still open, and what the law keeps afterwards."""

    state = serializers.ChoiceField(choices=DeletionState.choices, allow_null=True)
    asked_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    cooling_days = serializers.IntegerField()
    open = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    stays = serializers.ListField(child=serializers.DictField())


class DeletionInput(serializers.Serializer[Any]):
    """The person has read what stays."""

    understood = serializers.BooleanField()

    def validate_understood(self, value: bool) -> bool:
        """Nothing is asked for by mistake."""
        if not value:
            message = _("Read what stays, then send “understood”: true.")
            raise serializers.ValidationError(message, code="required")
        return value


def deletion_answer(
    wish: DeletionRequest | None, *, open_: list[dict[str, str]], stays: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the fields of DeletionOutput."""
    return {
        "state": wish.state if wish else None,
        "asked_at": wish.created_at if wish else None,
        "due_at": wish.due_at if wish else None,
        "cooling_days": rules.DELETION_COOLING.days,
        "open": open_,
        "stays": stays,
    }


class ReadRow(serializers.ModelSerializer[AuditEntry]):
    """Who opened the patient's data: as what, when, why; nobody is named."""

    at = serializers.DateTimeField(source="created_at", read_only=True)
    who = serializers.SerializerMethodField()
    what = serializers.SerializerMethodField()
    id = serializers.SerializerMethodField(help_text="public id of what was opened")
    why = serializers.SerializerMethodField(help_text="care, duty or emergency")

    class Meta:
        model = AuditEntry
        fields = ("at", "who", "what", "id", "why")
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(Pronoun.choices))
    def get_who(self, entry: AuditEntry) -> str:
        """What kind of person."""
        return pronoun_of(str(entry.note.get("role", ""))).value

    def get_what(self, entry: AuditEntry) -> str:
        """The kind of thing."""
        return entry.subject.partition(":")[0]

    def get_id(self, entry: AuditEntry) -> str:
        """The thing."""
        return entry.subject.partition(":")[2]

    def get_why(self, entry: AuditEntry) -> str:
        """The reason, as a code."""
        return str(entry.note.get("why", ""))


class EmergencyInput(serializers.Serializer[Any]):
    """Whose data, and why."""

    patient = OneLineField(max_length=60, help_text="the patient's phone or account id")
    reason = serializers.ChoiceField(choices=EmergencyReason.choices)
    words = OneLineField(
        min_length=rules.EMERGENCY_WORDS_MIN_CHARS, max_length=rules.EMERGENCY_WORDS_MAX_CHARS
    )


class EmergencyRow(serializers.ModelSerializer[EmergencyAccess]):
    """An access: when it began, when it is over."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    patient_id = serializers.UUIDField(source="patient.public_id", read_only=True)

    class Meta:
        model = EmergencyAccess
        fields = ("id", "patient_id", "reason", "created_at", "ends_at")
        read_only_fields = fields


class EmergencyPerson(serializers.Serializer[Any]):
    """A visit person as an emergency needs him."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    relation = serializers.CharField()
    gender = serializers.CharField()
    age = serializers.IntegerField(allow_null=True)
    phone = serializers.CharField()


class EmergencyRecord(serializers.Serializer[Any]):
    """A record in the list of an access; its text is opened one by one."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    person_id = serializers.UUIDField(source="person.public_id")
    allergies = serializers.CharField()
    signed_at = serializers.DateTimeField()


class EmergencyDetail(serializers.Serializer[Any]):
    """What an access shows at once."""

    access = EmergencyRow()
    persons = EmergencyPerson(many=True)
    records = EmergencyRecord(many=True)
