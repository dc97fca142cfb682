"""One started process under the supervisor: its start, its output, its readiness, its end."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

from django.utils.translation import gettext

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.forks import Forked
from clinic.embedded.servers import START_SECONDS, Server

# uvicorn and Celery finish what they have begun; a person waits about this long.
STOP_SECONDS = 8
KILL_SECONDS = 3  # the system itself may hold a process that waits for a disk
POLL_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Running:
    """A living process and the task that copies its output."""

    name: str
    process: asyncio.subprocess.Process | Forked
    stop_signal: signal.Signals = signal.SIGTERM
    output: asyncio.Task[None] | None = None

    async def ended(self) -> "Running":
        """Return itself once the process has ended and its last output is shown."""
        await self.process.wait()
        if self.output:
            # A grandchild may hold the pipe open: the last words get a moment, not for ever.
            await asyncio.wait([self.output], timeout=0.5)
        return self

    def ask_to_stop(self) -> None:
        """Send the process its stop signal, when it still runs."""
        if self.process.returncode is None:
            self.process.send_signal(self.stop_signal)

    async def stopped(self, tell: Callable[[str], None]) -> None:
        """Return when the process has ended; a stuck one is killed with its whole group, and told.

        Takes no longer than ``STOP_SECONDS + KILL_SECONDS`` and a little.
        """
        if not await self._ends_within(STOP_SECONDS):
            fields = {"name": self.name, "pid": self.process.pid, "seconds": STOP_SECONDS}
            tell(gettext("%(name)s did not end within %(seconds)s s: it is killed") % fields)
            self.kill()
            if not await self._ends_within(KILL_SECONDS):
                tell(gettext("%(name)s (pid %(pid)s) cannot be killed: it is left behind") % fields)
        if self.output:
            await asyncio.wait([self.output], timeout=0.5)
            self.output.cancel()

    async def _ends_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.process.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def death(self) -> EmbeddedError:
        """Return the error for a process that ended by itself."""
        return EmbeddedError(
            _(
                "%(name)s ended with code %(code)s, so everything was stopped: its last lines "
                "above say why; correct that and start again."
            ),
            name=self.name,
            code=self.process.returncode,
        )

    def kill(self) -> None:
        """End the process and its group at once."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


async def spawn(
    name: str,
    argv: tuple[str, ...],
    stdout: int | IO[bytes],
    stderr: int | IO[bytes],
    options: dict[str, Any],
) -> asyncio.subprocess.Process:
    """Start a program. Raises EmbeddedError when it cannot be started."""
    try:
        return await asyncio.create_subprocess_exec(*argv, stdout=stdout, stderr=stderr, **options)
    except OSError as error:
        raise EmbeddedError(
            _("%(name)s could not be started (%(reason)s): check %(program)s."),
            name=name,
            reason=error.strerror,
            program=argv[0],
        ) from error


async def until_ready(server: Server) -> None:
    """Return once the server answers. Raises EmbeddedError when it never does."""
    deadline = time.monotonic() + START_SECONDS
    while not await asyncio.to_thread(server.is_ready):
        if time.monotonic() > deadline:
            raise server.slowness()
        await asyncio.sleep(POLL_SECONDS)


async def copy_lines(stream: asyncio.StreamReader, show: Callable[[str], None]) -> None:
    """Show each line of the stream as it comes; the last may lack its end."""
    rest = b""
    while chunk := await stream.read(65536):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            show(line.decode(errors="replace").rstrip("\r"))
    if rest:
        show(rest.decode(errors="replace"))


async def wait_for_answer(name: str, url: str) -> None:
    """Return once the address answers below 500. Raises EmbeddedError when it never does."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while not await _answers(url):
        if asyncio.get_running_loop().time() > deadline:
            raise EmbeddedError(
                _("%(name)s did not get ready within %(seconds)s s: its lines above say why."),
                name=name,
                seconds=START_SECONDS,
            )
        await asyncio.sleep(POLL_SECONDS)


async def _answers(url: str) -> bool:
    try:
        async with asyncio.timeout(5):
            status = await _status(url)
    except (OSError, TimeoutError, ValueError, IndexError):
        return False
    return status < 500


async def _status(url: str) -> int:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        request = f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        writer.write(f"{request}Connection: close\r\n\r\n".encode())
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()
