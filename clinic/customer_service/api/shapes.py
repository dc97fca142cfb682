"""Shapes of what customers are told."""

from typing import Any

from rest_framework import serializers

from clinic.customer_service.enums import (
    Asked,
    ChatState,
    Face,
    LeftMessageState,
    MessageStep,
    MoveReason,
    QueuePlace,
)
from clinic.customer_service.models import LeftMessage, ServiceChat


class TeamOut(serializers.Serializer[Any]):
    """A team, with its name in the reader's language."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class OpenTeamOut(serializers.Serializer[Any]):
    """A team and whether it is there now."""

    id = serializers.UUIDField(source="team.public_id")
    name = serializers.CharField(source="team.name")
    is_default = serializers.BooleanField(source="team.is_default")
    is_open = serializers.BooleanField()
    next_open_at = serializers.DateTimeField(
        allow_null=True, help_text="Null while open, or when it does not open again."
    )
    agents_online = serializers.IntegerField()


class AgentOut(serializers.Serializer[Any]):
    """Who serves, as customers see him."""

    name = serializers.CharField(source="nickname")


class ServiceChatOut(serializers.ModelSerializer[ServiceChat]):
    """A service chat as its customer sees it; the agents behind the assistant are not shown."""

    id = serializers.UUIDField(source="public_id")
    conversation = serializers.UUIDField(source="conversation.public_id")
    state = serializers.ChoiceField(choices=ChatState.choices)
    face = serializers.ChoiceField(choices=Face.choices)
    team = TeamOut()
    agent = serializers.SerializerMethodField()
    end_reason = serializers.ChoiceField(choices=MoveReason.choices, allow_blank=True)
    can_rate = serializers.SerializerMethodField(
        help_text="It has ended, an agent wrote in it, and it is not rated yet."
    )

    class Meta:
        model = ServiceChat
        fields = (
            *("id", "conversation", "state", "face", "team", "agent", "language", "created_at"),
            *("enqueued_at", "assigned_at", "ended_at", "end_reason", "can_rate"),
        )

    def get_agent(self, chat: ServiceChat) -> dict[str, str] | None:
        """The nickname of who serves or served last, unless the assistant's face is before him."""
        if chat.agent is None or chat.face == Face.ASSISTANT:
            return None
        return {"name": chat.agent.nickname}

    def get_can_rate(self, chat: Any) -> bool:
        """Say whether a rating is welcome."""
        return bool(chat.state == ChatState.ENDED and chat.was_answered and not chat.is_rated)


class OpeningOut(serializers.Serializer[Any]):
    """What came of asking for customer service."""

    status = serializers.ChoiceField(choices=Asked.choices)
    chat = ServiceChatOut(allow_null=True)
    position = serializers.IntegerField(
        source="standing.position",
        default=None,
        allow_null=True,
        help_text="Exact to 50, then in tens.",
    )
    ahead = serializers.IntegerField(source="standing.ahead", default=None, allow_null=True)
    eta_seconds = serializers.IntegerField(
        source="standing.wait_seconds",
        default=None,
        allow_null=True,
        help_text="Null when nobody can tell.",
    )
    is_new = serializers.BooleanField(help_text="False: this chat was open before.")
    next_open_at = serializers.DateTimeField(
        allow_null=True, help_text="When closed: leave a message, or come then."
    )


class QueueStatusOut(serializers.Serializer[Any]):
    """Where the customer stands."""

    status = serializers.ChoiceField(choices=QueuePlace.choices)
    chat_id = serializers.UUIDField(source="chat.public_id", default=None, allow_null=True)
    position = serializers.IntegerField(allow_null=True)
    ahead = serializers.IntegerField(allow_null=True)
    eta_seconds = serializers.IntegerField(allow_null=True)
    enqueued_at = serializers.DateTimeField(allow_null=True)
    agents_online = serializers.IntegerField()


class LeftOut(serializers.Serializer[Any]):
    """How many places in queues were given up."""

    left = serializers.IntegerField()


class LeftMessageOut(serializers.ModelSerializer[LeftMessage]):
    """A message the customer left, and the chat in which it was answered."""

    id = serializers.UUIDField(source="public_id")
    team = TeamOut()
    state = serializers.ChoiceField(choices=LeftMessageState.choices)
    chat_id = serializers.UUIDField(source="chat.public_id", default=None, allow_null=True)

    class Meta:
        model = LeftMessage
        fields = ("id", "team", "face", "body", "state", "created_at", "answered_at", "chat_id")


class StepOut(serializers.Serializer[Any]):
    """One step of a message's way."""

    status = serializers.ChoiceField(choices=MessageStep.choices)
    reached = serializers.BooleanField()


class SeedMessageOut(serializers.Serializer[Any]):
    """A message of seed 001 with all its states; sending is the client's own state."""

    message_id = serializers.UUIDField(source="public_id")
    seq = serializers.IntegerField()
    client_msg_id = serializers.CharField(source="client_id")
    status = serializers.ChoiceField(choices=MessageStep.choices)
    sent_at = serializers.DateTimeField()
    steps = serializers.SerializerMethodField()

    def get_steps(self, standing: Any) -> list[dict[str, Any]]:
        """Every step and whether it was reached."""
        return [{"status": step, "reached": reached} for step, reached in standing.steps.items()]


class SavedMessageOut(SeedMessageOut):
    """The answer to sending."""

    duplicate = serializers.BooleanField(help_text="This client id was stored before.")
