"""The regulator's export: pseudonymous, whole, and the same bytes for the same data."""

import csv
import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from clinic.core.clock import clinic_day, now
from clinic.core.models import AuditEntry
from clinic.privacy.management.commands import export_reads
from clinic.privacy.selectors.tables import CHUNK
from clinic.privacy.services import regulator
from tests.cast import Member
from tests.console.conftest import browser
from tests.consultations.conftest import Desk, post
from tests.doctors_cast import DoctorMember
from tests.privacy.conftest import get
from tests.records.conftest import command

pytestmark = pytest.mark.django_db


def export(folder: Path, *, days: int = 1) -> dict[str, Any]:
    today = clinic_day(now())
    since = today - timedelta(days=days)
    command("regulator_export", "--from", f"{since}", "--to", f"{today}", "--out", f"{folder}")
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def test_everything_asked_for_is_there_without_a_person(
    lin: Member, shen: DoctorMember, desk: Desk, tmp_path: Path
) -> None:
    case = desk.completed(lin, shen)
    post(lin, f"consultations/{case}/review", {"stars": 5, "text": "林小月觉得很好"})

    manifest = export(tmp_path)

    counts = {one["table"]: one["rows"] for one in manifest["tables"]}
    filled = ("staff", "consultations", "records", "satisfaction")
    assert [counts[name] for name in filled] == [1, 1, 1, 1]
    (served,) = table(tmp_path, "consultations")
    (record,) = table(tmp_path, "records")
    assert (served["state"], served["gender"], int(served["age"]) > 30) == (
        "completed", "female", True,
    )  # fmt: skip
    assert served["id"] == record["care_id"], "pseudonyms join the tables"
    assert table(tmp_path, "staff")[0]["name"] == "沈一鸣"
    whole = "".join(path.read_text() for path in tmp_path.iterdir())
    for secret in ("林小月", str(lin.public_id), case, str(lin.user.phone)[-8:], "胃痛"):
        assert secret not in whole
    assert set(manifest["none_yet"]) >= {"prescriptions", "adverse_events"}
    for one in manifest["tables"]:
        content = (tmp_path / one["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        schema = json.loads((tmp_path / one["schema"]).read_text())
        head = content.decode("utf-8-sig").split("\r\n")[0].split(",")
        assert schema["items"]["required"] == head
    assert AuditEntry.objects.filter(verb="regulator.export").count() == 1


def test_a_second_run_makes_the_same_bytes(
    lin: Member, shen: DoctorMember, desk: Desk, tmp_path: Path
) -> None:
    desk.completed(lin, shen)

    for name in ("first", "second"):
        export(tmp_path / name)
    export(tmp_path / "first")

    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("first", "second")
    )
    assert first == second
    assert not any(name.endswith(".part") for name in first)


def test_it_counts_its_rows_and_its_queries_do_not_grow(
    lin: Member, shen: DoctorMember, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regulator, "STEP", 1)
    told: list[tuple[str, int]] = []
    today = clinic_day(now())

    regulator.write_export(
        today, today, tmp_path, by=lin.actor, progress=lambda name, rows: told.append((name, rows))
    )

    assert ("staff", 1) in told
    assert CHUNK < 1000


@pytest.mark.parametrize(
    ("since", "until"), [("2026-02-02", "2026-02-01"), ("2024-01-01", "2026-01-01")]
)
def test_senseless_days_write_nothing(since: str, until: str, tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError):
        call_command(
            "regulator_export", "--from", since, "--to", until, "--out", str(tmp_path / "x")
        )

    assert not (tmp_path / "x").exists()


DAYS = ("--from", "2026-11-01", "--to", "2026-11-02")


@pytest.mark.parametrize("name", ["export_reads", "regulator_export"])
def test_what_stands_in_the_way_is_said_with_what_to_do(
    name: str, tmp_path: Path, db: None
) -> None:
    wrong = ("--from", "2026-13-01", "--to", "2026-11-02")
    backwards = ("--from", "2026-11-03", "--to", "2026-11-02")
    (tmp_path / "taken").write_text("x")
    nowhere = tmp_path / "taken" / "below"

    with translation.override("en"):
        for days, out, sentence in (
            (wrong, tmp_path / "x", "write it like 2026-11-25"),
            (backwards, tmp_path / "x", "Give a first and a last day"),
            (DAYS, nowhere, "check space and rights there"),
        ):
            with pytest.raises(CommandError, match=sentence):
                call_command(name, *days, "--out", str(out))
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_full_disk_leaves_the_former_file_and_no_scraps(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "reads.csv"
    target.write_text("former")

    def full(_rows: object) -> Iterator[tuple[str, ...]]:
        yield ("1",)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export_reads, "lines", full)
    with translation.override("en"), pytest.raises(CommandError, match="No space left on device"):
        call_command("export_reads", *DAYS, "--out", str(target))

    assert [path.name for path in tmp_path.iterdir()] == ["reads.csv"]
    assert target.read_text() == "former"


def test_two_exports_do_not_mix_in_one_folder(tmp_path: Path, db: None) -> None:
    other = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)

    with translation.override("en"):
        with pytest.raises(CommandError, match="Another export writes into this folder"):
            call_command("regulator_export", *DAYS, "--out", str(tmp_path))
        assert list(tmp_path.iterdir()) == []
        os.close(other)
        call_command("regulator_export", *DAYS, "--out", str(tmp_path), stderr=StringIO())
    assert (tmp_path / "manifest.json").exists()


def test_the_console_gives_the_same_as_a_zip_to_administrators_alone(
    an: Member, jian: Member, bao: Member, db: None
) -> None:
    address = reverse("regulator-export")
    told = {"since": "2026-11-01", "until": "2026-11-30"}

    answer = browser(an.user).post(address, told)
    refused = [browser(one.user).post(address, told).status_code for one in (jian, bao)]
    wrong = browser(an.user).post(address, told | {"until": "2020-01-01"})

    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert refused == [403, 403]
    assert "Give a first and a last day" in wrong.content.decode()


def test_readings_are_written_to_a_file(
    lin: Member, shen: DoctorMember, desk: Desk, jian: Member, tmp_path: Path
) -> None:
    case = desk.completed(lin, shen)
    get(shen.member, f"consultations/{case}")
    today = f"{clinic_day(now())}"
    target = tmp_path / "reads.csv"

    command("export_reads", "--from", today, "--to", today, "--out", str(target))
    page = browser(jian.user).get(reverse("reads"), {"format": "csv"})

    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("at,reader,role,what")
    assert [line.split(",")[2:5] for line in lines[1:]][-1] == ["doctor", "consultation", case]
    assert str(lin.public_id) in b"".join(page.streaming_content).decode()
    assert AuditEntry.objects.filter(verb="reads.export").count() == 2


def test_the_browser_of_a_stranger_is_refused(lin: Member) -> None:
    assert Client().get(reverse("reads")).status_code == 302
    assert browser(lin.user).get(reverse("reads")).status_code == 302
