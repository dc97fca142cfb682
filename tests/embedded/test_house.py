"""Processes of `up` as forks of one: each has a name, a session and an end of its own."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError

from clinic.embedded import forks, redis, revival, running, supervisor
from clinic.embedded.children import Child
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.files import locked
from clinic.embedded.forks import CAN_FORK, House
from clinic.embedded.paths import CHECKOUT
from clinic.embedded.processes import is_alive
from tests.embedded.test_up import own_servers, port, python, up

__all__ = ["own_servers", "port"]
pytestmark = pytest.mark.skipif(not CAN_FORK, reason="there each process loads for itself")
# The house without its rooms, whose loading takes seconds.
EMPTY_HOUSE = "from clinic.embedded import house; house.load = lambda: None; house.main()"
WHO = """
import os, signal, sys
from pathlib import Path
name = Path("/proc/self/comm").read_text().strip()
held = [os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
is_free = not any("anon_inode" in path for path in held)
print(name, os.getpid(), is_free and os.getpid() == os.getsid(0), sys.argv[1:], flush=True)
"""

Fork = Callable[[str, str], Child]


@pytest.fixture
def fork(own_servers: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fork:
    """Return a function that makes a child out of a few lines, which `up` will run."""
    children: list[Child] = []
    monkeypatch.setattr(supervisor, "children", lambda _options: tuple(children))
    monkeypatch.setattr(supervisor, "preparation", lambda _options: python("prepare", ""))
    argv = (sys.executable, "-c", EMPTY_HOUSE)
    monkeypatch.setattr(
        supervisor, "house", lambda number: Child(name="house", argv=(*argv, str(number)), colour=0)
    )

    def declare(name: str, code: str) -> Child:
        program = tmp_path / f"{name}.py"
        program.write_text(WHO + code)
        argv = (sys.executable, "-W", "ignore:words", str(program), "--option")
        child = Child(name=name, argv=argv, colour=0, is_forked=True)
        children.append(child)
        return child

    return declare


def told(output: str, name: str) -> tuple[str, int, str]:
    """Return what the process of this name said of itself: its name, its number, the rest."""
    line = next(line for line in output.splitlines() if line.startswith(f"{name} "))
    shown, pid, rest = line.partition("| ")[2].split(" ", 2)
    return shown, int(pid), rest


def is_left(pid: int) -> bool:
    return psutil.pid_exists(pid) and is_alive(psutil.Process(pid))


def test_forks_have_a_name_and_a_session_and_end_with_ctrl_c(
    fork: Fork, port: int, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    me = psutil.Process().pid
    fork("beat", "signal.pause()")
    fork("web", f"os.kill({me}, signal.SIGINT); signal.pause()")

    up(port, data_dir)

    shown, pid, rest = told(capsys.readouterr().out, "web")
    assert (shown, rest) == ("clinic-web", "True ['--option']")
    assert not is_left(pid)


def test_a_fork_that_ends_is_told_by_its_name_and_code_and_comes_again(
    fork: Fork,
    port: int,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    me = psutil.Process().pid
    died = data_dir / "died"
    fork("web", "signal.pause()")
    once = f"died = Path('{died}')\nif not died.exists(): died.touch(); sys.exit(7)\n"
    fork("beat", f"{once}os.kill({me}, signal.SIGINT); signal.pause()")
    monkeypatch.setattr(revival, "FIRST_PAUSE_SECONDS", 0.05)

    up(port, data_dir)

    output = capsys.readouterr().out
    assert re.search(r"up +\| .*beat.*\b7\b", output)
    assert not is_left(told(output, "web")[1])


def test_without_its_house_no_fork_is_left(
    fork: Fork, port: int, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fork("web", "os.kill(os.getppid(), signal.SIGKILL); signal.pause()")

    with pytest.raises(CommandError, match=r"house.*-9"):
        up(port, data_dir)

    assert not is_left(told(capsys.readouterr().out, "web")[1])


def test_a_stuck_house_is_killed_and_no_fork_is_left(
    fork: Fork,
    port: int,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    me = psutil.Process().pid
    stop = f"os.kill(os.getppid(), signal.SIGSTOP); os.kill({me}, signal.SIGINT)"
    fork("web", f"print('house', os.getppid(), 'x', flush=True); {stop}; signal.pause()")
    monkeypatch.setattr(running, "STOP_SECONDS", 0.8)

    up(port, data_dir)

    output = capsys.readouterr().out
    assert re.search(r"up +\| .*house.*0.8", output)
    house = int(next(line for line in output.splitlines() if "| house" in line).split()[-2])
    assert not is_left(house)
    assert not is_left(told(output, "web")[1])


def test_a_house_that_does_not_fork_is_not_waited_for(
    fork: Fork, port: int, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork("web", "")
    deaf = "import os, signal, socket, sys; line = socket.socket(fileno=int(sys.argv[1]))"
    code = f"{deaf}; line.send(b'{{}}'); signal.pause()"
    monkeypatch.setattr(
        supervisor,
        "house",
        lambda number: Child(
            name="house", argv=(sys.executable, "-c", code, str(number)), colour=0
        ),
    )
    monkeypatch.setattr(forks, "FORK_SECONDS", 0.2)

    with pytest.raises(CommandError, match=r"(?=.*\bweb\b)(?=.*\b0.2\b)"):
        up(port, data_dir)


def test_ctrl_c_ends_the_wait_for_servers_that_another_starts(
    fork: Fork, port: int, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork("web", "")
    code = f"import os, signal; os.kill({psutil.Process().pid}, signal.SIGINT); signal.pause()"
    monkeypatch.setattr(supervisor, "house", lambda _number: python("house", code))

    with locked(data_dir / "services.lock"):
        up(port, data_dir)


def test_a_house_that_cannot_load_is_named_and_no_server_is_blamed(
    fork: Fork, port: int, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork("web", "")
    broken = Child(name="house", argv=(sys.executable, "-c", "raise SystemExit(1)"), colour=0)
    monkeypatch.setattr(supervisor, "house", lambda _number: broken)
    monkeypatch.delenv("REDIS_URL")
    prepare = redis.prepare
    monkeypatch.setattr(
        redis, "prepare", lambda folder: replace(prepare(folder), is_ready=lambda: False)
    )

    with pytest.raises(CommandError, match=r"house.*1"):
        up(port, data_dir)


def test_a_lost_house_refuses_forks_now_and_later() -> None:
    async def ask_twice() -> None:
        house = House()
        house.far_end.close()
        for name in ("web", "beat"):
            with pytest.raises(EmbeddedError, match=name):
                await asyncio.wait_for(house.fork(name, ("python",)), 5)

    asyncio.run(ask_twice())


def test_the_loaded_house_has_no_thread_no_connection_and_nothing_left_to_set_up() -> None:
    code = """
import django, logging.config, threading, psutil
from clinic.embedded import house
house.load()
print(threading.active_count(), psutil.Process().net_connections("all"))
logging.config.dictConfig = None
django.setup()
from clinic.celery import app
print(django.apps.apps.ready, app.finalized)
"""

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, check=True, text=True
    )

    assert done.stdout == "1 []\nTrue True\n"
