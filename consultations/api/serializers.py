"""Shapes of consultations going in."""

from typing import Any

from rest_framework import serializers

from clinic.core.api.query import PageQuery
from clinic.records.api.serializers import DraftIn
from clinic.settings import rules
from consultations.enums import DeclineReason, Kind, State
from doctors.enums import Level


class InitiateInput(serializers.Serializer[Any]):
    """What the patient tells at the start; ``doctor_id`` only for the kind with a chosen doctor."""

    person_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.TEXT_FAST)
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    wanted_level = serializers.ChoiceField(choices=Level.choices, default="", allow_blank=True)
    department_code = serializers.CharField(max_length=30, default="", allow_blank=True)
    complaint = serializers.CharField(
        max_length=rules.COMPLAINT_MAX_CHARS, default="", allow_blank=True
    )
    is_instant = serializers.BooleanField(default=False)


class CompleteIn(DraftIn):
    """The last words of the record, and that it was a re-visit if not said before."""

    fits_revisit = serializers.BooleanField(default=False)


class ReasonInput(serializers.Serializer[Any]):
    """Why the doctor gives the case back."""

    reason = serializers.ChoiceField(choices=DeclineReason.choices)


class ListQuery(PageQuery):
    """Filters of the list."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    open = serializers.BooleanField(required=False, allow_null=True, default=None)


class TriggerInput(serializers.Serializer[Any]):
    """How many waiting cases to try, or which one."""

    limit = serializers.IntegerField(
        min_value=1, max_value=100, default=rules.ASSIGNMENT_SWEEP_BATCH
    )
    consultation_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class SeedInitiateInput(serializers.Serializer[Any]):
    """Body of seed 004; ``patientId`` is a visit person."""

    doctorId = serializers.UUIDField()  # noqa: N815 printed so in seed 004
    patientId = serializers.UUIDField()  # noqa: N815 printed so in seed 004
