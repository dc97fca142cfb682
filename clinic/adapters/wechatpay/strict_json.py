"""JSON from outside, read strictly, and typed access to its fields."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Document = Mapping[str, Any]

_MAX_DEPTH = 16
_MAX_INT = 2**53


class StrictJsonError(ValueError):
    """The bytes are not the document they should be; the message names the place."""


def parse_object(body: bytes) -> Document:
    """Return the object in the body. Duplicate keys, fractions, NaN and huge depth are refused."""
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except StrictJsonError:
        raise
    except (ValueError, RecursionError) as error:
        raise StrictJsonError("not JSON") from error
    if not isinstance(found, dict):
        raise StrictJsonError("not an object")
    _check_depth(found, _MAX_DEPTH)
    return found


def text(document: Document, name: str, *, limit: int = 256) -> str:
    """Return a printable, non-empty text field."""
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit or not value.isprintable():
        raise StrictJsonError(name)
    return value


def optional_text(document: Document, name: str, *, limit: int = 256) -> str:
    """Return a printable text field, empty when absent or null."""
    value = document.get(name)
    return "" if value in (None, "") else text(document, name, limit=limit)


def integer(document: Document, name: str) -> int:
    """Return an integer field that is not negative; booleans are not integers."""
    value = document.get(name)
    if type(value) is not int or not 0 <= value <= _MAX_INT:
        raise StrictJsonError(name)
    return value


def moment(document: Document, name: str) -> datetime:
    """Return an RFC 3339 field as an aware datetime in UTC."""
    try:
        value = datetime.fromisoformat(text(document, name, limit=40))
        if value.tzinfo is None:
            raise StrictJsonError(name)
        return value.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise StrictJsonError(name) from error


def optional_moment(document: Document, name: str) -> datetime | None:
    """Return an RFC 3339 field, None when absent, null or empty."""
    return None if document.get(name) in (None, "") else moment(document, name)


def child(document: Document, name: str) -> Document:
    """Return a nested object."""
    value = document.get(name)
    if not isinstance(value, dict):
        raise StrictJsonError(name)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise StrictJsonError("duplicate key")
    return found


def _refuse(_value: str) -> Any:
    raise StrictJsonError("not an integer")


def _check_depth(value: Any, left: int) -> None:
    if left < 0:
        raise StrictJsonError("too deep")
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            _check_depth(part, left - 1)
