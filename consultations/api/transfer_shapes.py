"""Shapes of transfers."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic.core.api.query import PageQuery
from clinic.core.clock import clinic_day, now
from clinic.patients.models import VisitPerson
from clinic.patients.rules import age_in_years
from clinic.settings import rules
from consultations.api.shapes import DepartmentOutput, DoctorOutput
from consultations.enums import DeclineReason, Kind, TransferReason, TransferState
from consultations.models import Consultation, Transfer


class TransferInput(serializers.Serializer[Any]):
    """To whom and why; the note is for the colleague alone."""

    doctor_id = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=TransferReason.choices)
    note = serializers.CharField(
        max_length=rules.TRANSFER_NOTE_MAX_CHARS, default="", allow_blank=True
    )


class TakeOverInput(serializers.Serializer[Any]):
    """That the doctor who takes over finds it a re-visit himself; else he says so later."""

    fits_revisit = serializers.BooleanField(default=False)


class TransferQuery(PageQuery):
    """Which offers."""

    state = serializers.ChoiceField(choices=TransferState.choices, required=False)


class OfferedPerson(serializers.ModelSerializer[VisitPerson]):
    """The visit person as a colleague sees him before he has the case."""

    age = serializers.SerializerMethodField()

    class Meta:
        model = VisitPerson
        fields = ("gender", "age")

    def get_age(self, person: VisitPerson) -> int | None:
        """Completed years today."""
        return age_in_years(person.birthday, clinic_day(now()))


class OfferedCase(serializers.ModelSerializer[Consultation]):
    """What a colleague needs to decide: no name, no conversation, no record."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    department = DepartmentOutput(allow_null=True)
    person = OfferedPerson()

    class Meta:
        model = Consultation
        fields = ("kind", "department", "complaint", "person")


class TransferOutput(serializers.ModelSerializer[Transfer]):
    """An offer; the case's id stands there for the doctor who gives, and after acceptance."""

    id = serializers.UUIDField(source="public_id")
    from_doctor = DoctorOutput()
    to_doctor = DoctorOutput()
    reason = serializers.ChoiceField(choices=TransferReason.choices)
    state = serializers.ChoiceField(choices=TransferState.choices)
    decline_reason = serializers.ChoiceField(choices=DeclineReason.choices, allow_blank=True)
    case = serializers.SerializerMethodField()
    consultation_id = serializers.SerializerMethodField()

    class Meta:
        model = Transfer
        fields = (
            "id", "state", "reason", "note", "from_doctor", "to_doctor", "created_at",
            "answer_by", "ended_at", "decline_reason", "case", "consultation_id",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OfferedCase(allow_null=True))
    def get_case(self, transfer: Transfer) -> Any:
        """Null once the offer is over: who did not take it has no more to do with it."""
        is_open = transfer.state == TransferState.OFFERED
        return OfferedCase(transfer.consultation).data if is_open else None

    def get_consultation_id(self, transfer: Transfer) -> UUID | None:
        """Where the case is to be read."""
        is_giver = transfer.from_doctor.user_id == self.context["actor"].user_id
        if is_giver or transfer.state == TransferState.ACCEPTED:
            return transfer.consultation.public_id
        return None
