"""Shapes of consultations going out. A phone number is never among them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic.core.clock import clinic_day, now
from clinic.patients.enums import ConsentKind
from clinic.patients.models import VisitPerson
from clinic.patients.rules import age_in_years
from clinic.patients.selectors import masked_id_number
from clinic.patients.selectors.consents import revoked_uses
from clinic.records.enums import Subject
from clinic.records.models import MedicalRecord
from clinic.records.selectors.records import record_of
from clinic.relations.selectors.relations import relation_of
from consultations.enums import IntakeSource, Kind, Outcome, Reason, RefundMode, State
from consultations.models import Consultation, ConsultationEvent
from consultations.rules import is_invalid, seed_status
from consultations.selectors.consultations import place_in_queue
from consultations.selectors.intakes import latest_check, sheet_with_all
from doctors.enums import Level
from doctors.models import Department, Doctor
from payments.models import PaymentOrder


class DepartmentOutput(serializers.ModelSerializer[Department]):
    """A department by its code."""

    class Meta:
        model = Department
        fields = ("code", "name")


class DoctorOutput(serializers.ModelSerializer[Doctor]):
    """The doctor as the patient sees him."""

    id = serializers.UUIDField(source="public_id")
    department = DepartmentOutput()

    class Meta:
        model = Doctor
        fields = ("id", "name", "icon", "hospital", "level", "department")


class PersonOutput(serializers.ModelSerializer[VisitPerson]):
    """The visit person in a list."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = VisitPerson
        fields = ("id", "name")


class PatientOutput(serializers.ModelSerializer[VisitPerson]):
    """The visit person as the doctor sees him; the ID number is masked."""

    id = serializers.UUIDField(source="public_id")
    age = serializers.SerializerMethodField()
    id_number = serializers.SerializerMethodField()

    class Meta:
        model = VisitPerson
        fields = (
            "id", "name", "gender", "age", "relation", "height_cm", "weight_kg", "city",
            "id_number",
        )  # fmt: skip

    def get_age(self, person: VisitPerson) -> int | None:
        """Completed years today, null when the birthday is not known."""
        return age_in_years(person.birthday, clinic_day(now()))

    def get_id_number(self, person: VisitPerson) -> str:
        """Masked; empty without one."""
        return masked_id_number(person)


class RecordOutput(serializers.ModelSerializer[MedicalRecord]):
    """The signed record in short; the whole stands at ``records/{id}``."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = MedicalRecord
        fields = ("id", "number", "diagnosis", "advice", "signed_at")


class OrderOutput(serializers.ModelSerializer[PaymentOrder]):
    """What the patient owes or paid."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = PaymentOrder
        fields = ("id", "amount_fen", "status", "expires_at")


class FreeMessages(serializers.Serializer[Any]):
    """Free messages after completion: how many are left, and until when."""

    left = serializers.IntegerField()
    until = serializers.DateTimeField(allow_null=True)


class ConsultationRow(serializers.ModelSerializer[Consultation]):
    """A case in a list; ``status`` and ``isInvalid`` are the codes of seed 004."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=Kind.choices)
    state = serializers.ChoiceField(choices=State.choices)
    status = serializers.SerializerMethodField()
    isInvalid = serializers.SerializerMethodField()  # noqa: N815 printed so in seed 004
    person = PersonOutput()
    doctor = DoctorOutput(allow_null=True)
    wanted_level = serializers.ChoiceField(choices=Level.choices, allow_blank=True)
    department = DepartmentOutput(allow_null=True)

    class Meta:
        model = Consultation
        fields: tuple[str, ...] = (
            "id", "kind", "is_instant", "state", "status", "isInvalid", "state_since", "person",
            "doctor", "has_red_flags", "wanted_level", "department", "created_at", "paid_at",
            "pay_by", "assign_by", "accept_by", "accepted_at", "service_until", "held_since",
            "held_until", "ended_at", "follow_up_until",
        )  # fmt: skip

    def get_status(self, consultation: Consultation) -> int:
        """0 new, 1 in consultation, 2 closed."""
        return seed_status(consultation.state)

    def get_isInvalid(self, consultation: Consultation) -> bool:  # noqa: N802 DRF's name rule
        """Ended without service."""
        return is_invalid(consultation.state)


class FlagOutput(serializers.Serializer[Any]):
    """A warning word that the patient stated, and what he is advised to do."""

    word = serializers.CharField()
    advice = serializers.CharField()


class IntakeBrief(serializers.Serializer[Any]):
    """The newest intake in short; the whole stands at ``consultations/{id}/intake``."""

    version = serializers.IntegerField()
    source = serializers.ChoiceField(choices=IntakeSource.choices)  # type: ignore[assignment]
    has_earlier_diagnosis = serializers.BooleanField(
        help_text="Without one the doctor must find out whether this is a re-visit."
    )
    red_flags = FlagOutput(many=True)


class Detail(ConsultationRow):
    """What both sides see of a case; ``fits_revisit`` is what its present doctor said."""

    conversation_id = serializers.SerializerMethodField()
    relation_id = serializers.SerializerMethodField()
    latest_report_id = serializers.SerializerMethodField()
    follow_up = serializers.SerializerMethodField()
    record = serializers.SerializerMethodField()
    intake = serializers.SerializerMethodField()
    fits_revisit = serializers.SerializerMethodField()

    class Meta(ConsultationRow.Meta):
        fields = (
            *ConsultationRow.Meta.fields, "complaint", "hops", "conversation_id", "relation_id",
            "latest_report_id", "follow_up", "record", "intake", "fits_revisit",
        )  # fmt: skip

    def get_conversation_id(self, consultation: Consultation) -> UUID | None:
        """Where the two talk; null before a doctor was found."""
        talk = consultation.conversation
        return talk.public_id if talk else None

    def get_relation_id(self, consultation: Consultation) -> UUID | None:
        """What doctor and patient are to each other; null before they know each other."""
        relation = relation_of(consultation.doctor_id or 0, consultation.patient_id)
        return relation.public_id if relation else None

    def get_latest_report_id(self, consultation: Consultation) -> UUID | None:
        """The newest record that this doctor signed for the patient."""
        relation = relation_of(consultation.doctor_id or 0, consultation.patient_id)
        return relation.latest_report_id if relation else None

    @extend_schema_field(FreeMessages(allow_null=True))
    def get_follow_up(self, consultation: Consultation) -> Any:
        """What the patient may still write after completion; null before it."""
        talk = consultation.conversation
        if talk is None or consultation.state != State.COMPLETED:
            return None
        seat = talk.members.filter(user_id=consultation.patient_id).first()
        is_open = talk.writing_until is not None and talk.writing_until > now()
        return {
            "left": (seat.writes_left or 0) if seat and is_open else 0,
            "until": talk.writing_until,
        }

    @extend_schema_field(RecordOutput(allow_null=True))
    def get_record(self, consultation: Consultation) -> Any:
        """The signed record; null before completion."""
        record = record_of(Subject.CONSULTATION, consultation.public_id)
        return RecordOutput(record).data if record and record.signed_at else None

    @extend_schema_field(IntakeBrief(allow_null=True))
    def get_intake(self, consultation: Consultation) -> Any:
        """What the patient told, in short; null before he described anything."""
        sheet = sheet_with_all(consultation.pk)
        return IntakeBrief(sheet).data if sheet else None

    def get_fits_revisit(self, consultation: Consultation) -> bool | None:
        """Null until the doctor who has the case said so."""
        check = latest_check(consultation)
        return check.fits if check else None


class PatientDetail(Detail):
    """A case as its patient sees it."""

    order = OrderOutput(allow_null=True)
    ahead = serializers.SerializerMethodField()

    class Meta(Detail.Meta):
        fields = (*Detail.Meta.fields, "order", "ahead")

    def get_ahead(self, consultation: Consultation) -> int | None:
        """How many cases wait before this one; null when it does not wait."""
        return place_in_queue(consultation)


class CaseForDoctor(Detail):
    """A case as its doctor sees it."""

    person = PatientOutput()  # type: ignore[assignment]
    revoked_consents = serializers.SerializerMethodField()

    class Meta(Detail.Meta):
        fields = (
            *Detail.Meta.fields, "unanswered_since", "reply_due_at", "revoked_consents"
        )  # fmt: skip

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField(choices=ConsentKind.choices))
    )
    def get_revoked_consents(self, consultation: Consultation) -> list[str]:
        """Kinds that the patient took back since the order; this service goes on."""
        revoked = revoked_uses().filter(consultation_public_id=consultation.public_id)
        return sorted(set(revoked.values_list("consent__text__kind", flat=True)))


class InitiateOutput(serializers.Serializer[Any]):
    """The open or new case, and whether it is new."""

    created = serializers.BooleanField()
    consultation = PatientDetail()


class RefundOutput(serializers.Serializer[Any]):
    """What happens to the money; ``none`` when nothing was paid, ``refused`` when it stays here."""

    mode = serializers.ChoiceField(choices=RefundMode.choices)
    amount_fen = serializers.IntegerField()


class CancelOutput(serializers.Serializer[Any]):
    """The cancelled case and its money."""

    consultation = PatientDetail()
    refund = RefundOutput()


class EventOutput(serializers.ModelSerializer[ConsultationEvent]):
    """One move; ``by`` is patient, doctor or system."""

    by = serializers.SerializerMethodField()
    reason = serializers.ChoiceField(choices=Reason.choices)

    class Meta:
        model = ConsultationEvent
        fields = ("from_state", "to_state", "reason", "by", "at")

    def get_by(self, event: ConsultationEvent) -> str:
        """Side that moved, without naming the person."""
        if not event.actor.startswith("user:"):
            return "system"
        is_patient = event.actor == f"user:{self.context['patient_public_id']}"
        return "patient" if is_patient else "doctor"


class HistoryOutput(serializers.Serializer[Any]):
    """Every move of a case, oldest first."""

    results = EventOutput(many=True)


class AttemptOutput(serializers.Serializer[Any]):
    """How one try to assign ended."""

    consultation_id = serializers.UUIDField(source="public_id")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.CharField()


class TriggerOutput(serializers.Serializer[Any]):
    """Sum of the tries, and each with its reason."""

    assigned = serializers.IntegerField()
    waiting = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = AttemptOutput(many=True)


class SeedResult(serializers.Serializer[Any]):
    """Inner answer of seed 004; ``startAt`` is in milliseconds."""

    success = serializers.BooleanField()
    isOld = serializers.BooleanField()  # noqa: N815 printed so in seed 004
    status = serializers.CharField()
    startAt = serializers.IntegerField()  # noqa: N815 printed so in seed 004
    consultationId = serializers.UUIDField()  # noqa: N815 printed so in seed 004


class SeedOutput(serializers.Serializer[Any]):
    """Answer of seed 004."""

    result = SeedResult()
