"""From texts to words that can be searched: pairs of Chinese characters, and other words whole.

Pure. The database knows no Chinese words; a pair at each place finds any word of two or more.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from chat.enums import MessageKind

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\U00020000-\U0003ffff"
RUNS: Final = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN: Final = re.compile(rf"[{HAN}]")
WORD_MAX_CHARS: Final = 60
PLACES: Final = 16_000  # a tsvector counts no further


def text_of(kind: str, body: str, extra: dict[str, Any] | None) -> str:
    """Return what of a message can be searched; empty when nothing."""
    if kind == MessageKind.TEXT:
        return body
    told = extra or {}
    names = {MessageKind.FILE: ("name",), MessageKind.CARD: ("title", "subtitle")}
    return " ".join(str(told.get(name, "")) for name in names.get(MessageKind(kind), ()))


def vector_of(text: str) -> str:
    """Return the text of a tsvector: each word with its places."""
    place, parts = 0, []
    for run in _runs(text):
        for word in _words(run):
            place += 1
            if place < PLACES:
                parts.append(f"'{word}':{place}")
        place += 1  # words of two runs are no neighbours
    return " ".join(parts)


def query_of(text: str) -> str:
    """Return the text of a tsquery that wants every run of the text; empty when there is none."""
    return " & ".join(_wanted(run) for run in _runs(text))


def _wanted(run: str) -> str:
    if IS_HAN.match(run) and len(run) > 1:
        return "(" + " <-> ".join(f"'{pair}'" for pair in _pairs(run)) + ")"
    return f"'{run}':*"


def _words(run: str) -> Iterator[str]:
    if not IS_HAN.match(run):
        yield run
        return
    yield from _pairs(run)
    yield run[-1]  # so that the last one is found alone too, as the others are by their pairs


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)]


def _runs(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    for match in RUNS.finditer(plain):
        run = match[0]
        yield run if IS_HAN.match(run) else run[:WORD_MAX_CHARS]
