"""A patient asks for all his data, fetches it once, and it is gone."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages

from clinic.core.clock import now
from clinic.privacy.models import DataExport
from clinic.privacy.selectors.own_data import PARTS
from clinic.privacy.services import archive
from clinic.privacy.services.exports import build_exports, remove_old_exports
from clinic.privacy.services.leaving import let_go
from clinic.settings import rules
from tests.cast import Member
from tests.consultations.conftest import Desk, post
from tests.doctors_cast import DoctorMember
from tests.privacy.conftest import get
from tests.records.conftest import Signed

pytestmark = pytest.mark.django_db


def fetched(member: Member, export: str) -> Any:
    token = post(member, f"privacy/exports/{export}/token").json()["token"]
    return post(member, f"privacy/exports/{export}/fetch", {"token": token})


def opened(answer: Any) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_archive_holds_everything_readably_and_says_what_it_does_not(
    lin: Member, ge: Member, shen: DoctorMember, desk: Desk
) -> None:
    desk.completed(lin, shen)
    desk.paid(ge)
    post(lin, "privacy/exports")

    assert build_exports() == 1
    shown = get(lin, "privacy/exports").json()["results"][0]
    found = opened(fetched(lin, shown["id"]))

    assert (shown["state"], shown["done_parts"]) == ("ready", shown["parts"])
    names = set(found.namelist())
    assert {f"data/{part.table.name}.json" for part in PARTS} <= names
    data = {name: json.loads(found.read(name)) for name in names if name.startswith("data/")}
    (record,) = data["data/records.json"]
    assert record["diagnosis"]
    assert f"records/{record['number']}.pdf" in names
    assert found.read(f"records/{record['number']}.pdf").startswith(b"%PDF")
    assert [case["state"] for case in data["data/consultations.json"]] == ["completed"]
    assert data["data/account.json"][0]["phone"] == lin.user.phone
    whole = "".join(found.read(name).decode("utf-8", "ignore") for name in names)
    assert "葛明" not in whole
    assert str(ge.public_id) not in whole
    for part in PARTS:
        schema = json.loads(found.read(f"schemas/{part.table.name}.schema.json"))
        wanted = set(schema["items"]["required"])
        assert all(set(row) == wanted for row in data[f"data/{part.table.name}.json"])
    manifest = json.loads(found.read("manifest.json"))
    assert {"passwords", "id_numbers"} <= {one["what"] for one in manifest["left_out"]}
    assert all(one["zh-hans"] != one["en"] for one in manifest["left_out"])
    index = found.read("index.html").decode()
    assert "病历" in index
    assert "Medical records" in index
    page = found.read("pages/consultations.html").decode()
    assert "已完成 · Completed" in page
    assert "<td>completed</td>" not in page
    assert ">complaint<" not in page


def test_it_is_fetched_once_and_removed(lin: Member) -> None:
    export = post(lin, "privacy/exports").json()["id"]
    build_exports()
    old = post(lin, f"privacy/exports/{export}/token").json()["token"]

    assert fetched(lin, export).status_code == 200
    again = post(lin, f"privacy/exports/{export}/fetch", {"token": old})

    assert (again.status_code, again.json()["code"]) == (409, "export_not_ready")
    assert post(lin, f"privacy/exports/{export}/token").status_code == 409
    assert remove_old_exports(now()) == 0, "a slow download comes to its end"
    assert remove_old_exports(now() + timedelta(hours=2)) == 1
    assert DataExport.objects.get().stored_as == ""


def test_an_archive_whose_bytes_are_lost_is_over_and_a_new_one_may_be_asked_for(
    lin: Member,
) -> None:
    export = post(lin, "privacy/exports").json()["id"]
    build_exports()
    storages["exports"].delete(DataExport.objects.get().stored_as)

    lost = fetched(lin, export)
    again = post(lin, "privacy/exports")

    assert (lost.status_code, lost.json()["code"]) == (409, "export_not_ready")
    assert DataExport.objects.get(public_id=export).state == "expired"
    assert again.status_code < 300


def test_a_newer_code_closes_the_older_one_and_time_closes_both(lin: Member) -> None:
    export = post(lin, "privacy/exports").json()["id"]
    build_exports()
    path = f"privacy/exports/{export}/fetch"
    old = post(lin, f"privacy/exports/{export}/token").json()["token"]
    new = post(lin, f"privacy/exports/{export}/token").json()["token"]

    assert post(lin, path, {"token": old}).json()["code"] == "download_refused"
    assert post(lin, path, {"token": "guess"}).status_code == 403
    with time_machine.travel(now() + rules.EXPORT_FETCH_WITHIN, tick=False):
        remove_old_exports(now())
        late = DataExport.objects.get()
    assert (late.state, late.stored_as) == ("expired", "")
    assert post(lin, path, {"token": new}).status_code == 409


def test_who_is_forgotten_leaves_no_archive_behind(lin: Member, ge: Member, an: Member) -> None:
    post(lin, "privacy/exports")
    build_exports()
    post(ge, "privacy/exports")

    for member in (lin, ge):
        let_go(member.user.pk, by=an.actor, now=now())

    assert build_exports() == 0
    assert remove_old_exports(now()) == 1
    states = DataExport.objects.order_by("id").values_list("state", "stored_as", "token_hash")
    assert list(states) == [("expired", "", ""), ("waiting", "", "")]


def test_one_at_a_time_and_two_a_day(lin: Member) -> None:
    first = post(lin, "privacy/exports").json()["id"]
    assert post(lin, "privacy/exports").json()["code"] == "export_open"
    early = post(lin, f"privacy/exports/{first}/token")
    assert (early.status_code, early.json()["code"]) == (409, "export_being_written")
    build_exports()
    fetched(lin, first)
    second = post(lin, "privacy/exports").json()["id"]
    build_exports()
    fetched(lin, second)

    third = post(lin, "privacy/exports")

    assert (third.status_code, third.json()["code"]) == (429, "export_limit")


def test_nobody_else_sees_or_fetches_it(
    lin: Member, ge: Member, shen: DoctorMember, an: Member, anonymous: Any
) -> None:
    export = post(lin, "privacy/exports").json()["id"]
    build_exports()
    token = post(lin, f"privacy/exports/{export}/token").json()["token"]
    path = f"privacy/exports/{export}"

    assert anonymous.get(f"/api/v1/{path}").status_code == 401
    assert get(ge, path).status_code == 404
    assert post(ge, f"{path}/fetch", {"token": token}).status_code == 404
    for member in (shen.member, an):
        assert get(member, path).status_code == 403
        assert post(member, f"{path}/fetch", {"token": token}).status_code == 403


def test_what_fails_is_tried_again_and_a_dead_builder_is_replaced(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(lin, "privacy/exports")

    left: list[archive.Archive] = []

    def broken(half: archive.Archive) -> None:
        left.append(half)
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(archive.Archive, "_write_files", broken)
        assert build_exports() == 0
    assert left[0].zip.fp is None  # closed: its target is gone
    half = DataExport.objects.get()
    assert (half.state, half.tries) == ("waiting", 1)

    DataExport.objects.update(state="building", begun_at=now())
    assert build_exports() == 0
    with time_machine.travel(now() + rules.EXPORT_BUILD_BUDGET + timedelta(1), tick=False):
        assert build_exports() == 1


def test_closing_a_broken_archive_does_not_hide_why_it_broke(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = io.BytesIO()

    def broken(_half: archive.Archive) -> None:
        target.close()
        raise OSError("disk full")

    monkeypatch.setattr(archive, "PARTS", ())
    monkeypatch.setattr(archive.Archive, "_write_papers", broken)

    with pytest.raises(OSError, match="disk full"):
        archive.Archive(target, lin.user, now()).write(lambda _number: None)


def test_files_are_copied_in_pieces(
    lin: Member, shen: DoctorMember, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows come in chunks and files in pieces; nothing is read whole."""
    monkeypatch.setattr(archive, "PIECE", 7)
    from tests.world import _picture

    talk = _talk_of(lin)
    _picture(lin, talk)
    post(lin, "privacy/exports")
    build_exports()
    found = opened(fetched(lin, get(lin, "privacy/exports").json()["results"][0]["id"]))

    (name,) = [name for name in found.namelist() if name.startswith("files/")]
    assert found.read(name)[:4] == b"\x89PNG"


def _talk_of(member: Member) -> str:
    from chat.enums import ConversationKind, MemberRole
    from chat.services.conversations import MemberSpec, open_conversation

    talk = open_conversation(
        kind=ConversationKind.SERVICE,
        topic=f"test:{member.public_id}",
        members=[MemberSpec(member.user.pk, MemberRole.PATIENT)],
    )
    return str(talk.public_id)
