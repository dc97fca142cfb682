"""The whole application behind a real uvicorn in a thread, and a client for its socket."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from clinic.realtime.registry import SERVER_FRAMES
from tests.cast import Member

PATIENCE_SECONDS = 5


@dataclass(frozen=True)
class LiveServer:
    """Where the application listens."""

    port: int
    server: uvicorn.Server

    def stop(self) -> None:
        """Ask the server to stop, as SIGTERM would."""
        self.server.should_exit = True

    @property
    def http_url(self) -> str:
        """Address of the HTTP door."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        """Address of the socket."""
        return f"ws://127.0.0.1:{self.port}/ws/v1/"


@pytest.fixture(scope="session")
def _usual_port() -> int:
    """A port that was free when this worker began: browsers keep what they have read from it."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def live_server_ws(transactional_db: None, _usual_port: int) -> Iterator[LiveServer]:
    """Serve ``clinic.asgi.application`` against this worker's database."""
    with serving(_usual_port if _is_free(_usual_port) else 0) as server:
        yield server


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@contextmanager
def serving(port: int = 0) -> Iterator[LiveServer]:
    """Serve ``clinic.asgi.application`` on a port, or on a free one."""
    from clinic.asgi import application

    config = uvicorn.Config(
        application, port=port, log_level="error", lifespan="off", ws_max_size=65536, ws="auto"
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.005)
    yield LiveServer(server.servers[0].sockets[0].getsockname()[1], server)
    server.should_exit = server.force_exit = True
    thread.join(PATIENCE_SECONDS)


@dataclass
class Phone:
    """A device of a member: says frames and hears answers; every frame must be documented."""

    link: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, **frame: Any) -> None:
        """Send a frame."""
        await self.link.send(json.dumps(frame, default=str))

    async def hear(self, name: str, **like: Any) -> dict[str, Any]:
        """Return the next frame of a type (with these values); earlier others are kept."""
        for known in self.heard:
            if _is_like(known, name, like):
                self.heard.remove(known)
                return known
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                frame = json.loads(await self.link.recv())
                assert frame["t"] in SERVER_FRAMES, f"undocumented frame {frame}"
                if _is_like(frame, name, like):
                    return dict(frame)
                self.heard.append(frame)

    async def ask(self, **frame: Any) -> dict[str, Any]:
        """Send a frame with an id and return its answer, ok or not."""
        frame.setdefault("id", f"f{time.monotonic_ns()}")
        await self.say(**frame)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                answer = json.loads(await self.link.recv())
                assert answer["t"] in SERVER_FRAMES, f"undocumented frame {answer}"
                if answer.get("id") == frame["id"]:
                    return dict(answer)
                self.heard.append(answer)

    async def hear_any(self) -> dict[str, Any]:
        """Return the next frame, whatever it is, and keep it too."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            frame = json.loads(await self.link.recv())
        assert frame["t"] in SERVER_FRAMES, f"undocumented frame {frame}"
        self.heard.append(frame)
        return dict(frame)

    async def silence(self) -> list[dict[str, Any]]:
        """Return what else has come, after a round trip."""
        await self.ask(t="ping")
        return self.heard

    async def closed(self) -> int:
        """Wait for the server to close and return its code."""
        async with asyncio.timeout(PATIENCE_SECONDS * 2):
            try:
                while True:
                    self.heard.append(json.loads(await self.link.recv()))
            except ConnectionClosed as end:
                return end.rcvd.code if end.rcvd else 1006


def _is_like(frame: dict[str, Any], name: str, like: dict[str, Any]) -> bool:
    return frame["t"] == name and all(frame.get(key) == value for key, value in like.items())


@asynccontextmanager
async def phone(server: LiveServer, member: Member, **options: Any) -> AsyncIterator[Phone]:
    """Open a socket as a member, by his access token."""
    options.setdefault("subprotocols", ["clinic.v1", f"bearer.{member.token}"])
    async with connect(server.socket_url, compression=None, **options) as link:
        device = Phone(link)
        await device.hear("welcome")
        yield device
