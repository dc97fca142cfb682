"""The relay goes on when its connection breaks."""

from collections.abc import Callable

import pytest
from django.db import connection

from clinic.core import relay


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
