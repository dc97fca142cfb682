"""Shapes of notices."""

from typing import Any

from rest_framework import serializers

from clinic.core.api.query import PageQuery
from clinic.notifications import sentences
from clinic.notifications.models import Notice


class NoticeQuery(PageQuery):
    """Filters of the list of notices."""

    unread = serializers.BooleanField(default=False, help_text="Only what was not read.")


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A notice with its sentences in the reader's language."""

    id = serializers.UUIDField(source="public_id")
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    subject_id = serializers.UUIDField(source="subject_public_id", allow_null=True)

    class Meta:
        model = Notice
        fields = (
            *("id", "kind", "title", "body", "params", "subject_kind", "subject_id"),
            *("created_at", "read_at"),
        )

    def get_title(self, notice: Notice) -> str:
        """Return the title."""
        return sentences.title(notice.kind)

    def get_body(self, notice: Notice) -> str:
        """Return the sentence."""
        return sentences.body(notice.kind, notice.params)


class UnreadCountSerializer(serializers.Serializer[Any]):
    """How many notices were not read."""

    count = serializers.IntegerField()
