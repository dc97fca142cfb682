"""Lengths of time in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.utils.translation import ngettext

# Each unit in seconds, the longest first.
UNITS: Final[tuple[tuple[int, Callable[[int], str]], ...]] = (
    (86_400, lambda count: ngettext("%(count)s day", "%(count)s days", count)),
    (3600, lambda count: ngettext("%(count)s hour", "%(count)s hours", count)),
    (60, lambda count: ngettext("%(count)s minute", "%(count)s minutes", count)),
    (1, lambda count: ngettext("%(count)s second", "%(count)s seconds", count)),
)


def duration_words(length: timedelta) -> str:
    """Return "1 day 2 hours" in the reader's language; parts of a second are left out."""
    left, told = int(length.total_seconds()), []
    for unit, words in UNITS:
        count, left = divmod(left, unit)
        if count:
            told.append(words(count) % {"count": count})
    return " ".join(told) or UNITS[-1][1](0) % {"count": 0}
