"""Fields of frames: each reads a value strictly and describes itself for the AsyncAPI document."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

JSONSchema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """One field; ``is_optional`` fields are given ``default`` when the frame lacks them."""

    about: str = ""
    is_optional: bool = False
    default: Any = None

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Return the usable value. Raises ValueError."""

    @abstractmethod
    def schema(self) -> JSONSchema:
        """Return the JSON schema of the field, without its description."""

    def document(self) -> JSONSchema:
        """Return the JSON schema of the field."""
        return self.schema() | ({"description": self.about} if self.about else {})


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A text without NUL, of limited length in characters."""

    max_chars: int
    min_chars: int = 1

    def read(self, value: Any) -> str:
        """Return the text."""
        if type(value) is not str or not self.min_chars <= len(value) <= self.max_chars:
            raise ValueError
        if "\x00" in value:
            raise ValueError
        return value

    def schema(self) -> JSONSchema:
        """Describe it."""
        return {"type": "string", "minLength": self.min_chars, "maxLength": self.max_chars}


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A whole number within bounds."""

    minimum: int = 0
    maximum: int = 2**31 - 1

    def read(self, value: Any) -> int:
        """Return the number; booleans and fractions are refused."""
        if type(value) is not int or not self.minimum <= value <= self.maximum:
            raise ValueError
        return value

    def schema(self) -> JSONSchema:
        """Describe it."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True, kw_only=True)
class Id(Field):
    """A UUID."""

    def read(self, value: Any) -> UUID:
        """Return the UUID."""
        if type(value) is not str or len(value) not in {32, 36}:
            raise ValueError
        return UUID(value)

    def schema(self) -> JSONSchema:
        """Describe it."""
        return {"type": "string", "format": "uuid"}


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of some words."""

    words: tuple[str, ...]

    def read(self, value: Any) -> str:
        """Return the word."""
        if type(value) is not str or value not in self.words:
            raise ValueError
        return value

    def schema(self) -> JSONSchema:
        """Describe it."""
        return {"type": "string", "enum": list(self.words)}


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """True or false."""

    def read(self, value: Any) -> bool:
        """Return the flag."""
        if type(value) is not bool:
            raise ValueError
        return value

    def schema(self) -> JSONSchema:
        """Describe it."""
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class NumbersById(Field):
    """Numbers by UUID, for example the last message known of each conversation."""

    max_items: int = 200

    def read(self, value: Any) -> dict[UUID, int]:
        """Return the numbers by UUID."""
        if type(value) is not dict or len(value) > self.max_items:
            raise ValueError
        key, number = Id(), Number()
        return {key.read(name): number.read(entry) for name, entry in value.items()}

    def schema(self) -> JSONSchema:
        """Describe it."""
        return {
            "type": "object",
            "maxProperties": self.max_items,
            "propertyNames": {"format": "uuid"},
            "additionalProperties": {"type": "integer", "minimum": 0},
        }


@dataclass(frozen=True, kw_only=True)
class Anything(Field):
    """A value that the room checks itself, described by a ready JSON schema."""

    like: Mapping[str, Any]

    def read(self, value: Any) -> Any:
        """Return the value as it came."""
        return value

    def schema(self) -> JSONSchema:
        """Describe it."""
        return dict(self.like)


Schema = Mapping[str, Field]
MOMENT = Anything(like={"type": "string", "format": "date-time"})


def read_fields(schema: Schema, frame: dict[str, Any]) -> dict[str, Any]:
    """Return the frame's values; an unknown, missing or wrong field raises ValueError(name)."""
    values = {}
    for name, field in schema.items():
        value = frame.get(name)
        if value is None:
            if not field.is_optional:
                raise ValueError(name)
            values[name] = field.default
            continue
        try:
            values[name] = field.read(value)
        except ValueError:
            raise ValueError(name) from None
    for name in frame:
        if name not in schema and name not in {"t", "id"}:
            raise ValueError(name[:40])
    return values


def object_schema(schema: Schema, name: str) -> JSONSchema:
    """Return the JSON schema of a whole frame of type ``name``."""
    required = ["t", *(key for key, field in schema.items() if not field.is_optional)]
    properties = {key: field.document() for key, field in schema.items()}
    return {
        "type": "object",
        "required": required,
        "properties": {"t": {"const": name}, **properties},
    }
