"""Shapes of complaints and of a doctor's quality."""

from typing import Any

from rest_framework import serializers

from clinic.complaints.enums import Kind, Side, State, Subject
from clinic.complaints.models import (
    Complaint,
    ComplaintNote,
    ComplaintStep,
    QualityEntry,
    Sanction,
)
from clinic.complaints.services.ending import may_appeal
from clinic.core.api.query import PageQuery
from clinic.core.clock import now
from clinic.settings import rules
from doctors.models import Doctor
from payments.enums import RequestState


class TextField(serializers.CharField):
    """What somebody says about a complaint."""

    def __init__(self, **kwargs: Any) -> None:
        """Texts have a limit."""
        super().__init__(max_length=rules.COMPLAINT_TEXT_MAX_CHARS, **kwargs)


class FilesField(serializers.ListField):
    """Uploads of the purpose ``complaint`` by their ids."""

    child = serializers.UUIDField()

    def __init__(self, **kwargs: Any) -> None:
        """There are few, and none is fine."""
        super().__init__(max_length=rules.COMPLAINT_FILES_MAX, required=False, **kwargs)


class ComplaintIn(serializers.Serializer[Any]):
    """A complaint; ``subject_id`` is the public id of the thing or of the doctor."""

    subject = serializers.ChoiceField(choices=Subject.choices)
    subject_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    text = TextField()
    files = FilesField()


class NoteIn(serializers.Serializer[Any]):
    """Something to add."""

    text = TextField()
    files = FilesField()


class TextIn(serializers.Serializer[Any]):
    """Words alone."""

    text = TextField()


class ComplaintQuery(PageQuery):
    """Which complaints."""

    state = serializers.ChoiceField(choices=State.choices, required=False)


class NoteOut(serializers.ModelSerializer[ComplaintNote]):
    """Something that was said; people of the clinic have no names here."""

    id = serializers.UUIDField(source="public_id")
    side = serializers.ChoiceField(choices=Side.choices)

    class Meta:
        model = ComplaintNote
        fields = ("id", "side", "text", "created_at")


class StepOut(serializers.ModelSerializer[ComplaintStep]):
    """A move of a complaint."""

    class Meta:
        model = ComplaintStep
        fields = ("act", "before", "after", "at")


class ConcernedDoctorOut(serializers.ModelSerializer[Doctor]):
    """Whom a complaint concerns."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Doctor
        fields = ("id", "name")


class CompensationOut(serializers.Serializer[Any]):
    """Money that staff asked payments to give back when a round was decided."""

    round = serializers.IntegerField()
    amount_fen = serializers.IntegerField(source="request.amount_fen")
    state = serializers.ChoiceField(source="request.state", choices=RequestState.choices)


class ComplaintOut(serializers.ModelSerializer[Complaint]):
    """A complaint as its patient sees it in a list."""

    id = serializers.UUIDField(source="public_id")
    subject_id = serializers.UUIDField(source="subject_public_id")
    doctor = ConcernedDoctorOut(allow_null=True)
    compensations = CompensationOut(many=True)
    may_appeal = serializers.SerializerMethodField()

    class Meta:
        model = Complaint
        fields = (
            "id", "subject", "subject_id", "doctor", "kind", "state", "text", "created_at",
            "answer_by", "answered_at", "close_by", "decided_at", "outcome", "accepted_at",
            "may_appeal", "compensations",
        )  # fmt: skip

    def get_may_appeal(self, complaint: Complaint) -> bool:
        """Whether the patient may ask for another look."""
        return may_appeal(complaint, now())


class ComplaintFileOut(serializers.Serializer[Any]):
    """A file of the patient's; its bytes are at ``files/{id}``."""

    id = serializers.UUIDField(source="file.public_id")
    name = serializers.CharField(source="file.name")


class ComplaintDetailOut(ComplaintOut):
    """A complaint with what was said and done."""

    notes = NoteOut(source="shown_notes", many=True)
    files = ComplaintFileOut(source="shown_files", many=True)
    history = StepOut(source="steps", many=True)

    class Meta:
        model = Complaint
        fields = (*ComplaintOut.Meta.fields, "notes", "files", "history")


class ConcerningOut(serializers.ModelSerializer[Complaint]):
    """A complaint as the doctor sees it whom it concerns: what, and how it ended."""

    id = serializers.UUIDField(source="public_id")
    subject_id = serializers.UUIDField(source="subject_public_id")
    points = serializers.SerializerMethodField()
    points_reason = serializers.SerializerMethodField()
    comments = NoteOut(source="shown_notes", many=True)

    class Meta:
        model = Complaint
        fields = (
            "id", "subject", "subject_id", "kind", "state", "text", "created_at", "close_by",
            "decided_at", "points", "points_reason", "comments",
        )  # fmt: skip

    def get_points(self, complaint: Complaint) -> int:
        """Points that count against the doctor."""
        entry = _in_force(complaint)
        return entry.points if entry else 0

    def get_points_reason(self, complaint: Complaint) -> str:
        """Why they do."""
        entry = _in_force(complaint)
        return entry.reason if entry else ""


class EntryOut(serializers.ModelSerializer[QualityEntry]):
    """Points against the doctor."""

    complaint = serializers.UUIDField(source="complaint.public_id")
    kind = serializers.ChoiceField(source="complaint.kind", choices=Kind.choices)

    class Meta:
        model = QualityEntry
        fields = ("complaint", "kind", "points", "reason", "at")


class SanctionOut(serializers.ModelSerializer[Sanction]):
    """What was decided about the doctor."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Sanction
        fields = ("id", "kind", "reason", "created_at", "until", "ended_at")


class QualityOut(serializers.Serializer[Any]):
    """A doctor's quality: the full mark less the points since a moment."""

    score = serializers.IntegerField()
    points = serializers.IntegerField()
    since = serializers.DateTimeField()
    entries = EntryOut(many=True)
    sanctions = SanctionOut(many=True)


def _in_force(complaint: Complaint) -> QualityEntry | None:
    entries = complaint.quality_entries.all()
    return next((entry for entry in entries if entry.revoked_at is None), None)
