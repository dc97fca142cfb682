"""Rows of the model in one SQLite file, so that a restart keeps orders."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from clinic.embedded.simulator.model import (
    Attempt,
    Citizen,
    Fault,
    Notification,
    NumberBinding,
    Order,
    Payout,
    PlatformKey,
    Refund,
    Setting,
    Sms,
)

T = TypeVar("T")

TABLES: dict[type[Any], str] = {
    Order: "orders",
    Refund: "refunds",
    Notification: "notifications",
    Attempt: "attempts",
    Sms: "messages",
    NumberBinding: "number_bindings",
    Fault: "faults",
    Setting: "settings",
    PlatformKey: "platform_keys",
    Payout: "payouts",
    Citizen: "citizens",
}
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS orders_token ON orders (token)",
    "CREATE INDEX IF NOT EXISTS orders_prepay ON orders (prepay_id)",
    "CREATE INDEX IF NOT EXISTS orders_transaction ON orders (transaction_id)",
    "CREATE INDEX IF NOT EXISTS orders_created ON orders (created_at)",
    "CREATE INDEX IF NOT EXISTS orders_pay ON orders (pay_at) WHERE pay_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS refunds_order ON refunds (out_trade_no)",
    "CREATE INDEX IF NOT EXISTS refunds_due ON refunds (settles_at) WHERE settles_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS notices_due ON notifications (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS notices_created ON notifications (created_at)",
    "CREATE INDEX IF NOT EXISTS attempts_of ON attempts (notification_id)",
    "CREATE INDEX IF NOT EXISTS messages_phone ON messages (phone, at)",
)


class Store:
    """Saves and finds rows. One lock: a change is alone and all or nothing."""

    def __init__(self, path: str | Path) -> None:
        """Open the file, `:memory:` for none, and make what is missing in it."""
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        for kind, table in TABLES.items():
            key, *others = _columns(kind)
            self._db.execute(
                f"CREATE TABLE IF NOT EXISTS {table} ({key} PRIMARY KEY, {', '.join(others)})"
            )
            self._add_new_columns(kind, table)
        for statement in _INDEXES:
            self._db.execute(statement)

    def _add_new_columns(self, kind: type[Any], table: str) -> None:
        """Give the rows of an older file the defaults of fields they do not have."""
        known = {row["name"] for row in self._db.execute(f"PRAGMA table_info({table})")}
        for field in fields(kind):
            if field.name not in known:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {field.name}")
                if field.default is not MISSING and field.default is not None:
                    statement = f"UPDATE {table} SET {field.name} = ?"  # noqa: S608
                    self._db.execute(statement, [_to_column(field.default)])

    @contextmanager
    def change(self) -> Iterator[None]:
        """Make everything inside one transaction; nested uses join the outer one."""
        with self._lock:
            if self._depth:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            else:
                self._db.execute("COMMIT")
            finally:
                self._depth = 0

    def save(self, item: object) -> None:
        """Insert or replace the row."""
        kind = type(item)
        names = _columns(kind)
        marks = ", ".join("?" * len(names))
        values = [_to_column(getattr(item, name)) for name in names]
        with self._lock:
            self._db.execute(
                f"INSERT OR REPLACE INTO {TABLES[kind]} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - names of our own dataclasses
                values,
            )

    def get(self, kind: type[T], key: str) -> T | None:
        """Return the row with this key."""
        found = self.find(kind, f"{_columns(kind)[0]} = ?", [key])
        return found[0] if found else None

    def find(self, kind: type[T], where: str = "1=1", values: Sequence[object] = ()) -> list[T]:
        """Return the rows of a condition; `where` is a constant of this package, never input."""
        columns = [_to_column(value) for value in values]
        with self._lock:
            rows = self._db.execute(f"SELECT * FROM {TABLES[kind]} WHERE {where}", columns)  # noqa: S608
            return [_from_row(kind, row) for row in rows]

    def earliest(self, kind: type[Any], column: str) -> datetime | None:
        """Return the smallest moment in a column, None when it has none."""
        statement = f"SELECT MIN({column}) FROM {TABLES[kind]} WHERE {column} IS NOT NULL"  # noqa: S608
        with self._lock:
            value = self._db.execute(statement).fetchone()[0]
        return datetime.fromisoformat(value) if value else None

    def delete(self, kind: type[Any], key: str) -> bool:
        """Remove the row; return whether it was there."""
        statement = f"DELETE FROM {TABLES[kind]} WHERE {_columns(kind)[0]} = ?"  # noqa: S608
        with self._lock:
            return self._db.execute(statement, [key]).rowcount == 1

    def clear(self) -> None:
        """Remove every row of every table."""
        with self.change():
            for table in TABLES.values():
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _columns(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]


def _to_column(value: object) -> object:
    if isinstance(value, datetime):  # fixed width, so that text order is time order
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, StrEnum) else value


_HINTS: dict[type[Any], dict[str, Any]] = {kind: get_type_hints(kind) for kind in TABLES}


def _from_row(kind: type[T], row: sqlite3.Row) -> T:
    hints = _HINTS[kind]
    return kind(**{name: _from_column(hints[name], row[name]) for name in _columns(kind)})


def _from_column(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if hint is datetime:
        return datetime.fromisoformat(value)
    return hint(value)
