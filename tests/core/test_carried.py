"""A transaction whose BEGIN and COMMIT travel with statements is one like any other."""

import pytest
from django.db import IntegrityError, InterfaceError, connection, transaction

from clinic.core.carried import begun_with
from clinic.core.models import OutboxEvent
from clinic.core.statements import Statement, Write

pytestmark = pytest.mark.django_db(transaction=True)

ASK = Write(Statement("test_ask", ("integer",), "SELECT %s + 1"), (6,))


def _last(number: int) -> Write:
    text = "INSERT INTO core_outboxevent (id, kind, payload, pending, attempts, created_at,"
    text += " next_at, last_error) VALUES (%s, '', '{}', '{}', 0, now(), now(), '') RETURNING id"
    return Write(Statement("test_last", ("bigint",), text), (number,))


def _stored() -> list[int]:
    return sorted(OutboxEvent.objects.values_list("pk", flat=True))


def _is_idle() -> bool:
    is_idle: bool = connection.connection.get_transaction_status() == 0
    return is_idle and connection.get_autocommit() and not connection.in_atomic_block


def test_what_waits_for_the_commit_runs_after_it_and_may_open_a_transaction() -> None:
    found: list[object] = []

    def later() -> None:
        found.append(_stored())
        with transaction.atomic():
            OutboxEvent.objects.create(pk=3, kind="", payload={}, pending=[])
            transaction.set_rollback(True)

    with begun_with(ASK) as ours:
        found.append(list(ours.rows))
        transaction.on_commit(later)
        with transaction.atomic():
            OutboxEvent.objects.create(pk=1, kind="", payload={}, pending=[])
        ours.end_with(_last(2))

    assert found == [[(7,)], [1, 2]]
    assert _stored() == [1, 2]
    assert _is_idle()


def test_it_commits_by_itself_when_it_is_not_ended() -> None:
    with begun_with(ASK):
        OutboxEvent.objects.create(pk=1, kind="", payload={}, pending=[])

    assert _stored() == [1]
    assert _is_idle()


@pytest.mark.parametrize("error", [ValueError, IntegrityError])
def test_an_error_undoes_all_of_it(error: type[Exception]) -> None:
    OutboxEvent.objects.create(pk=2, kind="", payload={}, pending=[])
    told: list[str] = []

    with pytest.raises(error), begun_with(ASK) as ours:  # noqa: PT012 the block is what is tested
        transaction.on_commit(lambda: told.append("committed"))
        OutboxEvent.objects.create(pk=1, kind="", payload={}, pending=[])
        if error is ValueError:
            raise ValueError
        ours.end_with(_last(2))  # there is such a row

    assert _stored() == [2]
    assert told == []
    assert _is_idle()


def test_a_promise_that_is_kept_at_the_commit_refuses_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    try:
        with pytest.raises(IntegrityError), begun_with(ASK) as ours:  # noqa: PT012
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO kept VALUES (1), (1)")
            ours.end_with(_last(1))
        assert _stored() == []
        assert _is_idle()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE kept")


def test_a_line_that_breaks_inside_is_opened_anew_afterwards() -> None:
    with pytest.raises(InterfaceError), begun_with(ASK) as ours:  # noqa: PT012
        connection.connection.close()
        ours.end_with(_last(1))

    assert _stored() == []
    with begun_with(ASK) as ours:
        ours.end_with(_last(2))
    assert _stored() == [2]
