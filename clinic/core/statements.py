"""Hot statements, prepared: PostgreSQL plans them once for each connection."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from clinic.core.gathering import Gathering

Row = tuple[Any, ...]
Reader = Callable[[Any], Any]
# How ``packed`` columns are read. Spans of time are selected as seconds, EXTRACT(EPOCH FROM …).
READERS: Final[dict[object, Reader]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    timedelta: lambda seconds: timedelta(seconds=seconds),
}
MOST_TOGETHER: Final = 8  # reads of one statement
NAME_MOST: Final = 63  # PostgreSQL cuts what is longer
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
    kinds: tuple[object, ...] = ()  # of the columns, in Python, where they come ``packed``
    executing: str = field(init=False)  # the statement that runs this one after it was prepared
    _readers: tuple[tuple[int, Reader], ...] = field(init=False)

    def __post_init__(self) -> None:
        if len(self.name) > NAME_MOST:
            raise ValueError(self.name)
        marks = f" ({', '.join(['%s'] * len(self.types))})" if self.types else ""
        object.__setattr__(self, "executing", f"EXECUTE {self.name}{marks}")
        readers = [(n, READERS[kind]) for n, kind in enumerate(self.kinds) if kind in READERS]
        object.__setattr__(self, "_readers", tuple(readers))

    @property
    def preparing(self) -> str:
        """The statement that prepares this one."""
        body = self.marked([f"${number}" for number in range(1, len(self.types) + 1)])
        types = f" ({', '.join(self.types)})" if self.types else ""
        return f"PREPARE {self.name}{types} AS {body}"

    @property
    def plain(self) -> str:
        """The statement unprepared; types are told all the same, a bare NULL would be text."""
        return self.marked([f"%s::{name}" for name in self.types])

    def row_of(self, columns: Row) -> Row:
        """Return the row that came in these columns, unpacked where it is one."""
        if not self.kinds:
            return columns
        row = orjson.loads(columns[0])
        for n, reader in self._readers:
            if row[n] is not None:
                row[n] = reader(row[n])
        return tuple(row)

    def marked(self, marks: Sequence[str]) -> str:
        """Return the statement with these in place of its values."""
        first, *rest = self.sql.split("%s")
        return first + "".join(map("".join, zip(marks, rest, strict=True)))


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that answers with one row at most, and its values: it may go with another.

    Its first column is never NULL.
    """

    statement: Statement
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """A statement with its values, to be run with others."""

    statement: Statement
    values: tuple[Any, ...]


def rows_of(statement: Statement, *values: Any) -> list[Row]:
    """Return the rows of a statement. Plain where settings say that a pooler shares connections."""
    return _rows(connections[DEFAULT_DB_ALIAS], statement, values)


def _rows(line: BaseDatabaseWrapper, statement: Statement, values: Sequence[Any]) -> list[Row]:
    with line.wrap_database_errors, _cursor(line) as cursor:
        cursor.execute(_ready(line, statement), values)
        rows: list[Row] = cursor.fetchall()
    return [statement.row_of(row) for row in rows] if statement.kinds else rows


def run(*writes: Write) -> None:
    """Run writes in their order in one round trip, all or nothing."""
    if writes:
        line = connections[DEFAULT_DB_ALIAS]
        with line.wrap_database_errors, _cursor(line) as cursor:
            _send(line, cursor, writes)


def last_rows_of(*writes: Write) -> list[Row]:
    """Run statements in their order in one round trip; return the rows of the last.

    Inside a transaction each sees what was committed while the one before it waited for a lock.
    """
    line = connections[DEFAULT_DB_ALIAS]
    with line.wrap_database_errors, _cursor(line) as cursor:
        _send(line, cursor, writes)
        rows: list[Row] = cursor.fetchall()
    return rows


def first_rows_of(statement: Statement, *values: Any) -> list[Row]:
    """Return the rows of the read that a request begins with.

    It proves by itself that a kept connection still lives, which saves the question before it: a
    broken one is opened anew, once, unless a transaction already hangs on it.
    """
    line = connections[DEFAULT_DB_ALIAS]
    _take_for_alive(line)
    try:
        return _rows(line, statement, values)
    except (OperationalError, InterfaceError):
        if line.in_atomic_block:
            raise
        line.close()
        return _rows(line, statement, values)


def shared_rows_of(statement: Statement, *values: Any) -> list[Row]:
    """Do the same for a read that is most of its request: see ``gathering``.

    Those of one company who read by the same statement read together.
    """
    if connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return first_rows_of(statement, *values)
    return _readers_of(statement).result_of(values)


@cache
def _readers_of(statement: Statement) -> Gathering[Row, list[Row]]:
    def alone(values: Row) -> list[Row]:
        return first_rows_of(statement, *values)

    together = partial(_read_together, statement)
    return Gathering(statement.name, together, alone, most=MOST_TOGETHER)


def _read_together(statement: Statement, asked: Sequence[Row]) -> list[list[Row]]:
    if len(asked) == 1:
        return [first_rows_of(statement, *asked[0])]
    line = connections[DEFAULT_DB_ALIAS]
    _take_for_alive(line)  # a broken one is found by this read
    each = [{"n": n} | {f"a{k}": v for k, v in enumerate(one)} for n, one in enumerate(asked)]
    found: list[list[Row]] = [[] for _one in asked]
    try:
        rows = rows_of(for_many(statement), orjson.dumps(each).decode())
    except (OperationalError, InterfaceError):
        line.close_if_unusable_or_obsolete()  # whoever of the thread comes next opens it anew
        raise
    for n, *columns in rows:
        found[n].append(statement.row_of(tuple(columns)))
    return found


def _take_for_alive(line: BaseDatabaseWrapper) -> None:
    setattr(line, "health_check_done", True)  # noqa: B010 unknown to the stubs


def _cursor(line: BaseDatabaseWrapper) -> Any:
    """Return a cursor of the driver, or Django's wrapper around it when somebody listens.

    The wrapper looks at each call for listeners, logs and errors, which is half of a short read.
    """
    if line.queries_logged or line.execute_wrappers or line.needs_rollback:
        return line.cursor()
    line.close_if_health_check_failed()
    line.ensure_connection()
    return line.create_cursor()


def packed(statement: Statement, *kinds: object) -> Statement:
    """Return a statement whose rows come as one JSON text each, unpacked as columns of these kinds.

    The driver describes and converts each column by itself: of forty that takes longer than the
    read, and PostgreSQL packs them in less than it needs to describe them.
    """
    names = ", ".join(f"c{n}" for n in range(len(kinds)))
    sql = f"SELECT json_build_array({names})::text FROM ({statement.sql}) r({names})"  # noqa: S608
    return replace(statement, name=f"{statement.name}__packed", sql=sql, kinds=kinds)


@cache
def together(first: Statement, second: Statement) -> Statement:
    """Return one statement of two: the rows of the first, each with the row of the second behind.

    The second's columns are NULL when it answers with none. Values in the same order; a packed row
    of the second is left packed.
    """
    return Statement(
        f"{first.name}__{second.name}",
        (*first.types, *second.types),
        f"SELECT * FROM ({first.sql}) a LEFT JOIN LATERAL ({second.sql}) b ON true",  # noqa: S608
    )


def told(columns: Mapping[str, str], *, most: int) -> str:
    """Return the SELECT of rows that a statement is given as a JSON array of objects.

    ``columns`` are names and types. The planner expects ``most`` rows; without the limit a hundred.
    """
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"SELECT * FROM json_to_recordset(%s) AS told({typed}) LIMIT {most}"  # noqa: S608


@cache
def for_many(statement: Statement) -> Statement:
    """Return the statement for a JSON array of {n, a0, a1 …}: each n with its rows."""
    columns = {"n": "integer"} | {f"a{k}": kind for k, kind in enumerate(statement.types)}
    rows = statement.marked([f"of_many.a{k}" for k in range(len(statement.types))])
    of_many = told(columns, most=MOST_TOGETHER)
    return Statement(
        f"{statement.name}__many",
        ("json",),
        f"SELECT of_many.n, r.* FROM ({of_many}) of_many CROSS JOIN LATERAL ({rows}) r",  # noqa: S608
    )


def _send(line: BaseDatabaseWrapper, cursor: Any, writes: Sequence[Write]) -> None:
    text = ";\n".join(_ready(line, write.statement) for write in writes)
    cursor.execute(text, [value for write in writes for value in write.values])


def _ready(line: BaseDatabaseWrapper, statement: Statement) -> str:
    """Return what is sent for a statement, prepared before where that is possible."""
    if not (statement.is_kept and settings.PREPARES_STATEMENTS):
        return statement.plain
    known = _prepared.get(line.connection)
    if known is None or statement.name not in known:
        _prepare(line, statement)
    return statement.executing


def _prepare(line: BaseDatabaseWrapper, statement: Statement) -> None:
    """Prepare what this connection has not met yet; a rolled back transaction keeps it."""
    with line.wrap_database_errors, line.connection.cursor() as cursor:
        cursor.execute(statement.preparing)
    _prepared.setdefault(line.connection, set()).add(statement.name)
