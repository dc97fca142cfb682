"""Shapes of the waiting list, going in and out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appointments.api.shapes import (
    AppointmentBranchOutput,
    AppointmentDoctorOutput,
    AppointmentPersonOutput,
    AppointmentTypeOutput,
)
from appointments.enums import State, Unforeseen
from appointments.models import Appointment
from appointments.selectors.waiting import Standing
from clinic.core.api.fields import MomentField, OneLineField

FIRST_IN_LINE = "Earlier rows that want something overlapping, and this one; null after the queue."

WHY_NO_ETA = (
    "Why eta_minutes is null: nobody_works in the window, or ends_before, as the waiting ends at"
    " waits_until and the likely visit lies behind it."
)


class JoinInput(serializers.Serializer[Any]):
    """What would do: any free time from ``from`` to ``until``, of one doctor or of anybody."""

    type = serializers.SlugField(max_length=30, source="kind", help_text="Code of the type.")
    person_id = serializers.UUIDField()
    until = MomentField(source="wanted_until", help_text="The visit is over by then.")
    branch = serializers.SlugField(
        max_length=20, default="", allow_blank=True, help_text="Code; only for visits at a branch."
    )
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    requirements = OneLineField(max_length=500, default="", allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from``, which Python keeps for itself."""
        told = "The visit does not begin before; as soon as may be without."
        first = MomentField(source="wanted_from", required=False, default=None, help_text=told)
        return {"from": first, **super().get_fields()}


class PlaceOfferOutput(serializers.Serializer[Any]):
    """A place that is kept until ``expires_at``."""

    doctor = AppointmentDoctorOutput()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    price_fen = serializers.IntegerField()


class WaitingOutput(serializers.ModelSerializer[Appointment]):
    """An appointment on the waiting list; its place and likely wait, or its offer."""

    id = serializers.UUIDField(source="public_id")
    type = AppointmentTypeOutput(source="kind")
    branch = AppointmentBranchOutput(allow_null=True)
    person = AppointmentPersonOutput()
    wanted_doctor = AppointmentDoctorOutput(allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)
    position = serializers.SerializerMethodField(help_text=FIRST_IN_LINE)
    eta_minutes = serializers.SerializerMethodField(
        help_text="Likely minutes until the visit, in steps of five; null without a promise."
    )
    eta_reason = serializers.SerializerMethodField(help_text=WHY_NO_ETA)
    waits_until = serializers.DateTimeField(
        allow_null=True,
        help_text="The waiting ends then if no place became free: offers come until this moment.",
    )
    offer = serializers.SerializerMethodField()

    class Meta:
        model = Appointment
        fields = (
            "id", "code", "type", "branch", "person", "wanted_doctor", "wanted_from",
            "wanted_until", "state", "queued_at", "waits_until", "position", "eta_minutes",
            "eta_reason", "offer",
        )  # fmt: skip

    @property
    def standing(self) -> Standing | None:
        """Where it stands, None when it does not wait."""
        found: Standing | None = self.context["standing"]
        return found

    def get_position(self, _appointment: Appointment) -> int | None:
        """Return the place in line."""
        return self.standing.position if self.standing else None

    def get_eta_minutes(self, _appointment: Appointment) -> int | None:
        """Return the likely wait."""
        return self.standing.eta_minutes if self.standing else None

    @extend_schema_field(serializers.ChoiceField(choices=Unforeseen.choices, allow_blank=True))
    def get_eta_reason(self, _appointment: Appointment) -> str:
        """Return why there is none; blank when there is."""
        return self.standing.reason if self.standing else ""

    @extend_schema_field(PlaceOfferOutput(allow_null=True))
    def get_offer(self, appointment: Appointment) -> Any:
        """Return the place that is offered now."""
        if appointment.state != State.OFFERED:
            return None
        return PlaceOfferOutput(appointment).data
