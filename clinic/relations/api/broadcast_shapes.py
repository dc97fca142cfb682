"""Shapes of broadcasts and their reports."""

from typing import Any

from rest_framework import serializers

from clinic.core.api.query import PageQuery
from clinic.relations.enums import Audience, DeliveryState, SkipReason
from clinic.relations.models import Broadcast, Delivery
from clinic.settings import rules


class BroadcastIn(serializers.Serializer[Any]):
    """A message to many patients; ``group`` is one of the doctor's own with audience "group"."""

    text = serializers.CharField(max_length=rules.BROADCAST_MAX_CHARS)
    audience = serializers.ChoiceField(choices=Audience.choices)
    group = serializers.UUIDField(required=False, allow_null=True, default=None)


class BroadcastOut(serializers.ModelSerializer[Broadcast]):
    """A broadcast and how far it is."""

    id = serializers.UUIDField(source="public_id")
    group = serializers.UUIDField(source="group.public_id", allow_null=True, default=None)
    total_count = serializers.IntegerField()
    pending_count = serializers.IntegerField()
    sent_count = serializers.IntegerField()
    skipped_count = serializers.IntegerField()
    failed_count = serializers.IntegerField()

    class Meta:
        model = Broadcast
        fields = (
            "id",
            "text",
            "audience",
            "group",
            "state",
            "total_count",
            "pending_count",
            "sent_count",
            "skipped_count",
            "failed_count",
            "created_at",
            "ended_at",
        )
        read_only_fields = fields


class DeliveryQuery(PageQuery):
    """Which lines of a report."""

    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)


class DeliveryOut(serializers.ModelSerializer[Delivery]):
    """What became of a broadcast for one patient."""

    patient = serializers.UUIDField(source="relation.public_id")
    name = serializers.CharField(source="relation.patient.name")
    reason = serializers.ChoiceField(choices=SkipReason.choices, allow_blank=True)

    class Meta:
        model = Delivery
        fields = ("patient", "name", "state", "reason", "at")
        read_only_fields = fields
