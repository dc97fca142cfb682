"""Serves a WSGI application from an ASGI process on its own threads.

Each thread keeps its database connection. A request whose body has arrived and an answer that is
already whole, which is nearly all of them, cross between loop and thread once each way.
"""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any, Final

import orjson

from clinic.core.api.problems import MEDIA_TYPE, document
from clinic.core.crew import Crew
from clinic.core.errors import PayloadTooLargeError
from clinic.core.standing import outlived

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[..., Iterable[bytes]]

BODY_MAX_BYTES: Final = 32 * 1024 * 1024  # Django's own, smaller limits answer in its own words
BODY_IN_MEMORY_BYTES: Final = 1024 * 1024  # a larger one goes to a temporary file
SEND_SECONDS: Final = 60  # a reader who takes nothing for so long loses the rest of a stream


class WsgiBridge:
    """An ASGI application for scope "http" around a WSGI one."""

    def __init__(
        self,
        application: Application,
        *,
        threads: int,
        afterwards: Callable[[], None] = lambda: None,
        farewell: Callable[[], None] = lambda: None,
    ) -> None:
        """Each of at most so many threads calls ``afterwards`` when its answer is on the way.

        One that ends, after a long rest, calls ``farewell``.
        """
        self._application, self._afterwards = application, afterwards
        self._crew: Crew[_Exchange] = Crew(self._work, most=threads, name="http", farewell=farewell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that leaves before his body is complete gets none."""
        body = await _whole_body(receive)
        if body is None:
            return
        with body.file:
            if body.size > BODY_MAX_BYTES:
                await _refuse(scope, send)
                return
            exchange = _Exchange(environ=environ_of(scope, body.file, body.size), send=send)
            self._crew.give(exchange)
            await exchange.answered
        if exchange.is_whole:
            await send(exchange.head)
            await send({"type": "http.response.body", "body": exchange.body})

    def _work(self, exchange: "_Exchange") -> None:
        exchange.answer(self._application)
        try:
            self._afterwards()
        except Exception as error:  # noqa: BLE001 the thread must live on
            outlived("requests", error)


@dataclass(frozen=True, slots=True)
class _Body:
    file: IO[bytes]
    size: int


@dataclass(slots=True)
class _Exchange:
    """A request on its way to a thread and its answer on the way back."""

    environ: dict[str, Any]
    send: Send
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = False
    answered: asyncio.Future[None] = field(init=False)

    def __post_init__(self) -> None:
        self.answered = self.loop.create_future()

    def answer(self, application: Application) -> None:
        """Run the application in this thread and tell the loop when its part is done."""
        error: BaseException | None = None
        try:
            self._run(application)
        except BaseException as raised:  # noqa: BLE001 the server logs it and answers 500
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self.loop.call_soon_threadsafe(self._finish, error)

    def _run(self, application: Application) -> None:
        pieces = application(self.environ, self._start_response)
        try:
            if getattr(pieces, "streaming", True):
                self._stream(pieces)
            else:
                self.body = b"".join(pieces)
                self.is_whole = True
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def _start_response(
        self,
        status: str,
        headers: list[tuple[str, str]],
        _exc_info: object = None,
    ) -> None:
        self.head = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [
                (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
                for name, value in headers
            ],
        }

    def _stream(self, pieces: Iterable[bytes]) -> None:
        is_started = False
        for piece in pieces:
            if not is_started:
                self._send_now(self.head)
                is_started = True
            self._send_now({"type": "http.response.body", "body": piece, "more_body": True})
        if not is_started:
            self._send_now(self.head)
        self._send_now({"type": "http.response.body", "body": b""})

    def _send_now(self, message: dict[str, Any]) -> None:
        sending = asyncio.run_coroutine_threadsafe(self._sent(message), self.loop)
        sending.result(timeout=SEND_SECONDS)

    async def _sent(self, message: dict[str, Any]) -> None:
        await self.send(message)

    def _finish(self, error: BaseException | None) -> None:
        if self.answered.done():
            return  # the server gave up on this request
        if error is None:
            self.answered.set_result(None)
        else:
            self.answered.set_exception(error)


def environ_of(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """Return the WSGI environment of a request (PEP 3333).

    Headers with an underscore are left out: they would pass for the ones with a dash.
    """
    root = scope.get("root_path", "")
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _wsgi_text(root),
        "PATH_INFO": _wsgi_text(scope["path"].removeprefix(root)),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    client = scope.get("client")
    if client:
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client[0], str(client[1])
    _add_headers(environ, scope["headers"])
    # What has really arrived, also of a body that came in chunks without a length.
    environ["CONTENT_LENGTH"] = str(size)
    return environ


def _add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    for raw_name, raw_value in headers:
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in {"CONTENT_LENGTH", "CONTENT_TYPE"} else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        if key in environ:
            value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
        environ[key] = value


def _wsgi_text(text: str) -> str:
    return text.encode().decode("latin-1")


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
