"""What `up` holds of the house: it asks for forks, and hears how each of them ends."""

import asyncio
import json
import os
import signal
import socket
import sys
from contextlib import suppress

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.errors import gettext_noop as _
from clinic.embedded.servers import START_SECONDS

CAN_FORK = sys.platform == "linux"  # macOS lets nobody fork who has used its frameworks
MESSAGE_BYTES = 65536
FORK_SECONDS = 10  # a fork takes hundredths of a second; beyond this the house is taken for stuck
TELL_SECONDS = 0.5  # by then a house that lives has told the code of a fork that ended
LOST = -signal.SIGKILL  # the code of a fork whose house could not tell it


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

    def begin(self, pid: int) -> None:
        """Note its number, and see its end also where the house does not tell it."""
        self.pid = pid
        try:
            number = os.pidfd_open(pid)
        except ProcessLookupError:  # the house has waited for it and tells next
            self._over()
            return
        loop = asyncio.get_running_loop()
        loop.add_reader(number, self._seen_to_end, number)
        self._code.add_done_callback(lambda _code: self._close(number))

    def _seen_to_end(self, number: int) -> None:
        asyncio.get_running_loop().remove_reader(number)
        self._over()

    def _over(self) -> None:
        asyncio.get_running_loop().call_later(TELL_SECONDS, self.note_end, LOST)

    def _close(self, number: int) -> None:
        self._code.get_loop().remove_reader(number)
        os.close(number)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if not self._code.done():
            with suppress(ProcessLookupError):
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

    async def loaded(self) -> None:
        """Return once the house is loaded. Raises EmbeddedError when it takes too long."""
        try:
            await asyncio.wait_for(self._loaded.wait(), START_SECONDS)
        except TimeoutError:
            raise EmbeddedError(
                _("The clinic was not loaded within %(seconds)s s: start again."),
                seconds=START_SECONDS,
            ) from None

    async def fork(self, name: str, argv: tuple[str, ...]) -> Forked:
        """Have the house run this command line as a fork of itself; it must be loaded.

        Raises EmbeddedError when the house has ended or does not answer.
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
        try:
            if not self._is_lost:  # nobody answers any more
                await asyncio.wait_for(is_there.wait(), FORK_SECONDS)
        except TimeoutError:
            raise EmbeddedError(
                _("The loaded clinic did not start %(name)s within %(seconds)s s: start again."),
                name=name,
                seconds=FORK_SECONDS,
            ) from None
        except asyncio.CancelledError:
            if forked.pid:  # it came at the very moment in which nobody wanted it any more
                forked.send_signal(signal.SIGKILL)
            raise
        finally:
            self._asked.pop(name, None)
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
            if forked := self._forks.pop(told["pid"], None):
                forked.note_end(told["code"])
        elif "name" in told:
            self._welcome(told["name"], told["pid"])
        else:
            self._loaded.set()

    def _welcome(self, name: str, pid: int) -> None:
        if name not in self._asked:  # nobody waits for it any more
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return
        forked, is_there = self._asked[name]
        forked.begin(pid)
        self._forks[pid] = forked
        is_there.set()

    def _lose(self) -> None:
        """Keep nobody waiting for a house that died."""
        self._is_lost = True
        self._loop.remove_reader(self._line)
        for _nobody, is_over in self._asked.values():
            is_over.set()
