"""One port for both kinds of caller: plain HTTP, and TLS that demands the client's certificate."""

import asyncio
import socket
import ssl
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import uvicorn

from clinic.embedded.simulator.keys import GatewayKeys

_TLS_HANDSHAKE = b"\x16"  # the first byte of a TLS connection; no HTTP method begins with it
_PATIENCE_SECONDS = 30.0


def tls_context(keys: GatewayKeys) -> ssl.SSLContext:
    """Return the side of the server; a client without its certificate gets no connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys.tls_server_path)
    context.load_verify_locations(keys.tls_ca_path)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class DoorServer(uvicorn.Server):
    """Looks at the first byte of a connection, without taking it, and opens the right door."""

    def __init__(self, config: uvicorn.Config, context: ssl.SSLContext) -> None:
        """Keep the context of secured connections."""
        super().__init__(config)
        self._context = context
        self._tasks: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then accept on each socket."""
        await super().startup(sockets=[])
        for sock in sockets or []:
            sock.setblocking(False)
            self._begin(self._accept(sock))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, then end as usual."""
        for task in self._tasks:
            task.cancel()
        await super().shutdown(sockets)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _address = await loop.sock_accept(sock)
            self._begin(self._open(connection))

    async def _open(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            first = await asyncio.wait_for(_peek(connection), _PATIENCE_SECONDS)
        except (TimeoutError, OSError, asyncio.CancelledError):
            connection.close()
            return
        context = self._context if first == _TLS_HANDSHAKE else None
        with suppress(OSError):  # a handshake without the certificate: the caller knows why
            loop = asyncio.get_running_loop()
            await loop.connect_accepted_socket(self._protocol, connection, ssl=context)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
            _loop=asyncio.get_running_loop(),
        )
        return made


async def _peek(connection: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    is_readable = loop.create_future()
    loop.add_reader(connection, _settle, is_readable)
    try:
        await is_readable
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
