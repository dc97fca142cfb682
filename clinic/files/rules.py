"""Pure rules of files: names and ranges."""

import re
import unicodedata
from typing import Final

NAME_MAX_CHARS: Final = 100
RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def clean_name(given: str, ending: str) -> str:
    """Return a name to show: no path, nothing invisible, and the ending of what it really is."""
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    stem = re.sub(r"\s+", " ", seen).strip()[:300].rpartition(".")
    body = (stem[0] or stem[2]).strip(" .")[:NAME_MAX_CHARS]
    return f"{body or 'file'}.{ending}"


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """Return (start, end) of the one range that is asked for; None for the whole.

    Raises ValueError when nothing of it is there.
    """
    match = RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return None
    if start >= end:
        raise ValueError
    return start, end
