"""Limits hold with Redis, without Redis, and for secrets in the database."""

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from socket import SHUT_RDWR
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core.cache import cache, caches
from redis.exceptions import ConnectionError as RedisDown

from clinic.core.cache import Count, CountingClient, FallbackRedisCache
from clinic.core.errors import RateLimitedError
from clinic.core.metrics import LIMITS_IN_MEMORY
from clinic.core.models import RateCounter
from clinic.core.ratelimit import forget, forget_drawn, limit, strict_limit
from tests.companions import ask_together


def _use_up(rule: str, calls: int, rate: str) -> None:
    for _ in range(calls):
        limit(rule, "user:1", rate)


def test_the_call_above_the_rate_is_refused_with_a_time_to_wait() -> None:
    _use_up("test.rule", 30, "30/m")

    with pytest.raises(RateLimitedError) as refused:
        limit("test.rule", "user:1", "30/m")
    assert 1 <= int(refused.value.extra["retry_after"]) <= 60


def test_others_are_not_counted_together() -> None:
    _use_up("test.rule", 30, "30/m")

    limit("test.rule", "user:2", "30/m")
    limit("test.other", "user:1", "30/m")


def test_with_redis_down_the_limit_still_holds_in_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down(*_args: Any, **_kwargs: Any) -> None:
        raise RedisDown

    monkeypatch.setattr("clinic.core.cache.CountingClient.count_up", down)
    store = cache._connections[cache._alias]  # type: ignore[attr-defined]
    assert isinstance(store, FallbackRedisCache)
    try:
        counted = LIMITS_IN_MEMORY._value.get()
        _use_up("test.down", 5, "5/m")
        assert LIMITS_IN_MEMORY._value.get() == counted + 5
        with pytest.raises(RateLimitedError):
            limit("test.down", "user:1", "5/m")
    finally:
        store._closed_until = 0.0


def test_a_line_that_redis_closed_is_opened_anew_without_losing_count() -> None:
    store = cache._connections[cache._alias]  # type: ignore[attr-defined]
    _use_up("test.closed", 4, "5/m")

    for line in store._cache._idle:
        line._sock.shutdown(SHUT_RDWR)
    counted = LIMITS_IN_MEMORY._value.get()

    limit("test.closed", "user:1", "5/m")
    with pytest.raises(RateLimitedError):
        limit("test.closed", "user:1", "5/m")
    assert LIMITS_IN_MEMORY._value.get() == counted


def test_generous_limits_are_drawn_in_shares_and_let_no_call_too_many_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    count_up = CountingClient.count_up

    def counting(store: CountingClient, counts: Sequence[Count]) -> list[int]:
        asked.extend(count.number for count in counts)
        return count_up(store, counts)

    monkeypatch.setattr(CountingClient, "count_up", counting)
    _use_up("test.shares", 110, "110/d")

    with pytest.raises(RateLimitedError):
        limit("test.shares", "user:1", "110/d")
    assert sum(asked) == 111
    assert asked[:4] == [5, 5, 5, 4]  # a twentieth of what is left
    assert asked[-39:] == [1] * 39


def test_calls_of_one_company_are_counted_in_one_trip_and_none_too_many_is_let_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trips: list[list[str]] = []
    count_up = CountingClient.count_up

    def counting(store: CountingClient, counts: Sequence[Count]) -> list[int]:
        trips.append([count.key.rpartition(":")[2] for count in counts])
        return count_up(store, counts)

    def call(number: int) -> bool:
        try:
            limit("test.company", f"user:{number % 2}", "2/d")
        except RateLimitedError:
            return False
        return True

    monkeypatch.setattr(CountingClient, "count_up", counting)

    let_through = ask_together(6, call, anew=lambda again: again())

    assert let_through == [True, True, True, True, False, False]
    assert [len(trip) for trip in trips] == [6]
    assert len(set(trips[0])) == 2


def test_a_company_draws_no_more_shares_than_one_by_himself() -> None:
    ask_together(8, lambda _n: limit("test.greedy", "user:1", "60/d"), anew=lambda again: again())

    forget_drawn()  # as another process would meet what is left
    _use_up("test.greedy", 50, "60/d")
    with pytest.raises(RateLimitedError):
        _use_up("test.greedy", 1, "60/d")


def test_threads_that_draw_at_once_lose_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    together, count_up = Barrier(2), CountingClient.count_up

    def met(store: CountingClient, counts: Sequence[Count]) -> list[int]:
        with suppress(BrokenBarrierError):
            together.wait(timeout=2)  # both found nothing drawn before either has drawn
        return count_up(store, counts)

    monkeypatch.setattr(CountingClient, "count_up", met)
    monkeypatch.setattr("clinic.core.ratelimit.cache", caches["default"])  # both have this test's
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: limit("test.threads", "user:1", "60/d"), range(2)))
    monkeypatch.setattr(CountingClient, "count_up", count_up)

    _use_up("test.threads", 58, "60/d")
    with pytest.raises(RateLimitedError):
        limit("test.threads", "user:1", "60/d")


def test_several_processes_together_let_no_call_too_many_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[OrderedDict[str, tuple[int, int]]] = [OrderedDict(), OrderedDict()]
    passed = 0

    for number in range(60):
        monkeypatch.setattr("clinic.core.ratelimit._drawn", drawn[number % 3 == 0])
        try:
            limit("test.processes", "user:1", "42/d")  # shares of two
        except RateLimitedError:
            continue
        passed += 1

    assert 41 <= passed <= 42


@pytest.mark.django_db
def test_strict_limits_count_in_the_database_without_storing_who() -> None:
    for _ in range(5):
        strict_limit("login", "+8613900001111", count=5, window=timedelta(minutes=15))

    with pytest.raises(RateLimitedError):
        strict_limit("login", "+8613900001111", count=5, window=timedelta(minutes=15))
    assert "139" not in RateCounter.objects.get().key


@pytest.mark.django_db
def test_a_right_password_forgets_the_tries() -> None:
    strict_limit("login", "x", count=1, window=timedelta(minutes=15))

    forget("login", "x")

    strict_limit("login", "x", count=1, window=timedelta(minutes=15))
