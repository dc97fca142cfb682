"""Serves a WSGI application from an ASGI process on its own threads.

Each thread keeps its database connection. A request whose body has arrived and an answer that is
already whole, which is nearly all of them, cross between loop and thread once each way. Short
requests that come at one moment are carried by one thread together: see ``lanes``, ``company``.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from operator import call
from typing import IO, Any, Final

import orjson

from clinic.core.api.problems import MEDIA_TYPE, document
from clinic.core.company import travel
from clinic.core.crew import Crew
from clinic.core.errors import PayloadTooLargeError
from clinic.core.exchange import Application, Exchange, Scope, Send, deliver, environ_of
from clinic.core.lanes import OPEN, PATIENCE_SECONDS, Lanes
from clinic.core.standing import outlived

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Task = Callable[[], None]

BODY_MAX_BYTES: Final = 32 * 1024 * 1024  # Django's own, smaller limits answer in its own words
BODY_IN_MEMORY_BYTES: Final = 1024 * 1024  # a larger one goes to a temporary file


class WsgiBridge:
    """An ASGI application for scope "http" around a WSGI one."""

    def __init__(
        self,
        application: Application,
        *,
        threads: int,
        beforehand: Callable[[], None] = lambda: None,
        afterwards: Callable[[], None] = lambda: None,
        farewell: Callable[[], None] = lambda: None,
        goes_along: Callable[[str, str], bool] = lambda _method, _path: False,
    ) -> None:
        """Each of at most so many threads calls ``afterwards`` when its answer is on the way.

        One that ends, after a long rest, calls ``farewell``. Requests of whose method and path
        ``goes_along`` says so are carried by one thread together; it calls ``beforehand``.
        """
        self._application = application
        self._goes_along = goes_along if threads > 1 else lambda _method, _path: False
        self._beforehand, self._afterwards = beforehand, afterwards
        self._crew: Crew[Task] = Crew(call, most=threads, name="http", farewell=farewell)
        self._lanes: Lanes[Exchange] = Lanes(
            self._carry, self._crew.give, most=min(OPEN, threads - 1)
        )
        self._is_watched = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that leaves before his body is complete gets none."""
        body = await _whole_body(receive)
        if body is None:
            return
        with body.file:
            if body.size > BODY_MAX_BYTES:
                await _refuse(scope, send)
                return
            exchange = Exchange(environ=environ_of(scope, body.file, body.size), send=send)
            self._hand_over(exchange, scope)
            await exchange.answered
        if exchange.is_whole:
            await send(exchange.head)
            await send({"type": "http.response.body", "body": exchange.body})

    def _hand_over(self, exchange: Exchange, scope: Scope) -> None:
        if not self._goes_along(scope["method"], scope["path"]):
            self._crew.give(partial(self._work, exchange))
        elif self._lanes.give(exchange) and not self._is_watched:
            self._is_watched = True
            exchange.loop.call_later(PATIENCE_SECONDS, self._look_after, exchange.loop)

    def _look_after(self, loop: asyncio.AbstractEventLoop) -> None:
        """See that nobody waits behind those who do not get on."""
        self._is_watched = self._lanes.hasten()
        if self._is_watched:
            loop.call_later(PATIENCE_SECONDS, self._look_after, loop)

    def _work(self, exchange: Exchange) -> None:
        exchange.answer(self._application)
        deliver([exchange])
        self._end()

    def _carry(self, exchanges: Sequence[Exchange]) -> None:
        """Answer requests together, each as soon as its company comes to a halt."""
        under_way = list(exchanges)

        def let_go() -> None:
            nonlocal under_way
            answered = [one for one in under_way if one.is_answered]
            left = [one for one in under_way if one.has_left]
            under_way = [one for one in under_way if not (one.is_answered or one.has_left)]
            deliver(answered)
            for one in left:
                self._crew.give(partial(self._work, one))

        try:
            self._beforehand()
            work = [partial(one.answer, self._application) for one in exchanges]
            travel(work, after_each_leg=let_go)
        except Exception as error:  # noqa: BLE001 the thread must live on
            outlived("requests", error)
            for one in under_way:
                one.error = error
            deliver(under_way)
        self._end()

    def _end(self) -> None:
        try:
            self._afterwards()
        except Exception as error:  # noqa: BLE001 the thread must live on
            outlived("requests", error)


@dataclass(frozen=True, slots=True)
class _Body:
    file: IO[bytes]
    size: int


async def _whole_body(receive: Receive) -> _Body | None:
    """Return the body; one above BODY_MAX_BYTES is cut off there. None when the client left."""
    message = await receive()
    if message["type"] == "http.disconnect":
        return None
    first = message.get("body", b"")
    if not message.get("more_body"):
        return _Body(BytesIO(first), len(first))
    return await _long_body(first, receive)


async def _long_body(first: bytes, receive: Receive) -> _Body | None:
    file = tempfile.SpooledTemporaryFile(BODY_IN_MEMORY_BYTES)  # noqa: SIM115 the caller closes
    size = file.write(first)
    has_more = True
    while has_more and size <= BODY_MAX_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            file.close()
            return None
        size += file.write(message.get("body", b""))
        has_more = message.get("more_body", False)
    file.seek(0)
    return _Body(file, size)


async def _refuse(scope: Scope, send: Send) -> None:
    body = orjson.dumps(document(PayloadTooLargeError(), scope["path"]))
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
