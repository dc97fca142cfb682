"""A request on its way from the server's loop to a thread, and its answer on the way back."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Final

from clinic.core.company import LeftCompany

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[..., Iterable[bytes]]

SEND_SECONDS: Final = 60  # a reader who takes nothing for so long loses the rest of a stream


@dataclass(slots=True, eq=False)
class Exchange:
    """A request and what becomes of it; threads fill it, ``finish`` ends it in the loop."""

    environ: dict[str, Any]
    send: Send
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = False
    is_answered: bool = False
    has_left: bool = False  # its company, and is to be answered by itself
    error: BaseException | None = None
    answered: asyncio.Future[None] = field(init=False)

    def __post_init__(self) -> None:
        self.answered = self.loop.create_future()

    def answer(self, application: Application) -> None:
        """Run the application in this thread; ``finish`` in the loop tells who waits for it."""
        self.has_left = False
        try:
            self._run_or_leave(application)
        except BaseException as raised:  # noqa: BLE001 the server logs it and answers 500
            self.error = raised
        self.is_answered = not self.has_left

    def _run_or_leave(self, application: Application) -> None:
        try:
            self._run(application)
        except LeftCompany:
            self.environ["wsgi.input"].seek(0)  # fails when the server has given up
            self.has_left = True

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

    def finish(self) -> None:
        """Tell who waits that the thread's part is done. In the loop."""
        if self.answered.done():
            return  # the server gave up on this request
        if self.error is None:
            self.answered.set_result(None)
        elif isinstance(self.error, StopIteration):  # a future takes none
            self.answered.set_exception(RuntimeError("StopIteration"))
        else:
            self.answered.set_exception(self.error)


def deliver(exchanges: Sequence[Exchange]) -> None:
    """Have the loop of these requests told that they are answered."""

    def finish_all() -> None:
        for exchange in exchanges:
            exchange.finish()

    if not exchanges:
        return
    with contextlib.suppress(RuntimeError):  # the loop has ended
        exchanges[0].loop.call_soon_threadsafe(finish_all)


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
