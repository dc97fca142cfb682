"""Facts that travel up the house. ``publish`` stores a fact with the change that made it true.

A room publishes frozen dataclasses of ids; rooms above subscribe in their ``handlers.py``. The row
is written in the caller's transaction, so a rolled back change is never announced and a committed
one is never lost. Handlers run in workers, at least once, each in its own transaction.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar, dataclass_transform
from uuid import UUID

import orjson
from django.db import DEFAULT_DB_ALIAS, connections

from clinic.core import waking
from clinic.core.clock import now
from clinic.core.statements import Statement, Write, run

STORE: Final = Statement(
    "core_publish",
    ("text", "jsonb", "text[]", "timestamptz", "timestamptz"),
    """
    INSERT INTO core_outboxevent
      (kind, payload, pending, attempts, created_at, next_at, last_error)
    VALUES (%s, %s, %s, 0, %s, %s, '') RETURNING id
    """,
)


def storing(facts: str, about: str, key: str) -> str:
    """Return the INSERT that publishes facts in the statement that makes the row they are about.

    ``facts`` is the jsonb of ``packed`` and ``about`` the FROM of the row, in SQL; ``key`` builds
    the object of what is known of the row only now, like its id.
    """
    return f"""
    INSERT INTO core_outboxevent
      (kind, payload, pending, attempts, created_at, next_at, last_error)
    SELECT fact.kind, fact.payload || {key}, fact.pending, 0, fact.at, fact.at, ''
    FROM {about} CROSS JOIN LATERAL
      jsonb_to_recordset({facts}) AS fact(kind text, payload jsonb, pending text[], at timestamptz)
    """  # noqa: S608 names of columns


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense; subclasses hold ids and plain values, never personal data."""

    name: ClassVar[str]


EventT = TypeVar("EventT", bound=Event)
Handler = Callable[[Any], None]

EVENT_TYPES: dict[str, type[Event]] = {}
HANDLERS: dict[str, dict[str, Handler]] = {}
_UUIDS = (UUID, UUID | None)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(cls: type[EventT]) -> type[EventT]:
    """Make a frozen, registered event of a class of ids; its name is module.ClassName."""
    frozen = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
    frozen.name = f"{cls.__module__.removesuffix('.events')}.{cls.__name__}"
    EVENT_TYPES[frozen.name] = frozen
    return frozen


def handles(
    event_type: type[EventT],
) -> Callable[[Callable[[EventT], None]], Callable[[EventT], None]]:
    """Subscribe a function of ``handlers.py`` to an event type. It must be safe to run twice."""

    def register(function: Callable[[EventT], None]) -> Callable[[EventT], None]:
        name = f"{function.__module__}.{function.__qualname__}"
        HANDLERS.setdefault(event_type.name, {})[name] = function
        return function

    return register


def publish(*facts: Event) -> None:
    """Store facts in the caller's transaction and wake the relay when it is committed.

    Those that nobody subscribed to are dropped. One round trip, and one after the commit.
    """
    found = [write for fact in facts for write in _storing(fact)]
    if found:
        run(*found)
        wake_on_commit()


def publishing(fact: Event) -> list[Write]:
    """Return the write that publishes a fact, for a round trip with others of a transaction."""
    found = _storing(fact)
    if found:
        wake_on_commit()
    return found


def packed(*facts: Event) -> str:
    """Return those facts that somebody subscribed to as JSON, for a statement with ``storing``.

    Whoever runs it calls ``wake_on_commit``, when facts were stored.
    """
    at = now().isoformat()  # of the storing, whatever moment the fact itself tells
    kept = [
        {"kind": fact.name, "payload": _to_plain(fact), "pending": sorted(handlers), "at": at}
        for fact in facts
        if (handlers := HANDLERS.get(fact.name))
    ]
    return orjson.dumps(kept).decode()


def _storing(fact: Event) -> list[Write]:
    handlers = HANDLERS.get(fact.name)
    if not handlers:
        return []
    payload, moment = orjson.dumps(_to_plain(fact)).decode(), now()
    return [Write(STORE, (fact.name, payload, sorted(handlers), moment, moment))]


def wake_on_commit() -> None:
    """Wake the relay once after the commit.

    NOTIFY inside the transaction makes all commits of the database wait for each other, each for
    the disk: half of the payments at eight writers. The relay looks by itself when it is lost.
    """
    line = connections[DEFAULT_DB_ALIAS]
    waiting = line.run_on_commit
    here = waiting and set(line.savepoint_ids)
    if not any(call[0] == here and call[1] is waking.wake for call in waiting):
        line.on_commit(waking.wake, robust=True)


def load(kind: str, payload: dict[str, Any]) -> Event:
    """Rebuild a stored fact. Raises KeyError for a kind that no longer exists."""
    event_type = EVENT_TYPES[kind]
    fields = {field.name: field for field in dataclasses.fields(event_type)}
    values = {
        key: UUID(value) if value and fields[key].type in _UUIDS else value
        for key, value in payload.items()
        if key in fields
    }
    return event_type(**values)


def _to_plain(fact: Event) -> dict[str, Any]:
    values = vars(fact)  # of a frozen dataclass: its fields in their order
    return {
        name: str(value) if isinstance(value, UUID) else value for name, value in values.items()
    }
