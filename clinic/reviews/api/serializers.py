"""Shapes of reviews."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.reviews.enums import ReviewTag
from clinic.reviews.models import Review
from clinic.settings import rules


class ReviewIn(serializers.Serializer[Any]):
    """What an author says; rooms above take it too."""

    stars = serializers.IntegerField(min_value=1, max_value=5)
    tags = serializers.ListField(
        child=serializers.ChoiceField(choices=ReviewTag.choices),
        max_length=rules.REVIEW_MAX_TAGS,
        default=list,
    )
    text = serializers.CharField(max_length=rules.REVIEW_MAX_CHARS, allow_blank=True, default="")


class ReplyIn(serializers.Serializer[Any]):
    """The answer."""

    text = serializers.CharField(max_length=rules.REVIEW_MAX_CHARS)


class ReviewOut(serializers.ModelSerializer[Review]):
    """A review as others see it; the author's name is shortened to its first character."""

    id = serializers.UUIDField(source="public_id")
    author = serializers.SerializerMethodField(help_text=str(_("First character of the name")))
    tags = serializers.ListField(child=serializers.ChoiceField(choices=ReviewTag.choices))

    class Meta:
        model = Review
        fields = (
            "id", "author", "target_kind", "stars", "tags", "text", "visibility", "reply",
            "replied_at", "edited_at", "created_at",
        )  # fmt: skip

    def get_author(self, review: Review) -> str:
        """The family name and nothing more."""
        return f"{review.author.name[:1]}**"
