"""Patients find departments, branches and doctors."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from doctors.enums import Certification, DoctorStatus, Level
from doctors.models import Branch, Department, DoctorPresence
from tests.doctors_cast import DoctorMember, make_department, make_doctor

pytestmark = pytest.mark.django_db
HOSTILE = ["%00", "%FF%FE", "x" * 5000, "'; DROP TABLE doctors_doctor; --", "%25%25%5C", "🙂" * 60]


def names(client: APIClient, query: str = "") -> list[str]:
    return [row["name"] for row in client.get(f"/api/v1/doctors{query}").json()["results"]]


def test_departments_are_found_by_name_and_code_and_closed_ones_are_not(
    anonymous: APIClient,
) -> None:
    make_department("tcm-skin", "皮肤科")
    make_department("tcm-bone", "骨伤科")
    Department.objects.create(code="old", name="皮肤旧科", is_active=False)

    def found(keyword: str) -> list[str]:
        answer = anonymous.get("/api/v1/departments", {"keyword": keyword})
        return [row["code"] for row in answer.json()["results"]]

    assert found("皮肤") == ["tcm-skin"]
    assert found("BONE") == ["tcm-bone"]
    assert found("") == ["tcm-skin", "tcm-bone"]
    assert found("没有") == []


def test_open_branches_are_listed(anonymous: APIClient) -> None:
    Branch.objects.create(code="1", name="东城店", address="东四北大街 1 号", phone="010-1")
    Branch.objects.create(code="2", name="旧店", is_active=False)

    answer = anonymous.get("/api/v1/branches").json()

    assert [row["name"] for row in answer["results"]] == ["东城店"]
    assert set(answer["results"][0]) == {
        "id", "code", "name", "description", "address", "phone", "time_zone",
        "rating_average", "review_count",
    }  # fmt: skip


def test_doctors_are_found_by_department_keyword_level_and_presence(anonymous: APIClient) -> None:
    skin = make_department("skin", "皮肤科")
    make_doctor("沈一鸣", hospital="北京香草医院")
    make_doctor("吴静", level=Level.CHIEF, department=skin, description="擅长湿疹")
    make_doctor("郑安", online=False)

    assert names(anonymous, "?department=skin") == ["吴静"]
    assert names(anonymous, "?level=chief") == ["吴静"]
    assert names(anonymous, "?keyword=湿疹") == ["吴静"]
    assert names(anonymous, "?keyword=香草") == ["沈一鸣"]
    assert names(anonymous, "?keyword=皮肤") == ["吴静"]
    assert names(anonymous, "?online=true") == ["吴静", "沈一鸣"]
    assert names(anonymous, "?online=false") == ["郑安"]
    assert names(anonymous) == ["吴静", "沈一鸣", "郑安"]
    assert names(anonymous, "?department=none") == []


def test_doctors_who_are_not_certified_or_suspended_are_not_shown(anonymous: APIClient) -> None:
    hidden = [
        make_doctor("甲", certification=Certification.PENDING),
        make_doctor("乙", status=DoctorStatus.SUSPENDED),
        make_doctor("丙"),
    ]
    hidden[2].user.is_active = False
    hidden[2].user.save(update_fields=["is_active"])

    assert names(anonymous) == []
    for member in hidden:
        assert anonymous.get(f"/api/v1/doctors/{member.doctor.public_id}").status_code == 404


def test_a_doctor_shows_public_fields_only(anonymous: APIClient) -> None:
    shen = make_doctor(
        phone="010-555",
        openid="o-secret",
        text_price_fen=5000,
    )

    listed = anonymous.get("/api/v1/doctors").json()["results"][0]
    shown = anonymous.get(f"/api/v1/doctors/{shen.doctor.public_id}").json()

    assert set(listed) == {
        "id", "name", "gender", "icon", "hospital", "level", "description", "department", "branch",
        "is_text_open", "is_phone_open", "text_price_fen", "phone_price_fen", "rating_average",
        "rating_count", "presence", "takes_patients",
    }  # fmt: skip
    assert set(shown) == set(listed) | {"hours", "rating"}
    assert (listed["text_price_fen"], listed["presence"]) == (5000, "online")
    assert listed["takes_patients"] is True
    assert shown["rating"] == {
        "average": "0.00", "count": 0, "by_star": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0},
    }  # fmt: skip


def test_a_full_doctor_is_online_but_takes_nobody(anonymous: APIClient) -> None:
    make_doctor(current_consultation_count=5)

    listed = anonymous.get("/api/v1/doctors").json()["results"][0]

    assert (listed["presence"], listed["takes_patients"]) == ("online", False)


def test_a_doctor_without_presence_row_is_offline(anonymous: APIClient) -> None:
    DoctorPresence.objects.filter(doctor=make_doctor(online=False).doctor).delete()

    assert anonymous.get("/api/v1/doctors").json()["results"][0]["presence"] == "offline"


def test_the_list_costs_the_same_queries_for_one_and_for_fifty(anonymous: APIClient) -> None:
    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert anonymous.get(f"/api/v1/doctors?page_size={size}").status_code == 200
        return len(seen)

    make_doctor()
    with_one = queries(100)
    for number in range(49):
        make_doctor(
            f"医{number}", branch=Branch.objects.create(code=f"{number}", name=f"店{number}")
        )

    assert queries(100) == with_one == 1
    assert [queries(20), queries(20)] == [2, 1]  # a full page counts once, then remembers


@pytest.mark.parametrize(("page", "shown"), [(1, 2), (2, 2), (3, 1), (4, 0)])
def test_every_page_tells_how_many_there_are(anonymous: APIClient, page: int, shown: int) -> None:
    for number in range(5):
        make_doctor(f"医{number}")

    answer = anonymous.get(f"/api/v1/doctors?page={page}&page_size=2").json()

    assert (answer["count"], len(answer["results"])) == (5, shown)


def test_pages_do_not_overlap_and_end_empty(anonymous: APIClient) -> None:
    for number in range(5):
        make_doctor(f"医{number}")

    pages = [names(anonymous, f"?page={page}&page_size=2") for page in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len({name for page in pages for name in page}) == 5


@pytest.mark.parametrize("path", ["doctors", "departments"])
@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_are_answered_without_a_fault(
    anonymous: APIClient, shen: DoctorMember, path: str, word: str
) -> None:
    assert anonymous.get(f"/api/v1/{path}?keyword={word}").status_code in {200, 400}


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=x", "page=99999999999999999999", "page_size=101", "page_size=-1",
        "level=god", "online=perhaps", "unknown=1", "page=1&page=2", "department=" + "x" * 31,
    ],
)  # fmt: skip
def test_wrong_parameters_are_a_400_with_a_code(anonymous: APIClient, query: str) -> None:
    answer = anonymous.get(f"/api/v1/doctors?{query}")

    assert answer.status_code == 400
    assert answer.json()["code"]


@pytest.mark.parametrize("tail", ["", "/reviews"])
def test_an_unknown_doctor_is_not_found(anonymous: APIClient, tail: str) -> None:
    assert anonymous.get(f"/api/v1/doctors/{uuid.uuid4()}{tail}").status_code == 404
    assert anonymous.get(f"/api/v1/doctors/1{tail}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_the_catalogue_over_the_api(an: Any, method: str) -> None:
    answer = getattr(an.client, method)("/api/v1/departments", {"code": "x"}, format="json")

    assert answer.status_code == 405
