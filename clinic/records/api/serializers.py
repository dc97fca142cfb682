"""Shapes of records; rooms above take the inputs into their own endpoints."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic.core.api.fields import OneLineField
from clinic.core.api.query import PageQuery
from clinic.records.enums import TEXTS, CodeSystem, State, Subject
from clinic.records.models import DiagnosisCode, MedicalRecord, RecordAddendum, RecordDiagnosis
from clinic.records.selectors.contents import addenda_in_order
from clinic.settings import rules


class DiagnosisIn(serializers.Serializer[Any]):
    """A coded diagnosis: the table and the code in it."""

    system = serializers.ChoiceField(choices=CodeSystem.choices)
    code = OneLineField(max_length=40)


def _text(chars: int = rules.RECORD_MAX_CHARS) -> serializers.CharField:
    return serializers.CharField(max_length=chars, allow_blank=True, required=False)


class DraftIn(serializers.Serializer[Any]):
    """What a doctor writes; what is left out stays as it is."""

    chief_complaint = _text()
    present_history = _text()
    past_history = _text()
    allergies = _text()
    looking = _text()
    listening = _text()
    asking = _text()
    palpation = _text()
    tongue = _text(rules.RECORD_SIGN_MAX_CHARS)
    pulse = _text(rules.RECORD_SIGN_MAX_CHARS)
    diagnosis = _text()
    principle = _text()
    advice = _text()
    diagnoses = serializers.ListField(
        child=DiagnosisIn(), max_length=rules.RECORD_MAX_DIAGNOSES, required=False
    )


class DiagnosisOut(serializers.ModelSerializer[RecordDiagnosis]):
    """A coded diagnosis as it was written."""

    system = serializers.ChoiceField(choices=CodeSystem.choices)

    class Meta:
        model = RecordDiagnosis
        fields = ("system", "edition", "code", "name")


class AddendumOut(serializers.ModelSerializer[RecordAddendum]):
    """A signed correction."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = RecordAddendum
        fields = ("id", "position", "author_name", "reason", "text", "signed_at", "content_hash")


class AddendaOut(serializers.Serializer[Any]):
    """The corrections of a record, the first one first."""

    results = AddendumOut(many=True)


class AddendumIn(serializers.Serializer[Any]):
    """What is corrected, and why."""

    reason = OneLineField(max_length=rules.ADDENDUM_REASON_MAX_CHARS)
    text = serializers.CharField(max_length=rules.ADDENDUM_MAX_CHARS)


class RecordListQuery(PageQuery):
    """Filters of the list."""

    person_id = serializers.UUIDField(required=False)
    care_id = serializers.UUIDField(required=False)


class RecordRow(serializers.ModelSerializer[MedicalRecord]):
    """A signed record in a list."""

    id = serializers.UUIDField(source="public_id")
    care_kind = serializers.ChoiceField(choices=Subject.choices, source="subject_kind")
    care_id = serializers.UUIDField(source="subject_public_id")
    doctor_id = serializers.UUIDField(source="doctor.public_id", read_only=True)
    person_id = serializers.UUIDField(source="person.public_id", read_only=True)
    printed = serializers.DictField(help_text="Names and titles as they stood at the signing.")
    addenda_count = serializers.SerializerMethodField()

    class Meta:
        model = MedicalRecord
        fields: tuple[str, ...] = (
            "id", "number", "care_kind", "care_id", "doctor_id", "person_id", "printed",
            "chief_complaint", "diagnosis", "signed_at", "addenda_count",
        )  # fmt: skip

    def get_addenda_count(self, record: MedicalRecord) -> int:
        """How many corrections there are."""
        return len(record.addenda.all())


class RecordOut(RecordRow):
    """A whole signed record."""

    diagnoses = DiagnosisOut(many=True)
    addenda = serializers.SerializerMethodField()

    class Meta(RecordRow.Meta):
        fields = (
            *RecordRow.Meta.fields,
            *(name for name in TEXTS if name not in RecordRow.Meta.fields),
            "diagnoses", "addenda", "content_hash", "key_id", "signature", "verify_token",
        )  # fmt: skip

    @extend_schema_field(AddendumOut(many=True))
    def get_addenda(self, record: MedicalRecord) -> list[dict[str, Any]]:
        """The corrections, the first one first."""
        return list(AddendumOut(addenda_in_order(record), many=True).data)


class DraftOut(serializers.ModelSerializer[MedicalRecord]):
    """A record while it is written."""

    state = serializers.ChoiceField(choices=State.choices)
    diagnoses = serializers.SerializerMethodField()

    class Meta:
        model = MedicalRecord
        fields = ("number", "state", "signed_at", *TEXTS, "diagnoses")

    @extend_schema_field(DiagnosisOut(many=True))
    def get_diagnoses(self, record: MedicalRecord) -> list[dict[str, Any]]:
        """The coded diagnoses; none before the first saving."""
        rows = record.diagnoses.order_by("position") if record.pk else []
        return list(DiagnosisOut(list(rows), many=True).data)


class CodeQuery(PageQuery):
    """What to look for: the beginning of a code, or any part of a name."""

    system = serializers.ChoiceField(choices=CodeSystem.choices, required=False)
    search = serializers.CharField(max_length=40, required=False)


class CodeOut(serializers.ModelSerializer[DiagnosisCode]):
    """A code that a doctor may pick."""

    system = serializers.ChoiceField(choices=CodeSystem.choices)

    class Meta:
        model = DiagnosisCode
        fields = ("system", "edition", "code", "name")
