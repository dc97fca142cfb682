"""A stop is over in time, whatever is stuck, and what ends by itself comes again, ever later."""

import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from clinic.embedded import patience, revival, running
from clinic.embedded.patience import Patience
from clinic.embedded.running import Running
from tests.embedded.test_up import (
    assert_no_child_is_left,
    own_servers,
    port,
    python,
    run_instead,
    up,
)

__all__ = ["own_servers", "port"]
DEAF = "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


def test_what_does_not_answer_is_killed_and_named(
    port: int,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    own_servers: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    me = psutil.Process().pid
    run_instead(
        monkeypatch,
        python("relay", "import signal; signal.pause()"),
        python(
            "beat", f"{DEAF}; os.kill({me}, signal.SIGINT); os.kill(os.getpid(), signal.SIGSTOP)"
        ),
    )
    monkeypatch.setattr(running, "STOP_SECONDS", 0.6)

    up(port, data_dir)

    assert re.findall(r"up +\| .*(beat|relay).*0.6", capsys.readouterr().out) == ["beat"]
    assert_no_child_is_left()


def test_what_the_system_holds_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(running, "STOP_SECONDS", 0.01)
    monkeypatch.setattr(running, "KILL_SECONDS", 0.01)

    async def stop() -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "import signal; signal.pause()", start_new_session=True
        )
        monkeypatch.setattr(running.os, "killpg", lambda _group, _number: None)
        await Running(name="beat", process=process).stopped(said.append)
        process.kill()
        await process.wait()

    asyncio.run(stop())

    assert len(said) == 2
    assert all("beat" in sentence for sentence in said)


def test_the_last_resort_kills_all_and_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    is_over = threading.Event()
    monkeypatch.setattr(patience, "LONGEST_STOP_SECONDS", 0.01)
    monkeypatch.setattr(os, "_exit", lambda code: (done.append(f"exit {code}"), is_over.set()))

    Patience(lambda: done.append("killed")).begin()

    assert is_over.wait(5)
    assert done == ["killed", "exit 1"]
    assert "0.01" in capsys.readouterr().err


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[float]], list[float]]:
    """Return a function that lets a process live so many seconds each time: the pauses between."""

    def observe(lives: list[float]) -> list[float]:
        clock, found = [0.0], []

        class Dying:
            async def ended(self) -> None:
                clock[0] += lives.pop(0)

            def kill(self) -> None:
                """There is nobody."""

        async def start(_ended: Any) -> Any:
            if not lives:
                raise asyncio.CancelledError
            return Dying()

        async def sleep(seconds: float) -> None:
            found.append(seconds)

        monkeypatch.setattr(revival.time, "monotonic", lambda: clock[0])
        monkeypatch.setattr(revival.asyncio, "sleep", sleep)
        dying: Any = Dying()
        coroutine = revival.keep_alive(dying, tell=lambda _ended, _pause: None, start=start)
        with pytest.raises(asyncio.CancelledError):
            coroutine.send(None)
        return found

    return observe


def test_the_pause_grows_up_to_a_minute_and_is_short_again_after_a_good_while(
    pauses: Callable[[list[float]], list[float]],
) -> None:
    assert pauses([0.0] * 8) == [1, 2, 4, 8, 16, 32, 60, 60]
    assert pauses([0.0, 0.0, 61.0, 0.0]) == [1, 2, 1, 2]
