"""The OpenAPI document, read as a client reads it, and bodies of the shape it asks for."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from tests.architecture.operations import Operation

Schema = dict[str, Any]
# What a field needs beyond its schema; everything else is built from the schema alone.
VALUES: dict[str, Any] = {
    "openid": "oLin0001",
    "phone": "+8613712345678",
    "code": "123456",
    "password": "Wildleek-88",
    "new_password": "Wildleek-99",
    "current_password": "Cast-2026",
    "birthday": "1990-03-07",
    "id_number": "",
    "height_cm": "165.0",
    "weight_kg": "55.50",
    "method": "balance",
    "icon": "https://example.org/a.png",
    "department_code": "",
    "service": "text_consultation",
    "starts": "09:00",
    "ends": "12:00",
    "shortcut": "hello",
    "start": "09:00",
    "end": "12:00",
    "attachment": None,
}


@dataclass(frozen=True)
class Documented:
    """One operation of the document."""

    method: str
    path: str
    body: Schema | None
    query: dict[str, Schema]

    @property
    def fields(self) -> dict[str, Schema]:
        """Fields of the body with their resolved schemas."""
        return dict(self.body.get("properties", {})) if self.body else {}


@cache
def document() -> Schema:
    """Return the whole document as it is served."""
    return _made()[0]


def complaints() -> list[str]:
    """Return what could not be told in the document, as the generator says it."""
    return _made()[1]


@cache
def _made() -> tuple[Schema, list[str]]:
    made: Schema = SchemaGenerator().get_schema(request=None, public=True)
    return made, [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]


@cache
def documented() -> dict[tuple[str, str], Documented]:
    """Return the document's operations by (method, path)."""
    return {
        (method.upper(), path): _read(method.upper(), path, told)
        for path, methods in document()["paths"].items()
        for method, told in methods.items()
    }


def path_of(operation: Operation) -> str:
    """Return the operation's address as the document writes it."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", operation.route)


def documented_as(operation: Operation) -> Documented:
    """Return what the document says about an operation of the URLconf."""
    return documented()[operation.method, path_of(operation)]


def resolved(schema: Schema) -> Schema:
    """Follow references and the wrappers around them."""
    if "$ref" in schema:
        return resolved(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for wrapper in ("allOf", "oneOf", "anyOf"):
        if wrapper in schema:
            return {**resolved(schema[wrapper][0]), **_without(schema, wrapper)}
    return schema


def body_for(told: Documented, ids: dict[str, UUID]) -> Any:
    """Return a body of the documented shape; fields that hold ids get those of ``ids``."""
    return {name: _value(name, schema, ids) for name, schema in told.fields.items()}


def _read(method: str, path: str, told: Schema) -> Documented:
    content = told.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema")
    query = {
        item["name"]: resolved(item["schema"])
        for item in told.get("parameters", [])
        if item["in"] == "query"
    }
    return Documented(method, path, resolved(body) if body else None, query)


def _value(name: str, schema: Schema, ids: dict[str, UUID]) -> Any:
    schema = resolved(schema)
    if name in VALUES:
        return VALUES[name]
    if schema.get("format") == "uuid":
        return str(ids[name])
    if "enum" in schema:
        return schema["enum"][0]
    if "default" in schema and schema["default"] != "":
        return schema["default"]
    return _by_type(name, schema, ids)


def _by_type(name: str, schema: Schema, ids: dict[str, UUID]) -> Any:
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [_value(name, schema["items"], ids)]
    if kind == "object":
        return {key: _value(key, value, ids) for key, value in schema.get("properties", {}).items()}
    if kind == "integer":
        return max(schema.get("minimum", 1), 1)
    return {"boolean": True, "number": 1}.get(
        str(kind), f"text of {name}"[: schema.get("maxLength", 40)]
    )


def _without(schema: Schema, key: str) -> Schema:
    return {name: value for name, value in schema.items() if name != key}
