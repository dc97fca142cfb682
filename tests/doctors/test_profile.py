"""A doctor changes what is his to change."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from clinic.core.constraints import translate
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from doctors.enums import Certification, DoctorStatus, Level
from doctors.models import ServiceHours
from tests.cast import Member, make_member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
PROFILE, HOURS = "/api/v1/doctor/profile", "/api/v1/doctor/hours"
FRIDAY_NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def row(weekday: int, start: str, end: str) -> dict[str, Any]:
    return {"weekday": weekday, "start": start, "end": end}


def test_a_doctor_reads_his_profile_with_everything_but_the_openid() -> None:
    shen = make_doctor(phone="010-555", openid="o-secret")

    shown = shen.client.get(PROFILE).json()

    assert shown["phone"] == "010-555"
    assert (shown["presence"], shown["place_limit"]) == ("online", 5)
    assert "openid" not in shown


def test_a_doctor_changes_words_switches_and_prices(shen: DoctorMember) -> None:
    wanted = {
        "description": "擅长失眠、焦虑\n二十年经验", "hospital": "北京香草医院",
        "is_service_open": False, "is_phone_open": True, "text_price_fen": 8000,
        "phone_price_fen": None, "icon": "https://files.example/shen.png",
    }  # fmt: skip

    answer = shen.client.patch(PROFILE, wanted, format="json")

    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in wanted} == wanted
    assert AuditEntry.objects.filter(verb="change").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", Level.CHIEF), ("certification", Certification.CERTIFIED),
        ("status", DoctorStatus.ACTIVE), ("max_consultations", 50), ("rating_average", "5.00"),
        ("licence_valid_until", "2099-01-01"), ("current_consultation_count", 0), ("user", 1),
        ("name", "别人"), ("openid", "x"), ("nothing", 1),
    ],
)  # fmt: skip
def test_what_only_staff_changes_is_refused(field: str, value: Any) -> None:
    shen = make_doctor(level=Level.RESIDENT)

    answer = shen.client.patch(PROFILE, {field: value, "hospital": "新"}, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == field
    shen.doctor.refresh_from_db()
    assert (shen.doctor.level, shen.doctor.hospital) == (Level.RESIDENT, "")


@pytest.mark.parametrize(
    "body",
    [
        {"text_price_fen": 99}, {"text_price_fen": 200_001}, {"text_price_fen": "many"},
        {"text_price_fen": 10**19}, {"text_price_fen": 1.5}, {"is_service_open": "maybe"},
        {"description": "x" * 2001}, {"hospital": "a\nb"}, {"icon": "javascript:alert(1)"},
        {"icon": "https://x/" + "a" * 600}, {"description": None}, {"description": {"a": 1}}, [], 1,
        "text",
    ],
)  # fmt: skip
def test_hostile_or_wrong_profiles_are_a_400(shen: DoctorMember, body: Any) -> None:
    answer = shen.client.patch(PROFILE, body, format="json")

    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"\x00", b'{"hospital": "\\u0000"}', b'{"hospital": "\\ud800"}'])
def test_unreadable_bytes_are_a_400(shen: DoctorMember, body: bytes) -> None:
    answer = shen.client.patch(PROFILE, body, content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize("path", [PROFILE, HOURS, "/api/v1/doctor/presence"])
def test_patients_and_strangers_have_no_doctor_pages(
    lin: Member, anonymous: Any, path: str
) -> None:
    method = {PROFILE: "get", HOURS: "put"}.get(path, "post")

    assert getattr(lin.client, method)(path).status_code == 403
    assert getattr(anonymous, method)(path).status_code == 401


def test_a_doctor_without_a_profile_is_told_that_nothing_is_there(db: None) -> None:
    newcomer = make_member("新医生", Role.DOCTOR)

    assert newcomer.client.get(PROFILE).status_code == 404
    answer = newcomer.client.post("/api/v1/doctor/presence", {"state": "online"}, format="json")
    assert answer.status_code == 404


@time_machine.travel(FRIDAY_NOON, tick=False)
def test_hours_replace_the_old_ones_and_decide_about_duty_at_once() -> None:
    shen = make_doctor()

    closed = shen.client.put(HOURS, {"hours": [row(0, "09:00", "12:00")]}, format="json")
    shen.doctor.refresh_from_db()
    assert (closed.status_code, shen.doctor.is_on_duty) == (200, False)

    hours = {
        "hours": [row(4, "11:00", "12:00"), row(4, "12:00", "00:00"), row(5, "00:00", "01:00")]
    }
    opened = shen.client.put(HOURS, hours, format="json")
    shen.doctor.refresh_from_db()
    assert opened.json() == hours["hours"]
    assert shen.doctor.is_on_duty
    assert shen.doctor.duty_ends_at == datetime(2026, 11, 21, 1, tzinfo=ZoneInfo("Asia/Shanghai"))

    shen.client.put(HOURS, {"hours": []}, format="json")
    shen.doctor.refresh_from_db()
    assert (shen.doctor.is_on_duty, shen.doctor.duty_ends_at) == (True, None)
    assert not ServiceHours.objects.exists()


def test_overlapping_hours_are_refused_by_name(shen: DoctorMember) -> None:
    hours = [row(1, "09:00", "12:00"), row(1, "11:59", "13:00")]

    answer = shen.client.put(HOURS, {"hours": hours}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "hours_overlap")


def test_the_database_refuses_overlapping_hours_too(shen: DoctorMember, wu: DoctorMember) -> None:
    def add(member: DoctorMember, weekday: int, start: int, end: int) -> None:
        ServiceHours.objects.create(
            doctor=member.doctor, weekday=weekday, start=time(start), end=time(end)
        )

    add(shen, 6, 20, 0)
    add(shen, 0, 0, 3)
    add(wu, 6, 20, 0)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        add(shen, 6, 23, 0)

    assert translate(refusal.value).code == "hours_overlap"


@pytest.mark.parametrize(
    "hours",
    [
        [row(7, "09:00", "10:00")], [row(-1, "09:00", "10:00")], [row(1, "10:00", "09:00")],
        [row(1, "09:00", "09:00")], [row(1, "25:00", "26:00")], [row(1, "", "")], [{}], ["x"],
        [None], "x", None, {}, [row(day % 7, "09:00", "10:00") for day in range(43)],
        [row(10**18, "09:00", "10:00")],
    ],
)  # fmt: skip
def test_wrong_hours_are_a_400(shen: DoctorMember, hours: Any) -> None:
    assert shen.client.put(HOURS, {"hours": hours}, format="json").status_code == 400
