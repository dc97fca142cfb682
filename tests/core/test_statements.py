"""Prepared reads: kept for each connection, and the first one of a request mends a broken line."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings

from clinic.core.statements import (
    Statement,
    Write,
    first_rows_of,
    for_many,
    packed,
    rows_of,
    run,
    together,
)
from tests.cast import Member

SUM = Statement("test_sum", ("int", "int"), "SELECT %s + %s")
NOTHING = Statement("test_nothing", (), "SELECT 1")


def broken() -> None:
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def kept() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_a_statement_is_prepared_once_and_answers_each_time() -> None:
    assert [rows_of(SUM, 1, 2), rows_of(SUM, 3, 4)] == [[(3,)], [(7,)]]
    assert rows_of(NOTHING) == [(1,)]
    assert {"test_sum", "test_nothing"} <= kept()


@pytest.mark.django_db
def test_behind_a_pooler_nothing_is_prepared() -> None:
    with override_settings(PREPARES_STATEMENTS=False):
        assert rows_of(Statement("test_plain", ("int",), "SELECT %s"), 5) == [(5,)]
    assert "test_plain" not in kept()


@pytest.mark.django_db(transaction=True)
def test_the_first_read_of_a_request_opens_a_broken_connection_anew() -> None:
    rows_of(SUM, 1, 2)
    broken()

    assert first_rows_of(SUM, 1, 2) == [(3,)]


@pytest.mark.django_db(transaction=True)
def test_writes_are_prepared_on_the_connection_that_runs_them() -> None:
    write = Write(SUM, (1, 2))
    run(write)
    connection.close()

    run(write)

    assert "test_sum" in kept()


@pytest.mark.django_db(transaction=True)
def test_a_request_after_a_broken_connection_is_answered(lin: Member) -> None:
    broken()

    assert lin.client.get("/api/v1/notices/unread-count").status_code == 200


@pytest.mark.django_db
def test_api_requests_leave_no_cookie_and_keep_the_headers_of_safety(lin: Member) -> None:
    answer = lin.client.get("/api/v1/notices/unread-count")

    assert not answer.cookies
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Client().get("/admin/login/").cookies["csrftoken"].value


PACKED = packed(
    Statement(
        "test_packed",
        ("uuid", "timestamptz"),
        "SELECT told.id, told.at, 7, 'ü\"', NULL::timestamptz, told.id"
        " FROM (SELECT %s AS id, %s AS at) told WHERE told.id IS NOT NULL",
    ),
    UUID, datetime, int, str, datetime, object,
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("prepares", [True, False])
def test_a_row_that_comes_packed_is_the_same_row(*, prepares: bool) -> None:
    thing, moment = uuid4(), datetime(2026, 12, 1, 9, 30, 0, 990, tzinfo=UTC)
    row = (thing, moment, 7, 'ü"', None, str(thing))

    with override_settings(PREPARES_STATEMENTS=prepares):
        assert rows_of(PACKED, thing, moment) == [row]
        assert rows_of(PACKED, None, moment) == []
        both = rows_of(together(SUM, PACKED), 1, 2, thing, moment)
        ((three, nothing),) = rows_of(together(SUM, PACKED), 1, 2, None, moment)

    assert (both[0][0], PACKED.row_of(both[0][1:])) == (3, row)
    assert (three, nothing) == (3, None)


@pytest.mark.django_db
def test_many_who_ask_by_one_statement_each_get_their_own_rows() -> None:
    up_to = packed(
        Statement(
            "test_up_to",
            ("int", "timestamptz"),
            "WITH given AS MATERIALIZED (SELECT %s AS last, %s AS at)"
            " SELECT k, given.at FROM given, generate_series(1, given.last) k",
        ),
        int,
        datetime,
    )
    both = together(SUM, up_to)
    dawn, dusk = (datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in (6, 18))
    asked = [(1, 2, 2, dawn), (3, None, 0, dusk), (5, 6, 1, None)]

    told = orjson.dumps(
        [{"n": n, **{f"a{k}": v for k, v in enumerate(one)}} for n, one in enumerate(asked)]
    )
    found = rows_of(for_many(both), told.decode())

    apart = [(n, *row) for n, one in enumerate(asked) for row in first_rows_of(both, *one)]
    assert found == apart
    assert [(n, total) for n, total, _packed in found] == [(0, 3), (0, 3), (1, None), (2, 11)]
