"""What `up` holds of the house: it asks for forks, and hears how each of them ends."""

import asyncio
import json
import os
import signal
import socket
import sys
from contextlib import suppress

import psutil

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.processes import is_alive

CAN_FORK = sys.platform == "linux"  # macOS lets nobody fork who has used its frameworks
MESSAGE_BYTES = 65536
LOST = -signal.SIGKILL  # the code of a fork whose house died before it
POLL_SECONDS = 0.05


class Forked:
    """A fork, with as much of asyncio's process as the supervisor uses."""

    def __init__(self) -> None:
        self.pid = 0  # until the house has answered
        self.stdout = asyncio.StreamReader()
        self._code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def returncode(self) -> int | None:
        """Return the code it ended with, None while it lives."""
        return self._code.result() if self._code.done() else None

    async def wait(self) -> int:
        """Return the code it ended with, once it has."""
        return await asyncio.shield(self._code)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if not self._code.done():
            os.kill(self.pid, number)

    def note_end(self, code: int) -> None:
        """Note the code it ended with; the first one counts."""
        if not self._code.done():
            self._code.set_result(code)


class House:
    """The line to the house. Made before it starts; ``far_end`` is what it inherits."""

    def __init__(self) -> None:
        self._line, self.far_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._line, self._hear)
        self._loaded = asyncio.Event()
        self._is_lost = False
        self._asked: dict[str, tuple[Forked, asyncio.Event]] = {}
        self._forks: dict[int, Forked] = {}
        self._watches: set[asyncio.Task[None]] = set()

    async def loaded(self) -> None:
        """Return once the house is loaded."""
        await self._loaded.wait()

    async def fork(self, name: str, argv: tuple[str, ...]) -> Forked:
        """Have the house run this command line as a fork of itself; it must be loaded.

        Raises EmbeddedError when the house has ended.
        """
        forked, is_there = Forked(), asyncio.Event()
        self._asked[name] = forked, is_there
        output, pipe = os.pipe()
        request = json.dumps({"name": name, "argv": argv}).encode()
        with suppress(ConnectionError):  # the end of the house is heard below
            socket.send_fds(self._line, [request], [pipe])
        os.close(pipe)
        await self._loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(forked.stdout), os.fdopen(output, "rb")
        )
        if not self._is_lost:  # nobody answers any more
            await is_there.wait()
        if not forked.pid:
            raise EmbeddedError(
                _("The loaded clinic ended before %(name)s began: its lines above say why."),
                name=name,
            )
        return forked

    def _hear(self) -> None:
        try:
            message = self._line.recv(MESSAGE_BYTES)
        except ConnectionError:
            message = b""
        if not message:
            self._lose()
            return
        told = json.loads(message)
        if "code" in told:
            self._forks.pop(told["pid"]).note_end(told["code"])
        elif "name" in told:
            forked, is_there = self._asked.pop(told["name"])
            forked.pid = told["pid"]
            self._forks[forked.pid] = forked
            is_there.set()
        else:
            self._loaded.set()

    def _lose(self) -> None:
        """Look after the forks of a house that died, since nobody tells of them any more."""
        self._is_lost = True
        self._loop.remove_reader(self._line)
        for _nobody, is_over in self._asked.values():
            is_over.set()
        self._watches |= {self._loop.create_task(_watch(one)) for one in self._forks.values()}


async def _watch(forked: Forked) -> None:
    try:
        process = psutil.Process(forked.pid)
        while is_alive(process):  # noqa: ASYNC110 nobody tells of another's child
            await asyncio.sleep(POLL_SECONDS)
    except psutil.NoSuchProcess:
        pass
    forked.note_end(LOST)
