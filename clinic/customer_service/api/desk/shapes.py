"""Shapes of what the desk shows."""

from typing import Any

from rest_framework import serializers

from chat.api.serializers import MessagePageSerializer, MessageSerializer, WatermarksSerializer
from clinic.customer_service.enums import (
    AgentStatus,
    ChatState,
    Face,
    LeftMessageState,
    MoveReason,
    Side,
    SlaMetric,
)
from clinic.reviews.enums import ReviewTag


class PersonShape(serializers.Serializer[Any]):
    """An agent by his nickname."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class TeamShape(serializers.Serializer[Any]):
    """A team, named in the reader's language."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()


class TagShape(serializers.Serializer[Any]):
    """A tag, named in the reader's language."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    colour = serializers.CharField()


class CustomerShape(serializers.Serializer[Any]):
    """The customer, masked."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    phone = serializers.CharField()
    side = serializers.ChoiceField(choices=Side.choices)


class LastMessageShape(serializers.Serializer[Any]):
    """The newest message of a person, its beginning; a system line while nobody has written."""

    seq = serializers.IntegerField()
    kind = serializers.CharField()
    body = serializers.CharField()
    role = serializers.CharField()
    at = serializers.DateTimeField()


class PromiseShape(serializers.Serializer[Any]):
    """The promise that falls due next."""

    metric = serializers.ChoiceField(choices=SlaMetric.choices)
    due_at = serializers.DateTimeField()
    broken = serializers.BooleanField()


class RowShape(serializers.Serializer[Any]):
    """A chat in a list of the desk."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ChatState.choices)
    state_since = serializers.DateTimeField()
    customer = CustomerShape()
    team = TeamShape()
    face = serializers.ChoiceField(choices=Face.choices)
    language = serializers.CharField()
    agent = PersonShape(allow_null=True)
    priority = serializers.IntegerField()
    enqueued_at = serializers.DateTimeField()
    assigned_at = serializers.DateTimeField(allow_null=True)
    first_reply_at = serializers.DateTimeField(allow_null=True)
    held_until = serializers.DateTimeField(allow_null=True)
    last_message = LastMessageShape(allow_null=True)
    last_seq = serializers.IntegerField()
    unread = serializers.IntegerField(help_text="Words of the customer that the desk has not read.")
    waiting_since = serializers.DateTimeField(
        allow_null=True, help_text="The customer's oldest word without an answer."
    )
    sla = PromiseShape(allow_null=True)
    tags = TagShape(many=True)
    warned_ends_at = serializers.DateTimeField(allow_null=True)
    notes = serializers.IntegerField()
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.ChoiceField(choices=MoveReason.choices, allow_blank=True)
    drafting = serializers.BooleanField(help_text="You have an unsent text there.")


class RowsShape(serializers.Serializer[Any]):
    """A page of a list."""

    results = RowShape(many=True)
    next = serializers.UUIDField(allow_null=True, help_text="The cursor of the next page.")


class CountsShape(serializers.Serializer[Any]):
    """How many chats each tab holds."""

    mine = serializers.IntegerField()
    waiting = serializers.IntegerField()
    all = serializers.IntegerField()
    ended = serializers.IntegerField(help_text="Today.")
    unread = serializers.IntegerField(help_text="Chats of yours with unread words.")
    left_messages = serializers.IntegerField()


class DraftsShape(serializers.Serializer[Any]):
    """Unsent texts by where they belong."""

    reply = serializers.CharField()
    note = serializers.CharField()


class ViewingShape(serializers.Serializer[Any]):
    """What a colleague does with the chat."""

    agent = PersonShape()
    state = serializers.ChoiceField(choices=["viewing", "replying"])


class OthersShape(serializers.Serializer[Any]):
    """What the others do with the chat."""

    viewing = ViewingShape(many=True)


class CanShape(serializers.Serializer[Any]):
    """Which steps are open to the reader."""

    reply = serializers.BooleanField()
    take = serializers.BooleanField()
    take_over = serializers.BooleanField()
    transfer = serializers.BooleanField()
    end = serializers.BooleanField()
    force = serializers.BooleanField(help_text="Transfer and end another's chat.")


class MoveShape(serializers.Serializer[Any]):
    """One step of the chat's history."""

    at = serializers.DateTimeField()
    before = serializers.CharField()
    after = serializers.ChoiceField(choices=ChatState.choices)
    reason = serializers.ChoiceField(choices=MoveReason.choices)
    agent = PersonShape(allow_null=True)
    team = TeamShape()
    remark = serializers.CharField()


class RatingShape(serializers.Serializer[Any]):
    """What the customer thought of a chat."""

    chat = serializers.UUIDField()
    stars = serializers.IntegerField()
    tags = serializers.ListField(child=serializers.ChoiceField(choices=ReviewTag.choices))
    text = serializers.CharField()
    at = serializers.DateTimeField()


class ChatShape(RowShape):
    """A chat with all that the desk works with; ``marks`` are the customer's."""

    marks = WatermarksSerializer()
    drafts = DraftsShape()
    viewing = ViewingShape(many=True)
    can = CanShape()
    moves = MoveShape(many=True)
    rating = RatingShape(allow_null=True)


class NumbersShape(serializers.Serializer[Any]):
    """Numbers of the house that the page counts with."""

    hold_max_minutes = serializers.IntegerField()
    viewing_ttl_s = serializers.IntegerField()
    idle_warn_s = serializers.IntegerField()
    idle_end_s = serializers.IntegerField()
    due_soon_s = serializers.IntegerField()


class MeShape(serializers.Serializer[Any]):
    """The agent who asks."""

    agent = PersonShape()
    account = serializers.UUIDField()
    status = serializers.ChoiceField(choices=AgentStatus.choices)
    status_since = serializers.DateTimeField()
    load = serializers.IntegerField()
    max = serializers.IntegerField()
    is_supervisor = serializers.BooleanField()
    languages = serializers.ListField(child=serializers.CharField())
    teams = TeamShape(many=True)
    numbers = NumbersShape()


class ColleagueShape(serializers.Serializer[Any]):
    """Somebody who works at the desk."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=AgentStatus.choices)
    status_since = serializers.DateTimeField()
    load = serializers.IntegerField()
    max = serializers.IntegerField()
    teams = serializers.ListField(child=serializers.UUIDField())
    languages = serializers.ListField(child=serializers.CharField())
    is_supervisor = serializers.BooleanField()
    me = serializers.BooleanField()


class ColleaguesShape(serializers.Serializer[Any]):
    """Everybody who works at the desk."""

    results = ColleagueShape(many=True)


class LeftMessageShape(serializers.Serializer[Any]):
    """A message left while nobody was there."""

    id = serializers.UUIDField()
    customer = CustomerShape()
    team = TeamShape()
    face = serializers.ChoiceField(choices=Face.choices)
    language = serializers.CharField()
    body = serializers.CharField()
    state = serializers.ChoiceField(choices=LeftMessageState.choices)
    at = serializers.DateTimeField()
    answered_by = PersonShape(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    chat = serializers.UUIDField(allow_null=True)


class SaidShape(MessageSerializer):
    """A message, with the nickname of who wrote it for the desk."""

    sender_name = serializers.CharField()


class ThreadShape(MessagePageSerializer):
    """Messages of a chat as the desk reads them."""

    messages = SaidShape(many=True)  # type: ignore[assignment]


class FoundMessageShape(serializers.Serializer[Any]):
    """A message that holds the words."""

    chat = serializers.UUIDField()
    conversation = serializers.UUIDField()
    seq = serializers.IntegerField()
    body = serializers.CharField()
    role = serializers.CharField()
    at = serializers.DateTimeField()


class SearchShape(serializers.Serializer[Any]):
    """What was found, newest first."""

    chats = RowShape(many=True)
    messages = FoundMessageShape(many=True)
