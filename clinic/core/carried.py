"""A transaction whose BEGIN and COMMIT travel with its first and its last statements.

The driver sends each by itself: two round trips of the seven of a short request.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from clinic.core.statements import Row, Statement, Write, last_rows_of, run

BEGIN: Final = Write(Statement("", (), "BEGIN", is_kept=False), ())
COMMIT: Final = Write(Statement("", (), "COMMIT", is_kept=False), ())


class Carried:
    """A transaction under way; ``rows`` are those of the last statement that it began with."""

    rows: Sequence[Row] = ()

    def end_with(self, write: Write) -> None:
        """Store the last change; nothing else may follow in the transaction.

        A refused write undoes all of it when its error leaves the block.
        """
        run(write)


def alone() -> AbstractContextManager[object]:
    """Run one statement that is a transaction by itself; inside another one it is a savepoint."""
    is_inside = connections[DEFAULT_DB_ALIAS].in_atomic_block
    return transaction.atomic() if is_inside else nullcontext()


@contextmanager
def begun_with(*writes: Write) -> Iterator[Carried]:
    """Run a block in a transaction that begins with these statements, or in a savepoint."""
    line = connections[DEFAULT_DB_ALIAS]
    if line.in_atomic_block:
        inner = Carried()
        with transaction.atomic():
            inner.rows = last_rows_of(*writes)
            yield inner
        return
    outermost = _Outermost(line)
    try:
        with transaction.atomic():
            outermost.rows = last_rows_of(BEGIN, *writes)
            yield outermost
    finally:
        outermost.let_go()


class _Outermost(Carried):
    """Begins and ends the connection's next transaction in place of the driver.

    The driver stays in its own autocommit, by the hook that Django has for databases that begin by
    hand. It lets go before what waits for the commit runs: that may open transactions of its own.
    """

    def __init__(self, line: BaseDatabaseWrapper) -> None:
        self._line, self._is_over = line, False
        self._hooks = {
            "_start_transaction_under_autocommit": self._begin,
            "_commit": self._commit,
            "_rollback": self._rollback,
        }
        vars(line).update(self._hooks)

    def end_with(self, write: Write) -> None:
        """Store the last change and commit."""
        run(write, COMMIT)
        self._is_over = True

    def let_go(self) -> None:
        """Leave the connection to the driver."""
        for name in self._hooks:
            vars(self._line).pop(name, None)

    def _begin(self) -> None:
        """Send nothing: BEGIN goes with the first statements."""

    def _commit(self) -> None:
        if not self._is_over:
            self._send("COMMIT")
        self.let_go()

    def _rollback(self) -> None:
        self.let_go()
        if self._line.connection is not None:
            self._send("ROLLBACK")

    def _send(self, word: str) -> None:
        with self._line.wrap_database_errors, self._line.connection.cursor() as cursor:
            cursor.execute(word)
