"""Starts the clinic in order, watches it, and stops it in the opposite order."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from clinic.embedded import checks, postgres, redis, services
from clinic.embedded.children import Child, UpOptions, children, house, preparation
from clinic.embedded.console import Console
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.files import lock_at_once, make_data_dir
from clinic.embedded.forks import CAN_FORK, Forked, House
from clinic.embedded.lock import read_state, up_lock, write_state
from clinic.embedded.paths import CHECKOUT
from clinic.embedded.patience import Patience
from clinic.embedded.processes import ProcessRecord, stop_processes, survivors
from clinic.embedded.revival import keep_alive
from clinic.embedded.running import (
    POLL_SECONDS,
    Running,
    copy_lines,
    spawn,
    until_ready,
    wait_for_answer,
)
from clinic.embedded.servers import Server

T = TypeVar("T")
Process = asyncio.subprocess.Process | Forked


class StopRequestedError(Exception):
    """A person asked to stop while the clinic was still starting."""


def run_clinic(options: UpOptions, console: Console) -> None:
    """Run the clinic until Ctrl-C or SIGTERM; afterwards no process of it is left.

    Raises EmbeddedError when it cannot start, or when a server or the house ends by itself.
    """
    make_data_dir(options.data_dir)
    with up_lock(options.data_dir):
        clear_remains(options.data_dir, console)
        write_state(options.data_dir, url=options.url, children=[])
        checks.check_ports(options.host, options.port, options.sim_port)
        checks.check_disk(options.data_dir)
        supervisor = Supervisor(options, console)
        try:
            asyncio.run(supervisor.run())
        finally:
            supervisor.patience.call_off()


def clear_remains(data_dir: Path, console: Console) -> None:
    """Stop what a killed `up` left running. The lock of the data folder must be held."""
    state = read_state(data_dir)
    remains = survivors(state.children, data_dir) if state else []
    if remains:
        console.line(
            "up", _("stopping %(count)s processes of a killed run") % {"count": len(remains)}
        )
        stop_processes(remains)


class Supervisor:
    """The processes of one run. Servers first, then the database, then everything else."""

    def __init__(self, options: UpOptions, console: Console) -> None:
        self._options = options
        self._console = console
        self._servers: list[Running] = []
        self._children: list[Running] = []
        self._house: House | None = None
        self._records: list[ProcessRecord] = []
        self._stop = asyncio.Event()
        self.patience = Patience(self._kill_all)

    async def run(self) -> None:
        """Start, watch and stop everything; returns when a person asked to stop."""
        with self._signals():
            try:
                await self._start()
                await self._watch()
            except StopRequestedError:
                pass
            finally:
                self.patience.begin()
                await self._stop_all()

    async def _start(self) -> None:
        begin = time.monotonic()
        self._forget_metrics()
        declared = children(self._options)
        if CAN_FORK and any(child.is_forked for child in declared):
            await self._start_house()  # it loads while the servers start
        # A test run or a single command may be about to start the same servers.
        with (self._options.data_dir / "services.lock").open("a") as lock:
            await self._unless_ended(_until(lambda: lock_at_once(lock)))
            await self._start_servers()
        if self._house:
            await self._unless_ended(self._house.loaded())
        await self._run_to_end(preparation(self._options))
        for child in declared:
            self._children.append(await self._spawn_child(child))
        answers = [wait_for_answer(c.name, c.ready_url) for c in declared if c.ready_url]
        await self._unless_ended(asyncio.gather(*answers))
        self._console.ready(self._options, time.monotonic() - begin)

    def _forget_metrics(self) -> None:
        """Begin with an empty folder: figures of processes that ended are nobody's."""
        shutil.rmtree(self._options.metrics_dir, ignore_errors=True)
        self._options.metrics_dir.mkdir()

    async def _start_house(self) -> None:
        self._house = House()
        with self._house.far_end as far_end:
            number = far_end.fileno()
            running = await self._spawn_child(house(number), pass_fds=(number,))
        self._servers.append(running)  # ends after its forks

    async def _start_servers(self) -> None:
        data_dir = self._options.data_dir
        if services.has_own_database():
            await self._thread(lambda: checks.check_database(os.environ["DATABASE_URL"]))
        if services.has_own_redis():
            await self._thread(lambda: checks.check_redis(os.environ["REDIS_URL"]))
        else:
            await self._start_server(lambda: redis.prepare(data_dir))
        if not services.has_own_database():
            await self._start_server(lambda: postgres.prepare(data_dir))
            await self._thread(lambda: postgres.ensure_database(data_dir))

    async def _start_server(self, prepare: Callable[[], Server]) -> None:
        begin = time.monotonic()
        server = await self._thread(prepare)
        running = await self._spawn_server(server)
        self._servers.append(running)
        try:
            await self._unless_ended(until_ready(server))
        except EmbeddedError:
            if (code := running.process.returncode) is None:
                raise  # it is slow, or another process ended
            raise server.death(code) from None
        text = _("%(name)s ready in %(seconds).1f s")
        fields = {"name": server.name, "seconds": time.monotonic() - begin}
        self._console.line("up", text % fields)

    async def _spawn_server(self, server: Server) -> Running:
        with server.open_log() as log:
            process = await spawn(server.name, server.argv, log, log, server.options())
        return Running(name=server.name, process=process, stop_signal=server.stop_signal)

    async def _spawn_child(self, child: Child, pass_fds: tuple[int, ...] = ()) -> Running:
        process: Process
        if child.is_forked and self._house:
            process = await self._house.fork(child.name, child.argv)
        else:
            process = await self._spawn_program(child, pass_fds)
        others = [record for record in self._records if record.name != child.name]
        self._records = [*others, ProcessRecord.of(child.name, process.pid)]
        write_state(self._options.data_dir, url=self._options.url, children=self._records)
        output = asyncio.create_task(self._copy_output(child, process))
        return Running(name=child.name, process=process, output=output)

    async def _spawn_program(
        self, child: Child, pass_fds: tuple[int, ...]
    ) -> asyncio.subprocess.Process:
        options = {
            "cwd": CHECKOUT,
            "env": self._options.environment,
            "stdin": subprocess.DEVNULL,
            # The terminal's Ctrl-C reaches the supervisor alone, which knows the order.
            "start_new_session": True,
            "pass_fds": pass_fds,
        }
        return await spawn(child.name, child.argv, subprocess.PIPE, subprocess.STDOUT, options)

    async def _copy_output(self, child: Child, process: Process) -> None:
        if process.stdout:
            await copy_lines(
                process.stdout, lambda line: self._console.line(child.name, line, child.colour)
            )

    async def _run_to_end(self, child: Child) -> None:
        """Run a process that must end well before the others may start."""
        running = await self._spawn_child(child)
        try:
            await self._unless_ended(running.ended())
        except StopRequestedError:
            running.ask_to_stop()
            await running.stopped(self._say)
            raise
        if running.process.returncode:
            raise running.death()

    async def _watch(self) -> None:
        """Keep the children alive until a person asks to stop, or what they need has ended."""
        declared = {child.name: child for child in children(self._options)}

        async def start(ended: Running) -> Running:
            running = await self._spawn_child(declared[ended.name])
            self._children[self._children.index(ended)] = running
            return running

        keepers = [
            keep_alive(running, tell=self._tell_revival, start=start) for running in self._children
        ]
        await self._unless_ended(asyncio.gather(*keepers), of=self._servers)

    def _tell_revival(self, ended: Running, pause: float) -> None:
        text = _("%(name)s ended with code %(code)s: it is started anew in %(seconds)d s")
        fields = {"name": ended.name, "code": ended.process.returncode, "seconds": pause}
        self._say(text % fields)

    async def _thread(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)

    async def _unless_ended(self, work: Awaitable[object], of: list[Running] | None = None) -> None:
        """Wait for the work. Raises when a process ends or a person asks to stop before that."""
        watching = self._running() if of is None else of
        work_task = asyncio.ensure_future(work)
        stop_task = asyncio.create_task(self._stop.wait())
        ends = [asyncio.create_task(running.ended()) for running in watching]
        watched: list[asyncio.Future[object]] = [work_task, stop_task, *ends]  # type: ignore[list-item]
        try:
            await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            if self._stop.is_set():
                raise StopRequestedError
            for end in ends:
                if end.done():
                    raise end.result().death()
            work_task.result()
        finally:
            for task in watched:
                task.cancel()
            await asyncio.gather(*watched, return_exceptions=True)

    def _running(self) -> list[Running]:
        return [*self._servers, *self._children]

    async def _stop_all(self) -> None:
        if not self._running():
            return
        self._say(_("stopping"))
        for together in (self._children[::-1], self._servers):
            for running in together:
                running.ask_to_stop()
            await asyncio.gather(*(running.stopped(self._say) for running in together))
        write_state(self._options.data_dir, url=self._options.url, children=[])
        self._say(_("stopped"))

    def _kill_all(self) -> None:
        """End every process at once, and ask nobody."""
        for pid in {one.process.pid for one in self._running()} | {r.pid for r in self._records}:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def _say(self, text: str) -> None:
        self._console.line("up", text)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        for number in numbers:
            loop.add_signal_handler(number, self._on_signal)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    def _on_signal(self) -> None:
        self.patience.begin()
        if self._stop.is_set():
            # Asked twice: no more patience with the clinic's own processes, but PostgreSQL
            # still gets its clean end.
            for running in self._children:
                running.kill()
        self._stop.set()


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 nobody tells of another's lock
        await asyncio.sleep(POLL_SECONDS)
