"""Shapes of seed 002, and how our rows fill them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from appointments.enums import State
from appointments.selectors.by_code import Found
from appointments.selectors.choosing import load_on
from appointments.selectors.waiting import standing_by_id
from clinic.accounts.api.fields import PhoneField
from clinic.core.actor import Actor
from clinic.core.api.fields import DayField, OneLineField
from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.masking import mask_name, mask_phone
from clinic.settings import rules as numbers
from doctors.enums import PresenceState
from doctors.models import Doctor, DoctorPresence


class SeedBookInput(serializers.Serializer[Any]):
    """The body of the seed; ``realtor_id`` chooses the doctor, else smart allocation does."""

    store_id = serializers.SlugField(max_length=20, help_text="Code of a branch.")
    customer_name = OneLineField(max_length=60)
    customer_phone = PhoneField()
    appointment_date = DayField()
    start_time = serializers.TimeField(
        input_formats=["%H:%M"], help_text="HH:MM on the wall clock of the branch."
    )
    duration_minutes = serializers.IntegerField(
        min_value=1, max_value=1440, required=False, allow_null=True, default=None
    )
    requirements = OneLineField(max_length=500, default="", allow_blank=True)
    realtor_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class SeedAppointmentOutput(serializers.Serializer[Any]):
    """The columns of the seed's table. Ids are told to the parties alone; people are masked.

    Of who waits the times are those that he waits for.
    """

    appointment_id = serializers.UUIDField(allow_null=True)
    appointment_code = serializers.CharField()
    store_id = serializers.CharField(allow_null=True)
    realtor_id = serializers.UUIDField(allow_null=True)
    customer_name = serializers.CharField()
    customer_phone = serializers.CharField()
    appointment_date = serializers.DateField(allow_null=True)
    start_time = serializers.DateTimeField(allow_null=True)
    end_time = serializers.DateTimeField(allow_null=True)
    duration_minutes = serializers.IntegerField()
    status = serializers.ChoiceField(choices=State.choices)
    queue_position = serializers.IntegerField(help_text="0 for who does not wait.")
    estimated_wait_minutes = serializers.IntegerField(
        allow_null=True, help_text="0 for who does not wait, null when nobody can tell."
    )
    order_id = serializers.UUIDField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class RealtorInput(serializers.Serializer[Any]):
    """Whose word it is: the doctor's id as the appointment tells it."""

    realtor_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class RealtorStatusInput(RealtorInput):
    """What the doctor says of himself."""

    status = serializers.ChoiceField(choices=PresenceState.choices)


class RealtorStatusOutput(serializers.Serializer[Any]):
    """Presence of a doctor. Without a beat before ``expires_at`` it becomes offline; then null."""

    realtor_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=PresenceState.choices)
    changed_at = serializers.DateTimeField(allow_null=True)
    heartbeat_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    current_load = serializers.IntegerField(help_text="Appointments that take time today.")
    max_load = serializers.IntegerField()


def columns_of(found: Found | None, actor: Actor) -> dict[str, Any]:
    """Return a found appointment in the seed's columns. Raises NotFoundError without one."""
    if found is None:
        raise NotFoundError
    is_party, zone = found.is_of(actor), ZoneInfo(found.time_zone or CLINIC_ZONE.key)
    starts_at, ends_at = found.hours
    is_waiting = found.state == State.QUEUED
    standing = standing_by_id(found.public_id, moment=now()) if is_waiting else None
    return {
        "appointment_id": found.public_id if is_party else None,
        "appointment_code": found.code,
        "store_id": found.branch_code,
        "realtor_id": found.doctor_id,
        "customer_name": mask_name(found.person_name),
        "customer_phone": mask_phone(found.phone),
        "appointment_date": starts_at and starts_at.astimezone(zone).date(),
        "start_time": starts_at,
        "end_time": ends_at,
        "duration_minutes": found.duration_minutes,
        "status": found.state,
        "queue_position": standing.position if standing else 0,
        "estimated_wait_minutes": standing.likely_minutes if standing else 0,
        "order_id": found.order_id if found.is_of_patient(actor) else None,
        "expires_at": found.expires_at,
    }


def status_of(doctor: Doctor) -> dict[str, Any]:
    """Return what is known of a doctor's presence and load."""
    presence = DoctorPresence.objects.filter(pk=doctor.pk).first()
    ends_at = None
    if presence and presence.state != PresenceState.OFFLINE:
        ends_at = presence.heartbeat_at + numbers.PRESENCE_SILENCE
    return {
        "realtor_id": doctor.public_id,
        "status": presence.state if presence else PresenceState.OFFLINE,
        "changed_at": presence and presence.changed_at,
        "heartbeat_at": presence and presence.heartbeat_at,
        "expires_at": ends_at,
        "current_load": load_on(doctor.pk, clinic_day(now())),
        "max_load": doctor.max_appointments or numbers.APPOINTMENT_MAX_LOAD,
    }


def check_own(realtor_id: Any, doctor: Doctor | None) -> None:
    """Refuse a body that names another doctor."""
    if realtor_id is not None and (doctor is None or doctor.public_id != realtor_id):
        raise InvalidInputError(
            "realtor_id", _("Give the id of the appointment's doctor, or leave it out.")
        )
