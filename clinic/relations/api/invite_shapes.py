"""Shapes of invites."""

from typing import Any

from rest_framework import serializers

from clinic.core.api.fields import OneLineField
from clinic.relations.models import Invite
from doctors.enums import Level


class InviteIn(serializers.Serializer[Any]):
    """A new invite; the label is for the doctor alone, "desk" for example."""

    label = OneLineField(  # type: ignore[assignment]  # the stubs know the attribute alone
        max_length=40, required=False, allow_blank=True, default=""
    )


class InviteOut(serializers.ModelSerializer[Invite]):
    """An invite as its doctor sees it."""

    scan_count = serializers.IntegerField(help_text="All scans, also of the same person.")
    patient_count = serializers.IntegerField(help_text="People who scanned.")
    relation_count = serializers.IntegerField(help_text="People who were new to the doctor.")

    class Meta:
        model = Invite
        fields = (
            "scene",
            "label",
            "revoked_at",
            "scan_count",
            "patient_count",
            "relation_count",
            "created_at",
        )
        read_only_fields = fields


class InvitingDoctor(serializers.Serializer[Any]):
    """Who invites, as everybody may see him."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices)
    hospital = serializers.CharField()
    department = serializers.CharField(source="department.name")
    icon = serializers.CharField()


class InviteShown(serializers.Serializer[Any]):
    """What an open invite says to who scanned it."""

    doctor = InvitingDoctor()
