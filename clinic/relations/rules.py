"""Pure rules of relations: names that count as equal, tags as they are kept."""

import unicodedata
from collections.abc import Iterable


def name_key(name: str) -> str:
    """Return a name as it is compared: width, case and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def distinct(texts: Iterable[str]) -> list[str]:
    """Return texts in their order, each once."""
    return list(dict.fromkeys(texts))
