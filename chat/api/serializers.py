"""Shapes of conversations and messages."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from chat.enums import ConversationKind, MemberRole, MessageKind, MessageStatus, Writing
from chat.models import Conversation, Member, Message
from chat.rules import face_of
from chat.selectors.feed import speak
from chat.selectors.reading import shown_members
from clinic.core.api.query import CursorQuery, PageQuery
from clinic.settings import rules


class ConversationQuery(PageQuery):
    """Filters of the list of conversations."""

    kind = serializers.ChoiceField(choices=ConversationKind.choices, required=False)


class MessageQuery(CursorQuery):
    """After a number (oldest first), before a number, or the latest ones.

    Or what changed after a revision.
    """

    after_rev = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    receipts = serializers.BooleanField(
        default=False,
        help_text="Adds status, delivered_at and read_at to the messages that the reader sent.",
    )


class MemberSerializer(serializers.Serializer[Any]):
    """A member and how far he has received and read; all assistants are one."""

    user = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=MemberRole.choices)
    delivered = serializers.IntegerField()
    read = serializers.IntegerField()
    has_left = serializers.BooleanField(help_text="He takes part no more.")


class MessageSerializer(serializers.Serializer[Any]):
    """A message; system messages have a code, and their sentence in the reader's language."""

    seq = serializers.IntegerField()
    rev = serializers.IntegerField()
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
    edited_at = serializers.DateTimeField(allow_null=True)
    recalled_at = serializers.DateTimeField(allow_null=True)


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    """A conversation as one of its members sees it."""

    id = serializers.UUIDField(source="public_id")
    writing = serializers.ChoiceField(choices=Writing.choices)
    last_seq = serializers.IntegerField(source="visible_seq")
    last_rev = serializers.IntegerField(source="visible_rev")
    unread = serializers.IntegerField()
    members = serializers.SerializerMethodField()
    last_message = serializers.SerializerMethodField()

    class Meta:
        model = Conversation
        fields = (
            *("id", "kind", "topic", "writing", "writing_until", "last_seq", "last_rev"),
            *("unread", "last_message_at", "members", "last_message"),
        )

    @extend_schema_field(MemberSerializer(many=True))
    def get_members(self, conversation: Any) -> Any:
        """Return who takes part, as clients see it."""
        members = [member_of(member) for member in conversation.members.all()]
        return MemberSerializer(shown_members(members), many=True).data

    def get_last_message(self, conversation: Any) -> dict[str, Any] | None:
        """Return the latest message, unless it came after the reader had left."""
        for message in conversation.latest:
            if message.seq <= conversation.visible_seq:
                return speak(message_of(message))
        return None


def member_of(member: Member) -> dict[str, Any]:
    """Return a member row as plain values; its user must be loaded."""
    return {
        "user": member.user.public_id,
        "name": member.display_name or member.user.name,
        "role": member.role,
        "delivered": member.delivered_seq,
        "read": member.read_seq,
        "has_left": member.left_seq is not None,
    }


def message_of(message: Message) -> dict[str, Any]:
    """Return a message row as clients see it; its sender must be loaded."""
    return {
        "seq": message.seq,
        "rev": message.rev,
        "message_id": message.public_id,
        "sender": face_of(message.role, message.sender.public_id if message.sender else None),
        "role": message.role,
        "kind": message.kind,
        "body": message.body,
        "extra": message.extra,
        "cid": message.client_id,
        "code": message.code,
        "params": message.params,
        "sent_at": message.created_at,
        "edited_at": message.edited_at,
        "recalled_at": message.recalled_at,
    }


class ListedMessageSerializer(MessageSerializer):
    """A message of a page; receipts only when asked for, of the reader's own."""

    status = serializers.ChoiceField(choices=MessageStatus.choices, required=False)
    delivered_at = serializers.DateTimeField(allow_null=True, required=False)
    read_at = serializers.DateTimeField(allow_null=True, required=False)


class MessagePageSerializer(serializers.Serializer[Any]):
    """Messages, oldest first."""

    conv = serializers.UUIDField()
    messages = ListedMessageSerializer(many=True)
    last_seq = serializers.IntegerField()
    last_rev = serializers.IntegerField()
    more = serializers.BooleanField(help_text="There are further ones in the asked direction.")


class MessageDetailSerializer(MessageSerializer):
    """A message with what became of it; told to its sender alone."""

    status = serializers.ChoiceField(choices=MessageStatus.choices, allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)


class SearchQuery(PageQuery):
    """Words to find: all of them, in any order. Without a word nothing is found."""

    q = serializers.CharField(
        max_length=rules.SEARCH_MAX_CHARS, trim_whitespace=False, allow_blank=True, default=""
    )


class FoundSerializer(MessageSerializer):
    """A message that was found, and where."""

    conv = serializers.UUIDField()


class SendSerializer(serializers.Serializer[Any]):
    """A message to send; the same client id again returns the stored one."""

    cid = serializers.CharField(max_length=64)
    kind = serializers.ChoiceField(
        choices=[choice for choice in MessageKind.choices if choice[0] != MessageKind.SYSTEM],
        default="text",
    )
    body = serializers.CharField(
        max_length=rules.MESSAGE_MAX_CHARS,
        trim_whitespace=False,
        allow_blank=True,
        default="",
        help_text="Text or https address; empty for cards and with an attachment.",
    )
    extra = serializers.DictField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Small, kept as it is; of a card: card, id, title, and what else it shows.",
    )
    attachment = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="An uploaded file, for image, voice and file.",
    )
    seen = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        allow_null=True,
        default=None,
        help_text="Number of the last message you have seen: with it, the message is refused when "
        "a colleague of your role wrote after it.",
    )


class EditSerializer(serializers.Serializer[Any]):
    """The new text of a message."""

    body = serializers.CharField(max_length=rules.MESSAGE_MAX_CHARS, trim_whitespace=False)


class ChangedSerializer(serializers.Serializer[Any]):
    """Where an edited or recalled message stands now."""

    conv = serializers.UUIDField()
    message_id = serializers.UUIDField()
    seq = serializers.IntegerField()
    rev = serializers.IntegerField()
    edited_at = serializers.DateTimeField(allow_null=True)
    recalled_at = serializers.DateTimeField(allow_null=True)


class StoredSerializer(serializers.Serializer[Any]):
    """Where the message stands now."""

    conv = serializers.UUIDField()
    cid = serializers.CharField()
    seq = serializers.IntegerField()
    rev = serializers.IntegerField()
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
