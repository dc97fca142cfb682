"""Hot statements, prepared: PostgreSQL plans them once for each connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

Row = tuple[Any, ...]
_prepared: Final[WeakKeyDictionary[Any, set[str]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with a name of its own and one ``%s`` for each value, types named in order.

    It answers with rows: a write says by RETURNING what it did. List columns by name: a prepared
    ``*`` breaks when a migration adds one. Without ``is_kept`` it is planned each time, for reads
    that come in too many forms to keep them all.
    """

    name: str
    types: tuple[str, ...]
    sql: str
    is_kept: bool = True

    @property
    def preparing(self) -> str:
        """The statement that prepares this one."""
        body = self._marked([f"${number}" for number in range(1, len(self.types) + 1)])
        types = f" ({', '.join(self.types)})" if self.types else ""
        return f"PREPARE {self.name}{types} AS {body}"

    @property
    def plain(self) -> str:
        """The statement unprepared; types are told all the same, a bare NULL would be text."""
        return self._marked([f"%s::{name}" for name in self.types])

    @property
    def executing(self) -> str:
        """The statement that runs this one after it was prepared."""
        marks = f" ({', '.join(['%s'] * len(self.types))})" if self.types else ""
        return f"EXECUTE {self.name}{marks}"

    def _marked(self, marks: Sequence[str]) -> str:
        first, *rest = self.sql.split("%s")
        return first + "".join(map("".join, zip(marks, rest, strict=True)))


@dataclass(frozen=True, slots=True)
class Write:
    """A statement with its values, to be run with others."""

    statement: Statement
    values: tuple[Any, ...]


def rows_of(statement: Statement, *values: Any) -> list[Row]:
    """Return the rows of a statement. Plain where settings say that a pooler shares connections."""
    with connection.cursor() as cursor:
        cursor.execute(_ready(statement), values)
        rows: list[Row] = cursor.fetchall()
    return rows


def run(*writes: Write) -> None:
    """Run writes in their order in one round trip, all or nothing."""
    if writes:
        with connection.cursor() as cursor:  # first of all: it may open another connection
            _send(cursor, writes)


def last_rows_of(*writes: Write) -> list[Row]:
    """Run statements in their order in one round trip; return the rows of the last.

    Inside a transaction each sees what was committed while the one before it waited for a lock.
    """
    with connection.cursor() as cursor:
        _send(cursor, writes)
        rows: list[Row] = cursor.fetchall()
    return rows


def first_rows_of(statement: Statement, *values: Any) -> list[Row]:
    """Return the rows of the read that a request begins with.

    It proves by itself that a kept connection still lives, which saves the question before it: a
    broken one is opened anew, once, unless a transaction already hangs on it.
    """
    setattr(connection, "health_check_done", True)  # noqa: B010 unknown to the stubs
    try:
        return rows_of(statement, *values)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return rows_of(statement, *values)


def _send(cursor: Any, writes: Sequence[Write]) -> None:
    text = ";\n".join(_ready(write.statement) for write in writes)
    cursor.execute(text, [value for write in writes for value in write.values])


def _ready(statement: Statement) -> str:
    """Return what is sent for a statement, prepared before where that is possible."""
    if not (statement.is_kept and settings.PREPARES_STATEMENTS):
        return statement.plain
    _prepare(statement)
    return statement.executing


def _prepare(statement: Statement) -> None:
    """Prepare what this connection has not met yet; a rolled back transaction keeps it."""
    line = connection.connection
    known = _prepared.setdefault(line, set())
    if statement.name not in known:
        with connection.wrap_database_errors, line.cursor() as cursor:
            cursor.execute(statement.preparing)
        known.add(statement.name)
