"""Tables of an export: which columns, from where, of which type; read in small pieces."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from clinic.core.clock import moment_text

CHUNK: Final = 500
SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
Make = Callable[..., Any]
Plain = str | int | bool | list[Any] | dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the ORM path it is read from, its JSON type, what is made of it.

    ``type`` is a JSON type, or "uuid", "date", "date-time" (RFC 3339, the clinic's offset).
    Several paths, parted by commas, are given to ``make`` together.
    """

    name: str
    path: str
    type: str = "string"
    make: Make | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A named set of rows. ``order`` is a path that makes the order of rows unmistakable."""

    name: str
    title: str | Promise
    columns: Sequence[Column]
    order: str = "pk"


def rows_of(table: Table, found: QuerySet[Any]) -> Iterator[dict[str, Plain]]:
    """Yield the rows as plain values by column; flat memory for any number."""
    paths = [column.path.split(",") for column in table.columns]
    rows = found.order_by(table.order).values_list(*(path for some in paths for path in some))
    for values in rows.iterator(chunk_size=CHUNK):
        rest = iter(values)
        yield {
            column.name: _made(column, [next(rest) for _path in some])
            for column, some in zip(table.columns, paths, strict=True)
        }


def schema_of(table: Table) -> Mapping[str, Any]:
    """Return the JSON Schema of the table: an array of objects with exactly these columns."""
    return {
        "$schema": SCHEMA,
        "title": table.name,
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": [column.name for column in table.columns],
            "properties": {column.name: _type(column.type) for column in table.columns},
        },
    }


def dumps(value: object) -> str:
    """Return JSON that is the same for the same value, readable for people."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False, default=str)


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes as hex."""
    return hashlib.sha256(content).hexdigest()


def _type(kind: str) -> dict[str, Any]:
    if kind in {"uuid", "date", "date-time"}:
        return {"type": ["string", "null"], "format": kind}
    return {"type": [kind, "null"]}


def _made(column: Column, values: list[Any]) -> Plain:
    return _plain(column.make(*values) if column.make else values[0])


def _plain(value: Any) -> Plain:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal | Promise):
        return str(value)
    return value  # type: ignore[no-any-return]
