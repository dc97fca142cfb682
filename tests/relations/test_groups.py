"""A doctor's own groups: five with names of their own, filled and emptied."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.core.ids import uuid7
from clinic.relations.models import GroupMember, PatientGroup
from clinic.relations.selectors.invariants import strangers_in_groups
from tests.cast import Member
from tests.doctors_cast import DoctorMember
from tests.relations.conftest import follow, make_group, patients

pytestmark = pytest.mark.django_db


def _fill(doctor: DoctorMember, group: str, *relations: str) -> Any:
    return doctor.client.post(
        f"/api/v1/doctor/groups/{group}/patients", {"patients": relations}, format="json"
    )


def _groups(doctor: DoctorMember) -> Any:
    return doctor.client.get("/api/v1/doctor/groups").json()


def test_five_groups_fit_and_the_sixth_is_refused(shen: DoctorMember, wu: DoctorMember) -> None:
    made = [make_group(shen, f"组{number}").status_code for number in range(5)]

    sixth = make_group(shen, "组六")

    assert made == [201] * 5
    assert (sixth.status_code, sixth.json()["code"]) == (409, "too_many_groups")
    assert len(_groups(shen)["own"]) == 5
    assert make_group(wu, "组0").status_code == 201


def test_a_removed_group_makes_room(shen: DoctorMember, lin: Member) -> None:
    groups = [make_group(shen, f"组{number}").json()["id"] for number in range(5)]
    relation = follow(lin, shen)
    _fill(shen, groups[2], relation)

    assert shen.client.delete(f"/api/v1/doctor/groups/{groups[2]}").status_code == 204

    assert make_group(shen, "组六").status_code == 201
    assert patients(shen)["results"][0]["groups"] == []


@pytest.mark.parametrize("twin", ["糖尿病", " 糖 尿病 "])
def test_names_differ_by_more_than_blanks(shen: DoctorMember, twin: str) -> None:
    make_group(shen, "糖尿病")

    answer = make_group(shen, twin)

    assert (answer.status_code, answer.json()["code"]) == (409, "group_name_taken")


def test_width_and_case_make_no_other_name(shen: DoctorMember) -> None:
    make_group(shen, "Ａ组")
    other = make_group(shen, "b组").json()["id"]

    renamed = shen.client.patch(f"/api/v1/doctor/groups/{other}", {"name": "a组"}, format="json")

    assert renamed.json()["code"] == "group_name_taken"
    assert [group["name"] for group in _groups(shen)["own"]] == ["Ａ组", "b组"]


def test_a_group_is_renamed(shen: DoctorMember) -> None:
    group = make_group(shen, "旧名").json()["id"]

    answer = shen.client.patch(f"/api/v1/doctor/groups/{group}", {"name": "新名"}, format="json")

    assert answer.json()["name"] == "新名"


@pytest.mark.parametrize("name", ["", " ", "长" * 31, "a\nb", None, 5.5, ["x"]])
def test_a_name_that_is_none_is_refused(shen: DoctorMember, name: Any) -> None:
    answer = shen.client.post("/api/v1/doctor/groups", {"name": name}, format="json")

    assert answer.status_code == (201 if name == 5.5 else 400)


def test_patients_are_put_in_once_counted_and_taken_out(
    shen: DoctorMember, lin: Member, ge: Member
) -> None:
    group = make_group(shen, "失眠").json()["id"]
    one, two = follow(lin, shen), follow(ge, shen)

    added = [_fill(shen, group, one).json(), _fill(shen, group, one, two).json()]

    assert added == [{"added": 1}, {"added": 1}]
    assert patients(shen, f"?group={group}")["count"] == 2
    assert _groups(shen)["own"][0]["member_count"] == 2
    assert [row["member_count"] for row in _groups(shen)["system"]] == [2, 2]
    path = f"/api/v1/doctor/groups/{group}/patients/{one}"
    assert [shen.client.delete(path).status_code for _ in range(2)] == [204, 404]
    assert [row["id"] for row in patients(shen, f"?group={group}")["results"]] == [two]


def test_one_stranger_among_the_patients_and_nobody_is_put_in(
    shen: DoctorMember, wu: DoctorMember, lin: Member, ge: Member
) -> None:
    group = make_group(shen, "失眠").json()["id"]
    mine, foreign = follow(lin, shen), follow(ge, wu)

    for stranger in (foreign, str(uuid7())):
        assert _fill(shen, group, mine, stranger).status_code == 404

    assert GroupMember.objects.count() == 0
    assert strangers_in_groups() == []


def test_strangers_other_patients_and_other_doctors_are_refused(
    shen: DoctorMember, wu: DoctorMember, lin: Member, ge: Member, anonymous: Any
) -> None:
    group = make_group(shen, "失眠").json()["id"]
    relation, foreign = follow(lin, shen), follow(ge, wu)
    path = f"/api/v1/doctor/groups/{group}"

    for client, status in ((anonymous, 401), (ge.client, 403), (wu.client, 404)):
        assert client.patch(path, {"name": "x"}, format="json").status_code == status
        assert client.delete(path).status_code == status
        told = {"patients": [relation if status != 404 else foreign]}
        assert client.post(f"{path}/patients", told, format="json").status_code == status
        assert client.delete(f"{path}/patients/{relation}").status_code == status
    assert patients(wu)["count"] == 1
    assert wu.client.get(f"/api/v1/doctor/patients?group={group}").status_code == 404
    assert PatientGroup.objects.get().name == "失眠"


def test_the_list_costs_the_same_for_one_group_and_for_five(shen: DoctorMember) -> None:
    counts = []
    for number in range(5):
        make_group(shen, f"组{number}")
        with CaptureQueriesContext(connection) as caught:
            _groups(shen)
        counts.append(len(caught))

    assert len(set(counts)) == 1
