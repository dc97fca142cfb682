"""Between two requests a thread does what Django's signals do around each."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import OperationalError, connection

from clinic.core import housekeeping


def test_nobody_else_listens_to_the_signals_that_are_stilled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signals = (request_started, request_finished)
    for signal in signals:
        monkeypatch.setattr(signal, "receivers", list(getattr(signal, "receivers")))  # noqa: B009 not in the stubs

    housekeeping.take_over()

    assert [getattr(signal, "receivers") for signal in signals] == [[], []]  # noqa: B009


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_in_a_request_is_not_used_again() -> None:
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    housekeeping.tidy_up()

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_a_good_connection_stays_and_is_asked_for_its_life_by_the_next_request() -> None:
    connection.ensure_connection()
    before = connection.connection

    housekeeping.tidy_up()

    assert connection.connection is before
    assert not getattr(connection, "health_check_done")  # noqa: B009 not in the stubs
