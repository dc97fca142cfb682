"""Columns of console lists: money, lengths of time, and states as coloured labels."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.html import format_html
from unfold.decorators import display

from clinic.core.durations import duration_words
from clinic.core.money import display_fen


def money_column(field: str, title: str | Promise) -> Callable[[Any, Any], str]:
    """Return a column that shows fen as ¥."""

    @display(description=title, ordering=field)
    def column(_screen: Any, row: Any) -> str:
        value = getattr(row, field)
        return "" if value is None else display_fen(value)

    return cast("Callable[[Any, Any], str]", column)


def state_column(
    field: str, title: str | Promise, tones: Mapping[Any, str]
) -> Callable[[Any, Any], str]:
    """Return a column that shows a choice as a coloured pill; see ``pill`` for the tones."""

    @display(description=title, ordering=field)
    def column(_screen: Any, row: Any) -> str:
        return pill(getattr(row, f"get_{field}_display")(), tones.get(getattr(row, field), ""))

    return cast("Callable[[Any, Any], str]", column)


def duration_column(field: str, title: str | Promise) -> Callable[[Any, Any], str]:
    """Return a column that shows a length of time in words."""

    @display(description=title, ordering=field)
    def column(_screen: Any, row: Any) -> str:
        value = getattr(row, field)
        return "" if value is None else duration_words(value)

    return cast("Callable[[Any, Any], str]", column)


def pill(text: object, tone: str = "") -> str:
    """Return a small label; the tone is success, warning, danger, info, primary or empty."""
    return format_html('<span class="console-pill {}">{}</span>', tone, text)
