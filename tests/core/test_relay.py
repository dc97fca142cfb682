"""The relay goes on when its connection breaks, when the database is away, and after any fault."""

from collections.abc import Callable

import pytest
from django.db import connection

from clinic.core import relay
from clinic.core.metrics import STANDING_FAILED


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_while_the_relay_waits_is_opened_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds: list[int] = []

    def break_line(_send: Callable[[int], None]) -> int:
        pid = connection.connection.info.backend_pid
        rounds.append(pid)
        if len(rounds) == 1:
            other = connection.get_new_connection(connection.get_connection_params())
            other.autocommit = True
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            other.close()
        return 0

    monkeypatch.setattr(relay, "relay_due", break_line)
    monkeypatch.setattr(relay, "STAND_BY_SECONDS", 0.0)
    monkeypatch.setattr(relay, "IDLE_SECONDS", 0.0)

    relay.run(lambda _key: None, stopping=lambda: len(set(rounds)) > 1)

    assert rounds[-1] != rounds[0]


@pytest.mark.django_db(transaction=True)
def test_the_relay_outlives_a_database_that_is_away_and_a_fault_of_any_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds: list[str] = []
    params = connection.get_connection_params()

    def where() -> dict[str, object]:
        rounds.append("connect")
        return {**params, "host": "127.0.0.1", "port": 1} if len(rounds) == 1 else params

    def stumble(_send: Callable[[int], None]) -> int:
        rounds.append("work")
        if rounds.count("work") == 1:
            raise KeyError("a fault")
        return 0

    monkeypatch.setattr(connection, "get_connection_params", where)
    monkeypatch.setattr(relay, "relay_due", stumble)
    monkeypatch.setattr(relay, "STAND_BY_SECONDS", 0.0)
    monkeypatch.setattr(relay, "IDLE_SECONDS", 0.0)
    failed = STANDING_FAILED.labels("relay")._value.get()

    relay.run(lambda _key: None, stopping=lambda: rounds.count("work") > 1)

    assert rounds.count("work") == 2
    assert STANDING_FAILED.labels("relay")._value.get() == failed + 1
