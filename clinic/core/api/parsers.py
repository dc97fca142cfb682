"""One JSON parser that refuses what would poison later readers."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework.parsers import BaseParser

from clinic.core.errors import MalformedRequestError, PayloadTooLargeError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_DIGITS = 20  # of whole numbers, which must fit 64 bits


class StrictJSONParser(BaseParser):
    """Reads UTF-8 JSON up to 256 KB and 32 levels.

    Refuses duplicate keys, NaN, NUL, surrogates, and numbers beyond 64 bits.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 given by DRF
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 given by DRF
    ) -> Any:
        """Return the parsed body. Raises MalformedRequestError or PayloadTooLargeError."""
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise PayloadTooLargeError
        return read_json(raw)


def read_json(raw: bytes | str) -> Any:
    """Parse one document strictly. Raises MalformedRequestError."""
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        document = _DECODER.decode(text)
        _inspect(document, 0)
    except (ValueError, RecursionError):
        raise MalformedRequestError from None
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError
    return document


def _refuse(_name: str) -> Any:
    raise ValueError


def _bounded(digits: str) -> int:
    if len(digits) > MAX_DIGITS or abs(int(digits)) >= 2**63:
        raise ValueError
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):  # 1e400 would become infinity, which no JSON can say again
        raise ValueError
    return number


def _inspect(node: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError
    if isinstance(node, str):
        _inspect_text(node)
    elif isinstance(node, dict):
        for key, value in node.items():
            _inspect_text(key)
            _inspect(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            _inspect(value, depth + 1)


def _inspect_text(text: str) -> None:
    if "\x00" in text:
        raise ValueError
    text.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, a ValueError


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite, parse_int=_bounded
)
