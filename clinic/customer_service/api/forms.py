"""Shapes of what customers say."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from clinic.core.api.query import PageQuery
from clinic.customer_service.enums import ChatState, Face
from clinic.settings import rules


class AskIn(serializers.Serializer[Any]):
    """What a customer wants: everything may be left out."""

    team = serializers.UUIDField(required=False, allow_null=True, default=None)
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, default="", allow_blank=True
    )
    note = serializers.CharField(
        max_length=rules.MESSAGE_MAX_CHARS,
        required=False,
        default="",
        allow_blank=True,
        help_text="What it is about; becomes the first message of a new chat.",
    )


class AskFaceIn(AskIn):
    """The same, by face."""

    face = serializers.ChoiceField(choices=Face.choices, default=Face.SERVICE)


class ChatQuery(PageQuery):
    """Filters of the list of service chats."""

    state = serializers.ChoiceField(choices=ChatState.choices, required=False)
    face = serializers.ChoiceField(choices=Face.choices, required=False)


class StatusQuery(serializers.Serializer[Any]):
    """Which face is asked about."""

    face = serializers.ChoiceField(choices=Face.choices, default=Face.SERVICE)


class LeftMessageIn(serializers.Serializer[Any]):
    """A message for when the desk is open again."""

    body = serializers.CharField(max_length=rules.LEFT_MESSAGE_MAX_CHARS)
    team = serializers.UUIDField(required=False, allow_null=True, default=None)
    face = serializers.ChoiceField(choices=Face.choices, default=Face.SERVICE)
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, default="", allow_blank=True
    )


class SeedMessageIn(serializers.Serializer[Any]):
    """A text of seed 001; without a client id of yours a resend is stored again.

    Images and files are sent through the conversation.
    """

    content = serializers.CharField(max_length=rules.MESSAGE_MAX_CHARS, trim_whitespace=False)
    client_msg_id = serializers.CharField(
        max_length=64, required=False, default="", allow_blank=True
    )


class SeedEndIn(serializers.Serializer[Any]):
    """Why an agent ends a chat, in words for colleagues."""

    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
