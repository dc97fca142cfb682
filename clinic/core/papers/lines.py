"""Breaking Chinese and Latin text into lines by width."""

import re
from collections.abc import Callable, Iterator

# No line begins with these, none ends with those (GB/T 15834).
NEVER_FIRST = frozenset("，。、；：？！）》」』】〕〉…—～·％”’,.;:?!)]}%")
NEVER_LAST = frozenset("（《「『【〔〈“‘([{")
# Letters and digits stay together; every other character is a place to break.
_PIECES = re.compile(r"[^\W一-鿿㐀-䶿豈-﫿\U00020000-\U0003ffff]+|\s|.", re.DOTALL)
HANGING = 4  # as many marks move together at most


def lines_of(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """Yield the lines of a text; ``measure`` says how wide one character is.

    Line breaks of the text stay. A word wider than a line is broken anywhere.
    """
    for paragraph in text.split("\n"):
        yield from _filled(paragraph, width, measure)


def _filled(paragraph: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line, used = "", 0.0
    for piece in _pieces(paragraph, width, measure):
        size = sum(map(measure, piece))
        if line and used + size > width:
            line, kept = _without_tail(line, piece)
            yield line.rstrip(" ")
            line = kept.lstrip(" ")
            used = sum(map(measure, line))
        if line or piece != " ":
            line, used = line + piece, used + size
    yield line.rstrip(" ")


def _pieces(paragraph: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    for piece in _PIECES.findall(paragraph):
        if sum(map(measure, piece)) <= width:
            yield piece
        else:
            yield from piece


def _without_tail(line: str, piece: str) -> tuple[str, str]:
    """Return what stays on the line and what moves down so that both lines may stand so."""
    cut = len(line)
    after = piece[:1]
    while cut > len(line) - HANGING and cut > 1:
        if after not in NEVER_FIRST and line[cut - 1] not in NEVER_LAST:
            return line[:cut], line[cut:]
        cut -= 1
        after = line[cut]
    return line, ""
