"""Input fields that several rooms need."""

import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

# Control characters, and the marks that turn or hide text around them (bidi, zero width).
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class OneLineField(serializers.CharField):
    """A line of text that people read: no line breaks, control or invisible characters."""

    default_error_messages = {"unreadable": _("Leave out control and invisible characters.")}

    def to_internal_value(self, data: Any) -> str:
        """Return the trimmed line."""
        text = super().to_internal_value(data)
        if any(unicodedata.category(char) in _REFUSED_CATEGORIES for char in text):
            self.fail("unreadable")
        return text
