"""What an order is for, in the language of whoever reads it.

The stored title is what the provider was told, in the language of that moment.
"""

from functools import cache
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

PART: Final = " · "  # between what the house calls it and which one it is
TITLES: Final = (
    gettext_noop("Text consultation"),
    gettext_noop("Phone consultation"),
    gettext_noop("Video consultation"),
    gettext_noop("Appointment"),
    gettext_noop("Balance top-up"),
)


def title_words(stored: str) -> str:
    """Return a stored title in the active language; one that is not the house's stays.

    What follows the first part is a name and a time: it stays too.
    """
    first, *rest = stored.split(PART)
    known = _english().get(first)
    return PART.join([gettext(known), *rest]) if known else stored


@cache
def _english() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found |= {gettext(title): title for title in TITLES}
    return found
