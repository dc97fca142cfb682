"""Shapes of what agents write beside the conversation."""

from typing import Any

from rest_framework import serializers

from clinic.customer_service.api.desk.shapes import PersonShape, TagShape, TeamShape
from clinic.customer_service.enums import DraftMode


class NoteShape(serializers.Serializer[Any]):
    """An internal note."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    author = PersonShape()
    body = serializers.CharField()
    mentions = PersonShape(many=True)
    at = serializers.DateTimeField()


class NotesShape(serializers.Serializer[Any]):
    """The notes of a chat, oldest first."""

    results = NoteShape(many=True)


class DraftShape(serializers.Serializer[Any]):
    """An unsent text as it is kept."""

    mode = serializers.ChoiceField(choices=DraftMode.choices)
    body = serializers.CharField()


class TagsShape(serializers.Serializer[Any]):
    """Tags that can be put on chats."""

    results = TagShape(many=True)


class ChatTagsShape(serializers.Serializer[Any]):
    """The tags of a chat."""

    tags = TagShape(many=True)


class CannedShape(serializers.Serializer[Any]):
    """A canned reply; ``text`` is ready for the chat that was named."""

    id = serializers.UUIDField()
    shortcut = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    team = serializers.UUIDField(allow_null=True)
    own = serializers.BooleanField()
    used = serializers.IntegerField()


class CannedListShape(serializers.Serializer[Any]):
    """Canned replies, the best first."""

    results = CannedShape(many=True)


class MacroShape(serializers.Serializer[Any]):
    """Several steps in one click."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    says = serializers.CharField()
    tags = TagShape(many=True)
    transfer_to = TeamShape(allow_null=True)
    ends_chat = serializers.BooleanField()
    used = serializers.IntegerField()


class MacrosShape(serializers.Serializer[Any]):
    """Macros, the most used first."""

    results = MacroShape(many=True)
