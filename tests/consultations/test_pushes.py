"""Seed 004: the answer of initiateConsultation, and whether the doctor's hours allow a push."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.roles import Role
from clinic.notifications.models import Notice
from clinic.patients.models import VisitPerson
from consultations.models import DoctorPush
from consultations.services.pushing import tell_at_opening
from doctors.models import ServiceHours
from tests.cast import Member, make_member
from tests.consultations.conftest import Desk, person_of, post
from tests.doctors_cast import DoctorMember

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 3, 2, 22, 0, tzinfo=CLINIC_ZONE)  # a Tuesday
MORNING = datetime(2027, 3, 3, 9, 30, tzinfo=CLINIC_ZONE)


def open_all_day(doctor: DoctorMember, start: time, end: time) -> None:
    ServiceHours.objects.bulk_create(
        ServiceHours(doctor=doctor.doctor, weekday=day, start=start, end=end) for day in range(7)
    )


def closed_now(doctor: DoctorMember) -> None:
    """Open the doctor's hours for an hour that lies twelve hours away."""
    far = now().astimezone(CLINIC_ZONE) + timedelta(hours=12)
    open_all_day(doctor, time(far.hour, 0), time(far.hour, 59))


def open_again(doctor: DoctorMember) -> None:
    ServiceHours.objects.filter(doctor=doctor.doctor).delete()


def initiate(member: Member, doctor: DoctorMember) -> Any:
    body = {"doctorId": str(doctor.doctor.public_id), "patientId": str(person_of(member).public_id)}
    return member.client.post("/1.1/functions/initiateConsultation", body, format="json")


def kinds(doctor: DoctorMember) -> list[str]:
    rows = Notice.objects.filter(user=doctor.user).order_by("id")
    return list(rows.values_list("kind", flat=True))


def test_the_answer_is_the_one_that_the_seed_prints(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    first, second = initiate(lin, shen), initiate(lin, shen)

    assert first.status_code == 200
    assert first.json().keys() == {"result"}
    result = first.json()["result"]
    assert list(result) == ["success", "isOld", "status", "startAt", "consultationId"]
    assert (result["success"], result["isOld"], result["status"]) == (True, False, "0")
    assert abs(result["startAt"] - now().timestamp() * 1000) < 60_000
    assert second.json()["result"] == result | {"isOld": True}


def test_a_doctor_within_his_hours_is_pushed_at_once_and_once_a_day(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    case = initiate(lin, shen).json()["result"]["consultationId"]
    assert kinds(shen) == ["consultation_started"]

    assert post(lin, f"consultations/{case}/cancel").status_code == 200
    initiate(lin, shen)

    assert kinds(shen) == ["consultation_started"]
    assert tell_at_opening() == 0


def test_a_doctor_outside_his_hours_is_told_when_they_open(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    closed_now(shen)
    initiate(lin, shen)
    gone = initiate(ge, shen).json()["result"]["consultationId"]
    assert (kinds(shen), tell_at_opening(), kinds(shen)) == ([], 0, [])
    assert post(ge, f"consultations/{gone}/cancel").status_code == 200

    open_again(shen)
    assert (tell_at_opening(), tell_at_opening()) == (1, 0)

    assert kinds(shen) == ["consultation_started"]
    assert not DoctorPush.objects.filter(told_at=None).exists()


def test_hours_are_read_on_the_clinics_clock(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    open_all_day(shen, time(9, 0), time(17, 0))
    for patient in (lin, ge):
        desk.draft(patient, kind="text_chosen", doctor_id=str(shen.doctor.public_id))
    DoctorPush.objects.update(told_at=None)
    Notice.objects.all().delete()

    with time_machine.travel(EVENING, tick=False):
        assert tell_at_opening() == 0
    with time_machine.travel(MORNING, tick=False):
        assert tell_at_opening() == 1

    notice = Notice.objects.get(user=shen.user)
    assert (notice.kind, notice.params) == ("consultations_waiting", {"count": 2})


def test_a_case_that_is_paid_outside_the_hours_waits_quietly_in_the_doctors_list(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    closed_now(shen)
    public_id = desk.paid(lin, kind="text_chosen", doctor_id=str(shen.doctor.public_id))

    rows = shen.client.get("/api/v1/consultations?open=true").json()["results"]
    assert [(row["id"], row["state"]) for row in rows] == [(public_id, "waiting_accept")]
    assert kinds(shen) == []

    open_again(shen)
    tell_at_opening()
    assert kinds(shen) == ["consultation_offered"]


def test_who_accepted_before_his_hours_opened_is_not_told_any_more(
    desk: Desk, shen: DoctorMember
) -> None:
    lin = make_member("林小月", Role.PATIENT)
    closed_now(shen)
    public_id = desk.paid(lin, kind="text_chosen", doctor_id=str(shen.doctor.public_id))
    assert post(shen.member, f"consultations/{public_id}/accept").status_code == 200
    DoctorPush.objects.filter(kind="started").delete()

    open_again(shen)
    tell_at_opening()

    assert kinds(shen) == []


def test_a_start_for_somebody_else_takes_nothing_over_from_the_first(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    chosen = {"kind": "text_chosen", "doctor_id": str(shen.doctor.public_id)}
    draft = desk.draft(lin, **chosen)
    mother = VisitPerson.objects.create(
        account=lin.user, name="林母", gender="female", birthday=date(1960, 5, 1), relation="parent"
    )
    body = {"doctorId": str(shen.doctor.public_id), "patientId": str(mother.public_id)}

    answer = lin.client.post("/1.1/functions/initiateConsultation", body, format="json")

    assert answer.json()["result"]["consultationId"] == draft
    case = desk.row(draft)
    assert (case.person, case.complaint) == (mother, "")
    assert post(lin, f"consultations/{draft}/order").json()["code"] == "complaint_missing"
