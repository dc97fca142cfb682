"""Where files and sockets are, and who may reach them."""

import tempfile
from pathlib import Path

import pytest

from clinic.embedded import paths, servers
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.servers import Owner, can_traverse, reachable, servers_home

STRANGER = Owner(65534, 65534)


def test_data_folder_is_in_the_checkout_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR")
    assert paths.data_dir() == paths.CHECKOUT / ".data"

    monkeypatch.setenv("DATA_DIR", "/somewhere/else")
    assert paths.data_dir() == Path("/somewhere/else")


@pytest.mark.parametrize("words", [["--data-dir", "/a/b"], ["--data-dir=/a/b"]])
def test_data_folder_of_the_command_line_reaches_the_settings(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", "/before")

    paths.adopt_data_dir(["manage.py", "up", *words, "--no-demo"])

    assert paths.data_dir() == Path("/a/b")


@pytest.mark.parametrize("value", ["abc", "0", "70000", "-1", "80 80"])
def test_a_port_that_is_none_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PORT", value)

    with pytest.raises(EmbeddedError, match="PORT"):
        paths.environment_port("PORT", 8000)


@pytest.mark.parametrize(("value", "port"), [("", 8000), ("9000", 9000)])
def test_an_empty_port_means_the_default(
    monkeypatch: pytest.MonkeyPatch, value: str, port: int
) -> None:
    monkeypatch.setenv("PORT", value)

    assert paths.environment_port("PORT", 8000) == port


def test_each_data_folder_has_its_own_short_socket_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths.tempfile, "gettempdir", lambda: "/var/folders/" + "x" * 90 + "/T")

    one, other = (paths.socket_dir(Path(name)) for name in ("/clinic/one", "/clinic/other"))

    assert one != other
    assert len(str(one / ".s.PGSQL.5432")) <= 103


def test_addresses_name_the_sockets() -> None:
    folder = Path("/clinic/one")
    socket = paths.redis_socket(folder)

    assert paths.redis_url(folder, db=2) == f"unix://{socket}?db=2"
    assert paths.celery_redis_url(folder, db=1) == f"redis+socket://{socket}?virtual_host=1"
    assert paths.database_settings(folder)["HOST"] == str(socket.parent)


def test_a_closed_folder_on_the_way_stops_the_servers_user() -> None:
    with tempfile.TemporaryDirectory() as place:  # pytest closes its own folders to others
        way = Path(place) / "closed" / "inside"
        way.mkdir(parents=True)
        for folder in (way, way.parent, Path(place)):
            folder.chmod(0o755)
        assert can_traverse(way, STRANGER)

        way.parent.chmod(0o700)

        assert not can_traverse(way, STRANGER)


def test_servers_live_outside_a_closed_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(servers, "SHARED_STATE", tmp_path / "state")

    home = servers_home(tmp_path, STRANGER)

    assert home.parent == tmp_path / "state"
    assert servers_home(tmp_path, STRANGER) == home
    assert (tmp_path / "servers").is_symlink()


def test_a_new_data_folder_does_not_find_the_rows_of_an_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(servers, "SHARED_STATE", tmp_path / "state")
    before = servers_home(tmp_path, STRANGER)

    (tmp_path / "servers").unlink()

    assert servers_home(tmp_path, STRANGER) != before


def test_programs_in_a_closed_environment_are_copied_once_and_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    program = tmp_path / "package" / "bin" / "program"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    parts = ("package/bin",)

    copy = reachable(tmp_path, parts, tmp_path, STRANGER)

    assert copy != tmp_path
    assert (copy / "package" / "bin" / "program").stat().st_mode & 0o777 == 0o755
    assert (copy / "package" / "bin").stat().st_mode & 0o055 == 0o055
    assert reachable(tmp_path, parts, tmp_path, STRANGER) == copy
    assert reachable(tmp_path, parts, tmp_path, None) == tmp_path
