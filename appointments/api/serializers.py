"""Shapes of appointments going in."""

from typing import Any

from rest_framework import serializers

from appointments.enums import DeclineReason, State
from clinic.core.api.fields import DayField, MomentField, OneLineField
from clinic.core.api.query import PageQuery


class BookInput(serializers.Serializer[Any]):
    """What is wanted. Without ``doctor_id`` the doctor with the least to do takes it."""

    type = serializers.SlugField(max_length=30, source="kind", help_text="Code of the type.")
    person_id = serializers.UUIDField()
    starts_at = MomentField(help_text="Start of a free slot, with its offset.")
    branch = serializers.SlugField(
        max_length=20, default="", allow_blank=True, help_text="Code; only for visits at a branch."
    )
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    requirements = OneLineField(max_length=500, default="", allow_blank=True)


class CancelInput(serializers.Serializer[Any]):
    """Why it is cancelled."""

    reason = OneLineField(max_length=200, default="", allow_blank=True)


class ChangeInput(serializers.Serializer[Any]):
    """What may be changed without moving."""

    requirements = OneLineField(max_length=500, allow_blank=True)


class DeclineInput(serializers.Serializer[Any]):
    """Why the doctor does not take it."""

    reason = serializers.ChoiceField(choices=DeclineReason.choices)


class HitsQuery(serializers.Serializer[Any]):
    """The time of a leave that somebody thinks of; without one all that is ahead."""

    starts_at = MomentField(required=False)
    ends_at = MomentField(required=False)


class MoveInput(serializers.Serializer[Any]):
    """The new time; another doctor only at the same price."""

    starts_at = MomentField(help_text="Start of a free slot, with its offset.")
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class ListQuery(PageQuery):
    """Filters of the list."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    date = DayField(required=False, help_text="A day on the clinic's wall clock.")
