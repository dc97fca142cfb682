"""Shapes of appointments going out. A phone number is never among them."""

from typing import Any

from rest_framework import serializers

from appointments.enums import Act, CancelledBy, State
from appointments.models import Appointment, AppointmentType
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Doctor
from payments.enums import RefundMode
from payments.models import PaymentOrder


class AppointmentTypeOutput(serializers.ModelSerializer[AppointmentType]):
    """The type in the reader's language."""

    name = serializers.CharField()

    class Meta:
        model = AppointmentType
        fields = ("code", "name", "mode", "duration_minutes", "capacity")


class AppointmentBranchOutput(serializers.ModelSerializer[Branch]):
    """Where it takes place."""

    class Meta:
        model = Branch
        fields = ("code", "name", "address", "time_zone")


class AppointmentDoctorOutput(serializers.ModelSerializer[Doctor]):
    """The doctor as the patient sees him."""

    id = serializers.UUIDField(source="public_id")
    department = serializers.CharField(source="department.name")

    class Meta:
        model = Doctor
        fields = ("id", "name", "icon", "level", "department")


class AppointmentPersonOutput(serializers.ModelSerializer[VisitPerson]):
    """Who comes."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = VisitPerson
        fields = ("id", "name", "gender")


class AppointmentOrderOutput(serializers.ModelSerializer[PaymentOrder]):
    """The order; it is paid at its own address."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = PaymentOrder
        fields = ("id", "status", "amount_fen", "expires_at")


class AppointmentRow(serializers.ModelSerializer[Appointment]):
    """An appointment in a list."""

    id = serializers.UUIDField(source="public_id")
    type = AppointmentTypeOutput(source="kind")
    branch = AppointmentBranchOutput(allow_null=True)
    doctor = AppointmentDoctorOutput(allow_null=True)
    person = AppointmentPersonOutput()
    state = serializers.ChoiceField(choices=State.choices)

    class Meta:
        model = Appointment
        fields: tuple[str, ...] = (
            "id", "code", "type", "branch", "doctor", "person", "state", "starts_at", "ends_at",
            "expires_at", "price_fen",
        )  # fmt: skip


class AppointmentDetail(AppointmentRow):
    """An appointment; its order is shown to the patient alone. ``rendering`` makes the answer."""

    order = AppointmentOrderOutput(allow_null=True)
    minutes_late = serializers.IntegerField(min_value=0)
    cancelled_by = serializers.ChoiceField(choices=CancelledBy.choices, allow_blank=True)

    class Meta(AppointmentRow.Meta):
        fields = (
            *AppointmentRow.Meta.fields, "requirements", "order", "moves", "checked_in_at",
            "minutes_late", "started_at",
            "finished_at", "ended_at", "cancelled_by", "cancel_reason", "created_at",
        )  # fmt: skip


class AppointmentRefund(serializers.Serializer[Any]):
    """What happens to the money; ``none`` when nothing was paid, ``refused`` when it stays here."""

    mode = serializers.ChoiceField(choices=RefundMode.choices)
    amount_fen = serializers.IntegerField()


class AppointmentCancelOutput(serializers.Serializer[Any]):
    """The cancelled appointment and its money."""

    appointment = AppointmentDetail()
    refund = AppointmentRefund()


class StepOutput(serializers.Serializer[Any]):
    """One step; ``actor`` tells sides and parts of the system, never people.

    What moved tells from when to when, what another doctor got from whom to whom; else null.
    """

    act = serializers.ChoiceField(choices=Act.choices)
    before = serializers.ChoiceField(choices=State.choices, allow_blank=True)
    after = serializers.ChoiceField(choices=State.choices)
    actor = serializers.CharField()
    at = serializers.DateTimeField()
    from_time = serializers.DateTimeField(allow_null=True)
    to_time = serializers.DateTimeField(allow_null=True)
    from_doctor = serializers.CharField(allow_null=True)
    to_doctor = serializers.CharField(allow_null=True)


class LogOutput(serializers.Serializer[Any]):
    """The operation log."""

    results = StepOutput(many=True)
