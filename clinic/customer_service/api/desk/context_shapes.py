"""Shapes of what stands beside a conversation at the desk."""

from typing import Any

from rest_framework import serializers

from clinic.customer_service.api.desk.shapes import RatingShape, TeamShape
from clinic.customer_service.enums import ChatState, LeftMessageState, MoveReason, Side
from clinic.reviews.enums import ReviewTag, TargetKind


class VisitPersonShape(serializers.Serializer[Any]):
    """The default visit person, without a name."""

    gender = serializers.CharField()
    age = serializers.IntegerField(allow_null=True)


class CardShape(serializers.Serializer[Any]):
    """Who the customer is, masked."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    phone = serializers.CharField()
    side = serializers.ChoiceField(choices=Side.choices)
    language = serializers.CharField()
    since = serializers.DateTimeField()
    persons = serializers.IntegerField()
    person = VisitPersonShape(allow_null=True)
    chats = serializers.IntegerField()


class CaseShape(serializers.Serializer[Any]):
    """A consultation, without what it is about."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField()
    department = serializers.CharField()
    doctor = serializers.CharField()
    at = serializers.DateTimeField()


class VisitShape(serializers.Serializer[Any]):
    """An appointment; without a time while it waits for a place."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField()
    branch = serializers.CharField()
    doctor = serializers.CharField()
    starts_at = serializers.DateTimeField(allow_null=True)
    at = serializers.DateTimeField()


class OrderShape(serializers.Serializer[Any]):
    """A payment order."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    kind = serializers.CharField()
    amount_fen = serializers.IntegerField()
    status = serializers.CharField()
    at = serializers.DateTimeField()


class PastChatShape(serializers.Serializer[Any]):
    """An earlier chat of the customer."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ChatState.choices)
    team = TeamShape()
    agent = serializers.CharField()
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.ChoiceField(choices=MoveReason.choices, allow_blank=True)
    stars = serializers.IntegerField(allow_null=True)


class LeftShape(serializers.Serializer[Any]):
    """A message the customer left."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=LeftMessageState.choices)
    body = serializers.CharField()
    at = serializers.DateTimeField()


class CareReviewShape(serializers.Serializer[Any]):
    """A review of care by the customer, without its text."""

    id = serializers.UUIDField()
    stars = serializers.IntegerField()
    tags = serializers.ListField(child=serializers.ChoiceField(choices=ReviewTag.choices))
    target_kind = serializers.ChoiceField(choices=TargetKind.choices)
    at = serializers.DateTimeField()


class ContextShape(serializers.Serializer[Any]):
    """What stands beside the conversation."""

    card = CardShape()
    consultations = CaseShape(many=True)
    appointments = VisitShape(many=True)
    orders = OrderShape(many=True)
    past_chats = PastChatShape(many=True)
    left_messages = LeftShape(many=True)
    ratings = RatingShape(many=True)
    reviews = CareReviewShape(many=True)
