"""Invites: made, drawn, scanned, counted, revoked."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.core.ids import BASE62
from clinic.core.roles import Role
from clinic.embedded.simulator.state import FaultKind
from clinic.relations.models import Invite, InviteImage, InviteScan, Relation
from clinic.relations.services.invites import make_invite, scan_invite
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor
from tests.relations.conftest import follow, make_patient, patients
from tests.simulator.support import Sim, gateway_keys, served, shop, sim

__all__ = ["gateway_keys", "served", "shop", "sim"]
pytestmark = pytest.mark.django_db
PNG = b"\x89PNG"


@pytest.fixture
def wechat(sim: Sim, settings: LazySettings) -> Iterator[Sim]:
    """The platform, near."""
    settings.WECHAT_MINI_BASE_URL = sim.base_url
    settings.WECHAT_MINI_APPID = sim.keys.appid
    settings.WECHAT_MINI_SECRET = sim.keys.mini_program_secret
    return sim


def _invite(doctor: DoctorMember, label: str = "") -> str:
    answer = doctor.client.post("/api/v1/doctor/invites", {"label": label}, format="json")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["scene"])


def _scan(patient: Member, scene: str) -> Any:
    return patient.client.post(f"/api/v1/invites/{scene}/scan")


def _code(doctor: DoctorMember, scene: str) -> Any:
    return doctor.client.get(f"/api/v1/doctor/invites/{scene}/code")


def test_a_scan_makes_the_relation_with_its_source(lin: Member, shen: DoctorMember) -> None:
    scene = _invite(shen, "门诊")

    scanned = _scan(lin, scene).json()

    (row,) = patients(shen)["results"]
    assert (scanned["id"], scanned["is_followed"]) == (str(shen.doctor.public_id), True)
    assert (row["source"], row["source_code"], row["shows_followed_card"]) == ("qr_scan", 0, True)


def test_scans_are_counted_and_bring_a_patient_once(
    lin: Member, ge: Member, shen: DoctorMember
) -> None:
    follow(ge, shen)
    scene = _invite(shen)

    for patient in (lin, lin, ge):
        assert _scan(patient, scene).status_code == 200

    (row,) = shen.client.get("/api/v1/doctor/invites").json()["results"]
    counts = (row["scan_count"], row["patient_count"], row["relation_count"])
    assert counts == (3, 2, 1)
    assert {one["source"] for one in patients(shen)["results"]} == {"search", "qr_scan"}


def test_a_scene_fits_wechat_and_names_nobody(shen: DoctorMember) -> None:
    scenes = {_invite(shen) for _ in range(5)}

    assert len(scenes) == 5
    for scene in scenes:
        assert scene.startswith("i.")
        assert len(scene) == 18
        assert set(scene[2:]) <= set(BASE62)


def test_who_scans_again_is_not_made_to_follow_again(lin: Member, shen: DoctorMember) -> None:
    scene = _invite(shen)
    _scan(lin, scene)
    lin.client.delete(f"/api/v1/doctors/{shen.doctor.public_id}/follow")

    assert _scan(lin, scene).json()["is_followed"] is False


def test_a_revoked_invite_opens_nothing_and_keeps_its_counts(
    lin: Member, ge: Member, shen: DoctorMember, anonymous: Any, client: Client
) -> None:
    scene = _invite(shen)
    _scan(lin, scene)
    assert anonymous.get(f"/api/v1/invites/{scene}").json()["doctor"]["name"] == "沈一鸣"

    assert shen.client.delete(f"/api/v1/doctor/invites/{scene}").status_code == 204

    assert _scan(ge, scene).status_code == 404
    assert anonymous.get(f"/api/v1/invites/{scene}").status_code == 404
    assert client.get(f"/invites/{scene}").status_code == 404
    assert _code(shen, scene).status_code == 404
    (row,) = shen.client.get("/api/v1/doctor/invites").json()["results"]
    assert row["revoked_at"] is not None
    assert row["relation_count"] == 1


def test_an_invite_of_a_suspended_doctor_opens_nothing(lin: Member, shen: DoctorMember) -> None:
    scene = _invite(shen)
    shen.doctor.status = "suspended"
    shen.doctor.save(update_fields=["status"])

    assert _scan(lin, scene).status_code == 404
    assert Relation.objects.count() == 0


@pytest.mark.parametrize("scene", ["i.0000000000000000", "x", "%00", "i.ø", "a" * 500])
def test_what_is_no_invite_is_not_there(lin: Member, scene: str) -> None:
    assert _scan(lin, scene).status_code in {400, 404}


def test_nobody_invites_himself(shen: DoctorMember) -> None:
    scene = _invite(shen)
    make_patient(shen)

    assert _scan(shen.member, scene).json()["code"] == "self_relation"
    assert InviteScan.objects.count() == 0


def test_strangers_other_patients_and_other_doctors_are_refused(
    lin: Member, shen: DoctorMember, wu: DoctorMember, anonymous: Any
) -> None:
    path = f"/api/v1/doctor/invites/{_invite(shen)}"

    for client, status in ((anonymous, 401), (lin.client, 403), (wu.client, 404)):
        assert client.delete(path).status_code == status
        assert client.get(f"{path}/code").status_code == status
    assert Invite.objects.get().revoked_at is None


def test_there_is_a_limit_of_open_ones(shen: DoctorMember, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "INVITES_MAX", 2)
    first, _second = _invite(shen), _invite(shen)

    third = shen.client.post("/api/v1/doctor/invites", {}, format="json")
    shen.client.delete(f"/api/v1/doctor/invites/{first}")

    assert third.json()["code"] == "too_many_invites"
    _invite(shen)


def test_wechat_draws_the_code_once(wechat: Sim, shen: DoctorMember) -> None:
    scene = _invite(shen)

    drawn = _code(shen, scene)
    wechat.state.inject(FaultKind.MINI_PROGRAM_AWAY)
    kept = _code(shen, scene)

    assert (drawn["X-Code-Kind"], drawn["Content-Type"]) == ("wechat", "image/png")
    assert drawn.content.startswith(PNG)
    assert kept.content == drawn.content


def test_a_plain_qr_takes_its_place_while_wechat_is_away(wechat: Sim, shen: DoctorMember) -> None:
    wechat.state.inject(FaultKind.MINI_PROGRAM_AWAY, times=1)
    scene = _invite(shen)

    kinds = [_code(shen, scene)["X-Code-Kind"] for _ in range(2)]

    assert kinds == ["plain", "plain"]  # after a failure the platform is left alone for a while
    assert InviteImage.objects.count() == 0


def test_a_spent_token_is_fetched_anew(wechat: Sim, shen: DoctorMember) -> None:
    _code(shen, _invite(shen))
    wechat.state.mini_tokens.fetch(wechat.clock(), force=True)

    assert _code(shen, _invite(shen))["X-Code-Kind"] == "wechat"


def test_a_wrong_secret_draws_a_plain_qr(
    wechat: Sim, shen: DoctorMember, settings: LazySettings
) -> None:
    settings.WECHAT_MINI_SECRET = "another"

    assert _code(shen, _invite(shen))["X-Code-Kind"] == "plain"


def test_the_page_behind_a_plain_qr_says_who_invites(shen: DoctorMember, client: Client) -> None:
    scene = _invite(shen)

    chinese = client.get(f"/invites/{scene}", headers={"Accept-Language": "zh-hans"})
    english = client.get(f"/invites/{scene}", headers={"Accept-Language": "en"})

    assert "沈一鸣" in chinese.content.decode()
    assert "invites you" in english.content.decode()


def test_the_list_costs_the_same_for_one_and_for_ten(
    lin: Member, ge: Member, shen: DoctorMember
) -> None:
    costs = []
    for count in (1, 9):
        for _number in range(count):
            scene = _invite(shen)
            _scan(lin, scene)
            _scan(ge, scene)
        with CaptureQueriesContext(connection) as caught:
            shen.client.get("/api/v1/doctor/invites")
        costs.append(len(caught))

    assert costs[0] == costs[1]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_code_scanned_from_many_devices_at_once_makes_one_relation() -> None:
    doctor, patient = make_doctor(), make_member("林小月", Role.PATIENT)
    scene = make_invite(doctor_id=doctor.doctor.pk, label="", actor=doctor.actor).scene

    together(8, lambda _n: scan_invite(scene=scene, actor=patient.actor, now=now()))

    scan = InviteScan.objects.get()
    assert (scan.times, scan.made_relation) == (8, True)
    assert Relation.objects.filter(is_followed=True).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_who_scans_and_follows_at_once_waits_for_nobody_in_a_circle() -> None:
    """Without the account's lock before the relation both would wait for each other."""
    doctor, patient = make_doctor(), make_member("林小月", Role.PATIENT)
    scene = make_invite(doctor_id=doctor.doctor.pk, label="", actor=doctor.actor).scene

    def press(number: int) -> str:
        if number % 2:
            return follow(patient, doctor)
        try:
            return str(scan_invite(scene=scene, actor=patient.actor, now=now()).public_id)
        except NotFoundError:
            return ""

    assert len(set(together(6, press))) == 1
