"""Shapes of conversations and messages."""

from typing import Any

from rest_framework import serializers

from chat.enums import ConversationKind, MemberRole, MessageKind, Writing
from chat.models import Conversation, Message
from chat.selectors.feed import speak
from clinic.core.api.query import CursorQuery, PageQuery
from clinic.settings import rules


class ConversationQuery(PageQuery):
    """Filters of the list of conversations."""

    kind = serializers.ChoiceField(choices=ConversationKind.choices, required=False)


class MessageQuery(CursorQuery):
    """After a number (oldest first), before a number, or the latest ones."""


class MemberSerializer(serializers.Serializer[Any]):
    """A member and how far he has received and read."""

    user = serializers.UUIDField(source="user.public_id")
    name = serializers.CharField(source="user.name")
    role = serializers.ChoiceField(choices=MemberRole.choices)
    delivered = serializers.IntegerField(source="delivered_seq")
    read = serializers.IntegerField(source="read_seq")
    has_left = serializers.SerializerMethodField()

    def get_has_left(self, member: Any) -> bool:
        """Say whether he takes part no more."""
        return member.left_seq is not None


class MessageSerializer(serializers.Serializer[Any]):
    """A message; system messages have a code, and their sentence in the reader's language."""

    seq = serializers.IntegerField()
    message_id = serializers.UUIDField()
    sender = serializers.UUIDField(allow_null=True)
    role = serializers.ChoiceField(choices=MemberRole.choices, allow_blank=True)
    kind = serializers.ChoiceField(choices=MessageKind.choices)
    body = serializers.CharField()
    extra = serializers.DictField(allow_null=True)
    cid = serializers.CharField()
    code = serializers.CharField()
    params = serializers.DictField(allow_null=True)
    sent_at = serializers.DateTimeField()


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    """A conversation as one of its members sees it."""

    id = serializers.UUIDField(source="public_id")
    writing = serializers.ChoiceField(choices=Writing.choices)
    last_seq = serializers.IntegerField(source="visible_seq")
    unread = serializers.IntegerField()
    members = MemberSerializer(many=True)
    last_message = serializers.SerializerMethodField()

    class Meta:
        model = Conversation
        fields = (
            *("id", "kind", "topic", "writing", "writing_until", "last_seq", "unread"),
            *("last_message_at", "members", "last_message"),
        )

    def get_last_message(self, conversation: Any) -> dict[str, Any] | None:
        """Return the latest message, unless it came after the reader had left."""
        for message in conversation.latest:
            if message.seq <= conversation.visible_seq:
                return speak(message_of(message))
        return None


def message_of(message: Message) -> dict[str, Any]:
    """Return a message row as clients see it; its sender must be loaded."""
    return {
        "seq": message.seq,
        "message_id": message.public_id,
        "sender": message.sender.public_id if message.sender else None,
        "role": message.role,
        "kind": message.kind,
        "body": message.body,
        "extra": message.extra,
        "cid": message.client_id,
        "code": message.code,
        "params": message.params,
        "sent_at": message.created_at,
    }


class MessagePageSerializer(serializers.Serializer[Any]):
    """Messages, oldest first."""

    conv = serializers.UUIDField()
    messages = MessageSerializer(many=True)
    last_seq = serializers.IntegerField()
    more = serializers.BooleanField(help_text="There are further ones in the asked direction.")


class SendSerializer(serializers.Serializer[Any]):
    """A message to send; the same client id again returns the stored one."""

    cid = serializers.CharField(max_length=64)
    kind = serializers.ChoiceField(choices=["text", "image", "link"], default="text")
    body = serializers.CharField(
        max_length=rules.MESSAGE_MAX_CHARS,
        trim_whitespace=False,
        help_text="Text or https address.",
    )
    extra = serializers.DictField(required=False, allow_null=True, default=None)


class StoredSerializer(serializers.Serializer[Any]):
    """Where the message stands now."""

    conv = serializers.UUIDField()
    cid = serializers.CharField()
    seq = serializers.IntegerField()
    message_id = serializers.UUIDField()
    sent_at = serializers.DateTimeField()
    duplicate = serializers.BooleanField()


class MarkSerializer(serializers.Serializer[Any]):
    """Up to which number."""

    seq = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class WatermarksSerializer(serializers.Serializer[Any]):
    """Where the reader stands now."""

    delivered = serializers.IntegerField()
    read = serializers.IntegerField()
