"""Shapes of phrases."""

import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from clinic.core.api.query import PageQuery
from clinic.phrases.enums import PhraseType
from clinic.phrases.models import Phrase
from clinic.settings import rules

KEPT = "\n"  # of all control characters


class PhraseTextField(serializers.CharField):
    """Text of several lines without other control or invisible characters."""

    default_error_messages = {"unreadable": _("Leave out control and invisible characters.")}

    def to_internal_value(self, data: Any) -> str:
        """Return the trimmed text."""
        text = super().to_internal_value(data).replace("\r\n", KEPT)
        if any(char not in KEPT and unicodedata.category(char).startswith("C") for char in text):
            self.fail("unreadable")
        return text


class PhraseQuery(PageQuery):
    """Which phrases."""

    type = serializers.ChoiceField(choices=PhraseType.choices, required=False)


class PhraseIn(serializers.Serializer[Any]):
    """A phrase of the doctor's own."""

    type = serializers.ChoiceField(choices=PhraseType.choices)
    text = PhraseTextField(max_length=rules.PHRASE_MAX_CHARS)
    order = serializers.IntegerField(min_value=0, max_value=9999, default=0)


class PhraseChange(serializers.Serializer[Any]):
    """Changes of a phrase; what is left out stays."""

    type = serializers.ChoiceField(choices=PhraseType.choices, required=False)
    text = PhraseTextField(max_length=rules.PHRASE_MAX_CHARS, required=False)
    order = serializers.IntegerField(min_value=0, max_value=9999, required=False)


class PhraseOut(serializers.ModelSerializer[Phrase]):
    """A phrase with the caller's own uses."""

    id = serializers.UUIDField(source="public_id")
    is_of_house = serializers.SerializerMethodField()
    use_count = serializers.IntegerField()

    class Meta:
        model = Phrase
        fields = ("id", "type", "text", "order", "is_of_house", "use_count", "created_at")
        read_only_fields = fields

    def get_is_of_house(self, phrase: Phrase) -> bool:
        """True when every doctor has it and the caller cannot change it."""
        return phrase.doctor_id is None
