"""Following, blocking and the doctor's notes, through the doors of both sides."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.accounts.services.accounts import anonymise_account
from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.relations.models import Relation
from clinic.relations.selectors.invariants import doctors_as_their_own_patients
from tests.cast import Member, make_member
from tests.doctors_cast import DoctorMember, make_doctor
from tests.relations.conftest import follow, make_patient, patients

pytestmark = pytest.mark.django_db


def _doctor(doctor: DoctorMember, what: str) -> str:
    return f"/api/v1/doctors/{doctor.doctor.public_id}/{what}"


def test_who_follows_a_doctor_is_on_both_lists(lin: Member, shen: DoctorMember) -> None:
    follow(lin, shen)
    follow(lin, shen)

    (mine,) = lin.client.get("/api/v1/followed-doctors").json()["results"]
    (his,) = patients(shen)["results"]
    assert (mine["id"], mine["name"]) == (str(shen.doctor.public_id), "沈一鸣")
    assert his["name"] == "林小月"
    assert (his["source"], his["source_code"]) == ("search", 3)
    assert his["system_groups"] == [1, 2]


def test_who_follows_no_longer_stays_a_patient(lin: Member, shen: DoctorMember) -> None:
    follow(lin, shen)

    assert lin.client.delete(_doctor(shen, "follow")).status_code == 204
    assert lin.client.delete(_doctor(shen, "follow")).status_code == 204

    assert lin.client.get("/api/v1/followed-doctors").json()["count"] == 0
    assert patients(shen)["results"][0]["system_groups"] == [1]
    assert patients(shen, "?system_group=2")["count"] == 0


def test_the_card_of_the_doctor_followed_last_is_shown_once(
    lin: Member, shen: DoctorMember, wu: DoctorMember
) -> None:
    follow(lin, shen)
    follow(lin, wu)

    cards = [lin.client.post("/api/v1/followed-doctors/card").json()["doctor"] for _ in range(2)]

    assert cards[0]["id"] == str(wu.doctor.public_id)
    assert cards[1] is None
    assert patients(wu)["results"][0]["shows_followed_card"] is False


def test_a_patient_blocks_and_the_doctor_learns_nothing(lin: Member, shen: DoctorMember) -> None:
    follow(lin, shen)
    before = patients(shen)["results"][0]

    blocked = lin.client.put(_doctor(shen, "block")).json()

    after = patients(shen)["results"][0]
    assert blocked == {"is_followed": False, "is_blocked": True, "takes_broadcasts": True}
    assert lin.client.get("/api/v1/blocked-doctors").json()["count"] == 1
    assert {name for name in after if before[name] != after[name]} == {
        "is_followed", "system_groups", "shows_followed_card",
    }  # fmt: skip
    assert lin.client.put(_doctor(shen, "follow")).json()["code"] == "blocked"
    lin.client.delete(_doctor(shen, "block"))
    follow(lin, shen)


def test_a_doctor_blocks_and_the_patient_learns_nothing(lin: Member, shen: DoctorMember) -> None:
    relation = follow(lin, shen)
    before = lin.client.get(_doctor(shen, "relation")).json()

    answer = shen.client.patch(
        f"/api/v1/doctor/patients/{relation}", {"is_blocked": True}, format="json"
    )

    assert answer.json()["is_blocked"] is True
    assert lin.client.get(_doctor(shen, "relation")).json() == before
    assert patients(shen, "?blocked=true")["count"] == 1
    assert patients(shen, "?blocked=false")["count"] == 0


def test_a_doctor_keeps_tags_and_a_remark_and_finds_by_them(
    lin: Member, ge: Member, shen: DoctorMember
) -> None:
    relation = follow(lin, shen)
    follow(ge, shen)
    told = {"tags": ["胃病", "复诊", "胃病"], "remark": "每周三来"}

    noted = shen.client.patch(f"/api/v1/doctor/patients/{relation}", told, format="json").json()

    assert (noted["tags"], noted["remark"]) == (["胃病", "复诊"], "每周三来")
    for asked in ({"text": "周三"}, {"text": "小月"}, {"text": "复诊"}, {"tag": "胃病"}):
        found = shen.client.post("/api/v1/doctor/patients/search", asked, format="json").json()
        assert [row["id"] for row in found["results"]] == [relation], asked


@pytest.mark.parametrize(
    "told",
    [
        {"tags": ["长" * 21]},
        {"tags": [f"t{number}" for number in range(21)]},
        {"tags": ["a\u202eb"]},
        {"remark": "长" * 201},
        {"remark": "一\n二"},
        {"credit": 1000},
        {"source": "staff"},
        {"patient": "x"},
    ],
)
def test_notes_that_cannot_be_kept_change_nothing(
    lin: Member, shen: DoctorMember, told: dict[str, Any]
) -> None:
    relation = follow(lin, shen)
    before = patients(shen)

    answer = shen.client.patch(f"/api/v1/doctor/patients/{relation}", told, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert patients(shen) == before


def test_strangers_other_patients_and_other_doctors_are_refused(
    lin: Member, ge: Member, shen: DoctorMember, wu: DoctorMember, anonymous: Any
) -> None:
    relation = follow(lin, shen)
    follow(ge, wu)
    path = f"/api/v1/doctor/patients/{relation}"

    for client, status in ((anonymous, 401), (ge.client, 403), (wu.client, 404)):
        assert client.get(path).status_code == status
        assert client.patch(path, {"remark": "x"}, format="json").status_code == status
    assert Relation.objects.get(public_id=relation).remark == ""
    assert relation not in str(patients(wu))


def test_a_patient_is_a_stranger_to_the_doctor_he_never_met(
    ge: Member, lin: Member, shen: DoctorMember
) -> None:
    follow(lin, shen)

    seen = ge.client.get(_doctor(shen, "relation")).json()
    changed = ge.client.patch(_doctor(shen, "relation"), {"takes_broadcasts": False}, format="json")

    assert seen == {"is_followed": False, "is_blocked": False, "takes_broadcasts": False}
    assert changed.status_code == 404
    assert ge.client.delete(_doctor(shen, "follow")).status_code == 204
    assert Relation.objects.filter(patient=lin.user, is_followed=True).count() == 1


def test_nobody_follows_or_blocks_himself() -> None:
    both = make_doctor("两面")
    make_patient(both)

    for what in ("follow", "block"):
        assert both.client.put(_doctor(both, what)).json()["code"] == "self_relation"
    assert doctors_as_their_own_patients() == []


def test_a_doctor_who_left_can_still_be_let_go(lin: Member, shen: DoctorMember) -> None:
    follow(lin, shen)
    shen.doctor.status = "suspended"
    shen.doctor.save(update_fields=["status"])

    assert lin.client.put(_doctor(shen, "follow")).status_code == 404
    assert lin.client.delete(_doctor(shen, "follow")).status_code == 204
    assert lin.client.get("/api/v1/followed-doctors").json()["count"] == 0


def test_lists_cost_the_same_for_one_row_and_for_fifteen(shen: DoctorMember, lin: Member) -> None:
    costs = []
    for count in (1, 14):
        for number in range(count):
            follow(make_member(f"病{number}", Role.PATIENT), shen)
            follow(lin, make_doctor(f"医{number}"))
        costs.append((_cost(shen, "doctor/patients"), _cost(lin, "followed-doctors")))

    assert costs[0] == costs[1]


def _cost(member: Member | DoctorMember, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert member.client.get(f"/api/v1/{path}").json()["results"]
    return len(caught)


def test_nothing_noted_stays_of_a_deleted_account(
    lin: Member, shen: DoctorMember, run_events: Any
) -> None:
    relation = follow(lin, shen)
    notes = {"tags": ["胃病"], "remark": "老邻居"}
    shen.client.patch(f"/api/v1/doctor/patients/{relation}", notes, format="json")

    anonymise_account(user_id=lin.user.pk, by=system_actor("test"), now=now())
    run_events()

    (row,) = patients(shen)["results"]
    assert (row["tags"], row["remark"], row["is_followed"]) == ([], "", False)
    assert "林小月" not in str(row)
