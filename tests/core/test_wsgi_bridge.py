"""The bridge between the ASGI server and Django, driven as a server drives it."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson
import pytest

from clinic.core.company import leave, wait_at
from clinic.core.wsgi_bridge import BODY_IN_MEMORY_BYTES, BODY_MAX_BYTES, WsgiBridge

StartResponse = Callable[..., Any]
SCOPE: dict[str, Any] = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/门诊/a b",
    "query_string": b"page=1",
    "root_path": "",
    "headers": [(b"host", b"clinic.example"), (b"content-type", b"text/plain")],
    "client": ("192.0.2.7", 5555),
    "server": ("127.0.0.1", 8000),
}


class Whole(list[bytes]):
    """An answer that is known to the end, as Django's HttpResponse says of itself."""

    streaming = False


class Streamed:
    """An answer made piece by piece."""

    streaming = True
    is_closed = False

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        self.is_closed = True


def echo(environ: dict[str, Any], start_response: StartResponse) -> Whole:
    """Answer with what arrived."""
    seen = {
        name: value
        for name, value in environ.items()
        if name.isupper() or name.startswith(("HTTP_", "CONTENT_"))
    }
    seen["body"] = len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "application/json"), ("X-Twice", " a ")])
    return Whole([orjson.dumps(seen)])


async def call(
    application: Callable[..., Any],
    *,
    messages: Iterable[dict[str, Any]] = ({"type": "http.request"},),
    **changes: Any,
) -> list[dict[str, Any]]:
    """Send one request through a bridge of one thread and return the messages of the answer."""
    sent: list[dict[str, Any]] = []
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(waiting)

    async def send(message: Any) -> None:
        sent.append(message)

    bridge = WsgiBridge(application, threads=1)
    await asyncio.wait_for(bridge(SCOPE | changes, receive, send), timeout=10)
    return sent


def chunks(*sizes: int) -> list[dict[str, Any]]:
    """Return the messages of a body that arrives in pieces."""
    last = len(sizes) - 1
    return [
        {"type": "http.request", "body": b"x" * size, "more_body": n < last}
        for n, size in enumerate(sizes)
    ]


async def test_it_passes_the_request_and_answers_in_one_piece() -> None:
    head, body = await call(echo, messages=chunks(5))

    seen = orjson.loads(body["body"])
    assert head["status"] == 200
    assert (b"x-twice", b"a") in head["headers"]
    assert seen["REQUEST_METHOD"] == "POST"
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/门诊/a b"
    assert (seen["QUERY_STRING"], seen["REMOTE_ADDR"]) == ("page=1", "192.0.2.7")
    assert (seen["HTTP_HOST"], seen["CONTENT_TYPE"]) == ("clinic.example", "text/plain")
    assert (seen["CONTENT_LENGTH"], seen["body"]) == ("5", 5)


async def test_a_query_string_that_is_no_ascii_reaches_django() -> None:
    _head, body = await call(echo, query_string=b"q=\xff")

    assert orjson.loads(body["body"])["QUERY_STRING"] == "q=ÿ"


async def test_a_header_with_an_underscore_cannot_pass_for_one_with_a_dash() -> None:
    headers = [(b"x_forwarded_for", b"1.1.1.1"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]

    _head, body = await call(echo, headers=headers)

    seen = orjson.loads(body["body"])
    assert "HTTP_X_FORWARDED_FOR" not in seen
    assert seen["HTTP_COOKIE"] == "a=1; b=2"


@pytest.mark.parametrize("sizes", [(3, 4), (BODY_IN_MEMORY_BYTES, 10, 0)])
async def test_a_body_in_chunks_arrives_whole(sizes: tuple[int, ...]) -> None:
    _head, body = await call(echo, messages=chunks(*sizes))

    seen = orjson.loads(body["body"])
    assert seen["body"] == sum(sizes) == int(seen["CONTENT_LENGTH"])


async def test_a_body_beyond_the_limit_is_refused_without_reading_on() -> None:
    endless = ({"type": "http.request", "body": b"x" * 2**20, "more_body": True} for _ in range(99))

    head, body = await call(echo, messages=endless)

    assert head["status"] == 413
    assert orjson.loads(body["body"])["code"] == "payload_too_large"
    assert sum(1 for _ in endless) == 99 - (BODY_MAX_BYTES // 2**20 + 1)


async def test_a_client_that_leaves_before_the_end_of_his_body_is_not_served() -> None:
    left = [*chunks(1, 1)[:1], {"type": "http.disconnect"}]

    assert await call(echo, messages=left) == []


async def test_a_stream_arrives_piece_by_piece_and_is_closed() -> None:
    answer = Streamed([b"one", b"two"])

    def stream(_environ: dict[str, Any], start_response: StartResponse) -> Streamed:
        start_response("200 OK", [])
        return answer

    sent = await call(stream)

    assert [message.get("body") for message in sent] == [None, b"one", b"two", b""]
    assert answer.is_closed


async def test_an_error_reaches_the_server_and_the_thread_lives_on() -> None:
    results = iter([ZeroDivisionError(), None])
    threads: list[int] = []

    def fail_once(environ: dict[str, Any], start_response: StartResponse) -> Whole:
        threads.append(threading.get_ident())
        error = next(results)
        if error:
            raise error
        return echo(environ, start_response)

    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    bridge = WsgiBridge(fail_once, threads=1)
    with pytest.raises(ZeroDivisionError):
        await bridge(SCOPE, receive, send)
    await bridge(SCOPE, receive, send)

    assert sent[0]["status"] == 200
    assert len(set(threads)) == 1


async def test_a_thread_tidies_up_after_each_answer_and_lives_on_when_that_fails() -> None:
    tidied = threading.Semaphore(0)

    def fails() -> None:
        tidied.release()
        raise ZeroDivisionError

    bridge, sent = WsgiBridge(echo, threads=1, afterwards=fails), []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    for _ in range(2):
        await asyncio.wait_for(bridge(SCOPE, receive, send), timeout=10)
        assert await asyncio.to_thread(tidied.acquire, timeout=10)

    assert [message.get("status", 0) for message in sent] == [200, 0, 200, 0]


class Table:
    """Where requests wait for each other; each gets its number, and how many were there."""

    def __init__(self) -> None:
        self.met: list[int] = []

    def outcomes_of(self, values: Sequence[int]) -> list[int]:
        self.met.append(len(values))
        return [value * 10 for value in values]


async def company(
    application: Callable[..., Any], bodies: Iterable[bytes], **told: Any
) -> list[Any]:
    """Send requests of one moment that go along; return their answers, or what was raised."""
    bridge = WsgiBridge(application, threads=4, goes_along=lambda *_door: True, **told)

    async def ask(body: bytes) -> bytes:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message)

        await asyncio.wait_for(bridge(SCOPE, receive, send), timeout=20)
        return bytes(sent[1]["body"])

    return await asyncio.gather(*[ask(body) for body in bodies], return_exceptions=True)


def number_in(environ: dict[str, Any]) -> int:
    return int(environ["wsgi.input"].read())


async def test_requests_of_one_moment_wait_for_each_other_and_get_each_its_own_answer() -> None:
    table = Table()

    def application(environ: dict[str, Any], start_response: StartResponse) -> Whole:
        told = wait_at(table, number_in(environ))
        start_response("200 OK", [])
        return Whole([str(told).encode()])

    answers = await company(application, [b"%d" % number for number in range(40)])

    assert answers == [b"%d" % (10 * number) for number in range(40)]
    assert sum(table.met) == 40
    assert max(table.met) > 1


async def test_who_leaves_its_company_begins_anew_with_its_whole_body() -> None:
    begun: list[int] = []

    def application(environ: dict[str, Any], start_response: StartResponse) -> Whole:
        number = number_in(environ)
        begun.append(number)
        if number % 2:
            leave()
        start_response("200 OK", [])
        return Whole([b"%d" % number])

    answers = await company(application, [b"1", b"2", b"3"])

    assert answers == [b"1", b"2", b"3"]
    assert sorted(begun) == [1, 1, 2, 3, 3]


async def test_an_error_of_one_reaches_none_of_its_company() -> None:
    table = Table()

    def application(environ: dict[str, Any], start_response: StartResponse) -> Whole:
        if wait_at(table, number_in(environ)) == 20:
            raise ZeroDivisionError
        start_response("200 OK", [])
        return Whole([b"fine"])

    one, two, three = await company(application, [b"1", b"2", b"3"])

    assert (one, three) == (b"fine", b"fine")
    assert isinstance(two, ZeroDivisionError)


async def test_who_leaves_when_the_server_has_given_up_harms_nobody() -> None:
    table = Table()

    def application(environ: dict[str, Any], start_response: StartResponse) -> Whole:
        number = number_in(environ)
        wait_at(table, number)
        if number == 2:
            environ["wsgi.input"].close()
            leave()
        start_response("200 OK", [])
        return Whole([b"%d" % number])

    one, two, three = await company(application, [b"1", b"2", b"3"])

    assert (one, three) == (b"1", b"3")
    assert isinstance(two, ValueError)


async def test_even_what_no_future_takes_is_told_to_its_own_asker() -> None:
    def application(environ: dict[str, Any], start_response: StartResponse) -> Whole:
        number = number_in(environ)
        if number == 1:
            raise StopIteration
        start_response("200 OK", [])
        return Whole([b"%d" % number])

    one, two = await company(application, [b"1", b"2"])

    assert isinstance(one, RuntimeError)
    assert two == b"2"


@pytest.mark.parametrize("threads", [1, 2])
async def test_those_who_go_along_leave_a_thread_to_the_others(threads: int) -> None:
    bridge = WsgiBridge(echo, threads=threads, goes_along=lambda _method, path: path == "/short")
    is_over = False

    async def ask(path: str) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request"}

        async def send(_message: Any) -> None:
            pass

        await bridge(SCOPE | {"path": path}, receive, send)

    async def ask_on() -> None:
        while not is_over:
            await ask("/short")

    crowd = [asyncio.create_task(ask_on()) for _ in range(64)]
    await asyncio.sleep(0)
    await asyncio.wait_for(ask("/other"), timeout=10)
    is_over = True
    await asyncio.gather(*crowd)


async def test_nobody_waits_behind_those_who_do_not_get_on() -> None:
    free, stuck = threading.Event(), threading.Semaphore(0)

    def application(environ: dict[str, Any], start_response: StartResponse) -> Whole:
        number = number_in(environ)
        if number < 2:
            stuck.release()
            assert free.wait(20)
        else:
            free.set()
        start_response("200 OK", [])
        return Whole([b"%d" % number])

    assert await company(application, [b"0", b"1", b"2"]) == [b"0", b"1", b"2"]


async def test_when_nothing_can_begin_each_request_is_told_and_the_thread_lives_on() -> None:
    tries = iter([ZeroDivisionError(), None, None])

    def beforehand() -> None:
        error = next(tries, None)
        if error:
            raise error

    answers = await company(echo, [b"a"], beforehand=beforehand)

    assert [type(answer) for answer in answers] == [ZeroDivisionError]
