"""Shapes of appointments going in."""

from typing import Any

from rest_framework import serializers

from appointments.enums import State
from clinic.core.api.query import PageQuery


class BookInput(serializers.Serializer[Any]):
    """What is wanted. Without ``doctor_id`` the doctor with the least to do takes it."""

    type = serializers.SlugField(max_length=30, source="kind", help_text="Code of the type.")
    person_id = serializers.UUIDField()
    starts_at = serializers.DateTimeField(help_text="Start of a free slot, with its offset.")
    branch = serializers.SlugField(
        max_length=20, default="", allow_blank=True, help_text="Code; only for visits at a branch."
    )
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    requirements = serializers.CharField(max_length=500, default="", allow_blank=True)


class CancelInput(serializers.Serializer[Any]):
    """Why it is cancelled."""

    reason = serializers.CharField(max_length=200, default="", allow_blank=True)


class MoveInput(serializers.Serializer[Any]):
    """The new time; another doctor only at the same price."""

    starts_at = serializers.DateTimeField(help_text="Start of a free slot, with its offset.")
    doctor_id = serializers.UUIDField(required=False, allow_null=True, default=None)


class ListQuery(PageQuery):
    """Filters of the list."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    date = serializers.DateField(required=False, help_text="A day on the clinic's wall clock.")
