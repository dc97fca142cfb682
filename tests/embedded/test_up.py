"""manage.py up: every failure is one sentence, and nothing is left running afterwards."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from clinic.embedded import checks, children, postgres, redis, supervisor
from clinic.embedded.children import Child, UpOptions
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.lock import read_state, up_lock, write_state
from clinic.embedded.services import ensure_services

NOWHERE = "/nowhere/socket"


@pytest.fixture
def port() -> Iterator[int]:
    """Return a port that is free together with the next one."""
    for number in range(21000, 22000, 2):
        try:
            checks.check_ports("127.0.0.1", number, number + 1)
        except checks.EmbeddedError:
            continue
        yield number
        return


@pytest.fixture
def own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `up` use the servers of the test run by their addresses."""
    connections = ensure_services(Path(settings.DATA_DIR), fast=True)
    monkeypatch.setenv("DATABASE_URL", connections.database_url)
    monkeypatch.setenv("REDIS_URL", connections.redis_url)


def up(port: int, data_dir: Path) -> None:
    call_command("up", port=port, data_dir=data_dir)


def python(name: str, code: str, ready_url: str | None = None) -> Child:
    return Child(name=name, argv=(sys.executable, "-c", code), colour=0, ready_url=ready_url)


def assert_no_child_is_left() -> None:
    """The servers of the test run may be children of this process too, and stay."""
    left = [process.name() for process in psutil.Process().children()]
    assert [name for name in left if name.startswith("python")] == []


def run_instead(monkeypatch: pytest.MonkeyPatch, *replacements: Child) -> None:
    monkeypatch.setattr(supervisor, "children", lambda _options: replacements)
    monkeypatch.setattr(supervisor, "preparation", lambda _options: python("prepare", "print(1)"))


def test_a_taken_port_is_refused_and_a_free_one_suggested(port: int, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", port)), pytest.raises(CommandError) as caught:
        up(port, data_dir)

    assert f"--port {port + 1}" in str(caught.value)


def test_a_taken_simulator_port_is_refused_too(port: int, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", port + 1)), pytest.raises(CommandError) as caught:
        up(port, data_dir)

    assert str(port + 1) in str(caught.value)
    assert f"--port {port + 2}" in str(caught.value)


def test_a_second_start_is_refused_with_pid_and_address(port: int, data_dir: Path) -> None:
    write_state(data_dir, url="http://127.0.0.1:1/", children=[])

    with up_lock(data_dir), pytest.raises(CommandError) as caught:
        up(port, data_dir)

    assert str(psutil.Process().pid) in str(caught.value)
    assert "http://127.0.0.1:1/" in str(caught.value)


def test_a_full_disk_is_refused(port: int, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MIN_FREE_BYTES", 2**60)

    with pytest.raises(CommandError, match="MB"):
        up(port, data_dir)


def test_a_data_folder_that_cannot_be_made_is_refused(port: int, data_dir: Path) -> None:
    (data_dir / "file").write_text("")

    with pytest.raises(CommandError, match="--data-dir"):
        up(port, data_dir / "file" / "inside")


def test_a_port_that_is_none_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "abc")

    with pytest.raises(EmbeddedError) as caught:
        call_command("up", data_dir=data_dir)

    assert "PORT is abc" in str(caught.value)


def test_up_loads_no_room_and_leaves_the_settings_of_what_it_starts() -> None:
    code = """
import manage, os, sys
sys.argv = ["manage.py", "up", "--help"]
try:
    manage.main()
except SystemExit:
    heavy = {"consultations", "celery", "redis", "django.http", "django.db.models"}
    print(os.environ["DJANGO_SETTINGS_MODULE"], "loaded:", *sorted(heavy & sys.modules.keys()))
"""

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=children.CHECKOUT, capture_output=True, check=True
    )

    told = done.stdout.decode()
    assert "--web-workers" in told
    assert told.splitlines()[-1] == f"{settings.SETTINGS_MODULE} loaded:"


def test_children_give_large_pieces_of_memory_back_unless_told_otherwise(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "5")
    options = children.UpOptions(
        data_dir=data_dir,
        host=children.LOCAL_HOST,
        port=1,
        sim_port=2,
        has_demo=False,
        web_workers=1,
        worker_threads=1,
    )

    told = {name: value for name, value in options.environment.items() if "MALLOC_" in name}

    assert told == {"MALLOC_TRIM_THRESHOLD_": "5", "MALLOC_MMAP_THRESHOLD_": str(2**20)}


def test_an_unreachable_database_is_named_without_its_password(
    port: int, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user:hush-hush@127.0.0.1:1/clinic")

    with pytest.raises(CommandError, match="DATABASE_URL") as caught:
        up(port, data_dir)

    assert "127.0.0.1:1" in str(caught.value)
    assert "hush" not in str(caught.value)


def test_an_unreachable_redis_is_named(
    port: int, data_dir: Path, monkeypatch: pytest.MonkeyPatch, own_servers: None
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:hush-hush@127.0.0.1:1/0")

    with pytest.raises(CommandError, match="REDIS_URL") as caught:
        up(port, data_dir)

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(("server", "variable"), [(postgres, "DATABASE"), (redis, "REDIS")])
def test_a_missing_wheel_is_named_with_the_ways_out(
    port: int,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: object,
    variable: str,
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setattr(server, "WHEEL", "a_wheel_nobody_has")
    monkeypatch.setattr(redis, "ON_PATH", ())

    with pytest.raises(CommandError, match=f"requirements.txt.*{variable}_URL"):
        up(port, data_dir)

    assert not redis.is_ready(data_dir)


def test_the_end_of_one_process_at_the_start_stops_everything(
    port: int, data_dir: Path, monkeypatch: pytest.MonkeyPatch, own_servers: None
) -> None:
    run_instead(
        monkeypatch,
        python("web", "import time; time.sleep(60)", ready_url=f"http://127.0.0.1:{port}/"),
        python("beat", "import sys; sys.exit(7)"),
    )

    with pytest.raises(CommandError, match=r"beat.*7"):
        up(port, data_dir)

    state = read_state(data_dir)
    assert state is not None
    assert state.children == ()
    assert_no_child_is_left()


def test_a_failed_preparation_starts_nothing(
    port: int,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    own_servers: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_instead(monkeypatch, python("web", "print('never')"))
    failing = python("prepare", "import sys; sys.exit('bad migration')")
    monkeypatch.setattr(supervisor, "preparation", lambda _options: failing)

    with pytest.raises(CommandError, match=r"prepare.*1"):
        up(port, data_dir)

    output = capsys.readouterr().out
    assert "prepare   | bad migration" in output
    assert "never" not in output


def test_ctrl_c_ends_a_ready_clinic_without_error(
    port: int,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    own_servers: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    logins = [{"role": "doctor", "name": "李医生", "phone": "13800000001", "password": "pass-word"}]
    (data_dir / "demo_logins.json").write_text(json.dumps(logins))
    # The page below is asked for readiness; right after it the terminal's Ctrl-C comes.
    page = f"""
import http.server, os, signal, threading
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        threading.Timer(0.5, os.kill, (os.getppid(), signal.SIGINT)).start()
http.server.HTTPServer(("127.0.0.1", {port}), Page).serve_forever()
"""
    run_instead(monkeypatch, python("web", page, ready_url=f"http://127.0.0.1:{port}/health/ready"))

    up(port, data_dir)

    output = capsys.readouterr().out
    assert f"http://127.0.0.1:{port}/admin/" in output
    assert "13800000001" in output
    assert "pass-word" in output
    assert_no_child_is_left()


def test_children_get_the_chosen_folder_and_ports(data_dir: Path) -> None:
    options = UpOptions(
        data_dir=data_dir,
        host="0.0.0.0",  # noqa: S104  only formatted
        port=9000,
        sim_port=9100,
        has_demo=False,
        web_workers=2,
        worker_threads=3,
    )

    declared = {child.name: child for child in children.children(options)}

    assert list(declared) == ["simulator", "web", "worker", "beat", "relay"]
    assert options.environment["DATA_DIR"] == str(data_dir)
    assert (options.environment["PORT"], options.environment["SIM_PORT"]) == ("9000", "9100")
    assert declared["web"].ready_url == "http://127.0.0.1:9000/health/ready"
    assert "--no-access-log" in declared["web"].argv
    web = declared["web"].argv
    assert web[web.index("--workers") + 1] == "2"
    assert options.environment["PROMETHEUS_MULTIPROC_DIR"] == str(data_dir / "metrics")
    alone = replace(options, web_workers=1)
    assert "PROMETHEUS_MULTIPROC_DIR" not in alone.environment
    assert "--demo" not in children.preparation(options).argv
