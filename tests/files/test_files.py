"""Uploading and reading files over HTTP; sweeping and scanning behind it."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.core.models import OutboxEvent
from clinic.files.enums import FileKind, Scan
from clinic.files.events import FileStored
from clinic.files.models import StoredFile
from clinic.files.purposes import PURPOSES, Purpose
from clinic.files.services import sweeping
from clinic.files.services.binding import bind_files
from clinic.files.services.storing import store_file
from clinic.settings import rules
from clinic.settings.stores import storages as storage_settings
from tests.cast import Member
from tests.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


@pytest.fixture(autouse=True)
def purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room above that shows its bound files to the account with key 0 only."""
    shown = Purpose("test", frozenset(FileKind), lambda _file, user: user == 0)
    monkeypatch.setitem(PURPOSES, "test", shown)


def upload(who: Member, data: bytes, name: str = "a.png", **fields: Any) -> Any:
    """Send a form with a file."""
    form = {"file": SimpleUploadedFile(name, data), "purpose": "test"} | fields
    return who.client.post("/api/v1/files", form, format="multipart")


def read(who: Member, file_id: str, **headers: str) -> Any:
    """Read a file."""
    return who.client.get(f"/api/v1/files/{file_id}", headers=headers)


def test_an_image_is_stored_and_read_back_by_its_owner(lin: Member) -> None:
    told = upload(lin, samples.photo_with_place(), "C:\\我的 照片.png")
    answer = read(lin, told.json()["id"])

    assert told.status_code == 201
    shown = told.json()
    assert (shown["kind"], shown["mime"], shown["name"]) == ("image", "image/jpeg", "我的 照片.jpg")
    assert (shown["width"], shown["height"], shown["size"]) == (30, 40, len(answer.content))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''%E6%88%91")
    assert answer["Cache-Control"] == "private, no-cache"
    assert b"anary" not in answer.content


def test_documents_are_downloaded_and_never_shown(lin: Member) -> None:
    answer = read(lin, upload(lin, samples.pdf(), "报告.html").json()["id"])

    assert (answer["Content-Type"], answer.content) == ("application/pdf", samples.pdf())
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Disposition"].endswith(".pdf")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "file_empty"),
        (samples.SVG, 415, "file_kind_refused"),
        (samples.HTML, 415, "file_kind_refused"),
        (bytes(rules.FILE_MAX_BYTES + 1), 413, "file_too_large"),
        (bytes(rules.FILE_MAX_BYTES + 100_000), 413, "file_too_large"),
        (samples.wav(61), 413, "file_too_large"),
    ],
)
def test_unusable_files_are_refused_and_leave_nothing(
    lin: Member, data: bytes, status: int, code: str
) -> None:
    answer = upload(lin, data)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"file": "text"},
        {"file": SimpleUploadedFile("a", samples.pdf()), "purpose": "nothing"},
        {"file": SimpleUploadedFile("a", samples.pdf()), "purpose": "a\x00b"},
    ],
)
def test_unusable_forms_are_refused(lin: Member, form: dict[str, Any]) -> None:
    answer = lin.client.post("/api/v1/files", form, format="multipart")

    faults = {fault["attr"]: fault["detail"] for fault in answer.json()["errors"]}
    assert answer.status_code == 400
    assert "chat, complaint" in faults.get("purpose", "chat, complaint")


@pytest.mark.parametrize("body", [b"", b"--x\r\nContent-Disp", b"\x00\xff", b"--x--"])
def test_broken_forms_are_refused(lin: Member, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "application/json"):
        answer = lin.client.generic("POST", "/api/v1/files", body, content_type=kind)
        assert answer.status_code in {400, 415}


def test_strangers_find_nothing_and_readers_are_named_by_the_room_above(
    lin: Member, ge: Member, anonymous: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = upload(lin, samples.image()).json()["id"]
    file = StoredFile.objects.get()
    unbound = [read(who, file_id).status_code for who in (lin, ge)]
    bind_files([file.pk], now=now())
    bound = [read(who, file_id).status_code for who in (lin, ge)]
    shown = Purpose("test", frozenset(FileKind), lambda _file, user: user == ge.user.pk)
    monkeypatch.setitem(PURPOSES, "test", shown)

    assert (unbound, bound) == ([200, 404], [404, 404])
    assert [read(who, file_id).status_code for who in (lin, ge)] == [404, 200]
    assert anonymous.get(f"/api/v1/files/{file_id}").status_code == 401


def test_ranges_and_repeats_save_bytes(lin: Member) -> None:
    file_id = upload(lin, samples.wav(1)).json()["id"]
    whole = read(lin, file_id)
    part = read(lin, file_id, range="bytes=10-19")
    behind = read(lin, file_id, range="bytes=99999-")
    stale = read(lin, file_id, range="bytes=0-1", if_range='"old"')
    known = read(lin, file_id, if_none_match=whole["ETag"])

    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    assert (behind.status_code, behind["Content-Range"]) == (416, f"bytes */{len(whole.content)}")
    assert (stale.status_code, stale.content) == (200, whole.content)
    assert (known.status_code, known.content) == (304, b"")
    assert lin.client.head(f"/api/v1/files/{file_id}").status_code == 200


def test_a_picture_is_answered_to_who_asks_for_pictures_only(lin: Member) -> None:
    file_id = upload(lin, samples.image()).json()["id"]

    assert read(lin, file_id, accept="image/png").status_code == 200
    assert read(lin, str(lin.public_id), accept="image/png").json()["code"] == "not_found"


def test_the_proxy_in_front_may_send_the_bytes(lin: Member, settings: Any) -> None:
    settings.FILES_ACCEL_PREFIX = "/uploads/"
    answer = read(lin, upload(lin, samples.image()).json()["id"])

    assert answer["X-Accel-Redirect"] == f"/uploads/{StoredFile.objects.get().stored_as}"
    assert (answer.content, answer["Content-Type"]) == (b"", "image/png")


def test_bytes_lie_in_the_folder_under_random_names_for_us_alone(
    lin: Member, settings: Any, tmp_path: Path
) -> None:
    settings.STORAGES = storage_settings(tmp_path / "files")
    file_id = upload(lin, samples.image(), "../../evil.png").json()["id"]
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert path.name.isalnum()
    assert path.stat().st_mode & 0o077 == 0
    assert read(lin, file_id).content == path.read_bytes()
    path.unlink()
    assert read(lin, file_id).status_code == 404


def test_an_account_has_a_quota(lin: Member, ge: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "FILE_QUOTA_BYTES", 2 * len(samples.pdf()))
    answers = [upload(lin, samples.pdf()) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[2].json()["code"] == "file_quota_reached"
    assert upload(ge, samples.pdf()).status_code == 201


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_parallel_uploads_cannot_pass_the_quota_together(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FILE_QUOTA_BYTES", 3 * len(samples.pdf()))

    def store(_number: int) -> str:
        try:
            store_file(actor=lin.actor, purpose="test", name="a", data=samples.pdf())
        except ClinicError as error:
            return error.code
        finally:
            connection.close()
        return "stored"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(store, range(16)))

    assert sorted(outcomes) == ["file_quota_reached"] * 13 + ["stored"] * 3


def test_what_nothing_takes_is_removed_after_a_day_with_its_bytes(lin: Member) -> None:
    with time_machine.travel(now() - rules.FILE_UNBOUND_LIFE, tick=False):
        old = [store_file(actor=lin.actor, purpose="test", name="a", data=samples.pdf())]
        old += [store_file(actor=lin.actor, purpose="test", name="b", data=samples.pdf())]
    store_file(actor=lin.actor, purpose="test", name="c", data=samples.pdf())
    bind_files([old[1].pk], now=now())
    storages["files"].delete(old[0].stored_as)

    assert sweeping.remove_orphans() == 1
    assert set(StoredFile.objects.values_list("name", flat=True)) == {"b.pdf", "c.pdf"}
    assert sweeping.remove_orphans() == 0


class Clamd:
    """A daemon that finds a virus where the bytes say EICAR."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self.server.accept()
            except OSError:
                return
            with link, link.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    data += stream.read(size)
                found = b"stream: Eicar FOUND\0" if b"EICAR" in data else b"stream: OK\0"
                link.sendall(found)


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    """A scanner that is set up."""
    daemon = Clamd()
    settings.CLAMD_ADDRESS = daemon.address
    yield daemon
    daemon.server.close()


def test_files_are_read_once_the_scanner_found_nothing(lin: Member, clamd: Clamd) -> None:
    good = upload(lin, samples.pdf()).json()
    bad = upload(lin, samples.pdf() + b"EICAR%%EOF").json()
    waiting = read(lin, good["id"])
    facts = OutboxEvent.objects.filter(kind=FileStored.name).count()
    scanned = sweeping.scan_waiting()

    assert (good["scan"], waiting.status_code) == ("pending", 409)
    assert waiting.json()["code"] == "file_being_scanned"
    assert (facts, scanned) == (2, 2)
    assert read(lin, good["id"]).status_code == 200
    assert read(lin, bad["id"]).json()["code"] == "file_refused"
    refused = StoredFile.objects.get(scan=Scan.REFUSED)
    assert not storages["files"].exists(refused.stored_as)


def test_while_the_scanner_is_away_files_wait(lin: Member, clamd: Clamd, settings: Any) -> None:
    upload(lin, samples.pdf())
    clamd.server.close()
    settings.CLAMD_ADDRESS = "unix:/nowhere/clamd.ctl"

    sweeping.scan_waiting()

    assert StoredFile.objects.get().scan == Scan.PENDING


def test_uploads_have_a_limit(lin: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    statuses = [upload(lin, samples.SVG).status_code for _ in range(21)]

    assert statuses[-1] == 429


def test_a_day_is_the_life_of_an_unbound_file() -> None:
    assert timedelta(hours=24) == rules.FILE_UNBOUND_LIFE
