"""Missed promises are told once each; sanctions begin, hold and end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clinic.complaints.models import Complaint, ComplaintAlert, DoctorQuality, Sanction
from clinic.complaints.services.sweeping import sweep
from clinic.core.clock import clinic_day, now
from clinic.settings import rules
from tests.cast import Member
from tests.complaints.conftest import complained, notices
from tests.console.conftest import browser
from tests.console.test_steps import page_of, take
from tests.consultations.conftest import Desk, waiting_case
from tests.doctors_cast import DoctorMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


def age(complaint: Complaint, by: timedelta) -> None:
    """Let the deadlines of a complaint have passed so long ago."""
    Complaint.objects.filter(pk=complaint.pk).update(answer_by=now() - by)


def test_a_missed_answer_warns_the_handler_then_the_supervisors_each_once(
    case: str, lin: Member, bao: Member, an: Member, other_agent: Member, agent: Client
) -> None:
    complaint = complained(lin, case)
    take(agent, complaint, "claim")
    assert sweep() == 0
    age(complaint, timedelta(minutes=1) - rules.COMPLAINT_ANSWER_SOON)
    sweep()
    sweep()
    assert notices(bao).count("complaint_due") == 1
    assert not {"complaint_overdue", "complaint_late"} & {*notices(bao), *notices(lin)}

    age(complaint, timedelta(minutes=1))
    sweep()
    sweep()
    assert notices(bao).count("complaint_overdue") == 1
    assert notices(lin).count("complaint_late") == 1
    assert "complaint_overdue" not in notices(other_agent) + notices(an)
    age(complaint, rules.COMPLAINT_SUPERVISOR_AFTER + timedelta(minutes=1))
    sweep()
    sweep()

    assert notices(an).count("complaint_overdue") == 1
    assert notices(lin).count("complaint_late") == 1
    assert ComplaintAlert.objects.count() == 4
    page = agent.get("/admin/complaints/complaint/?work=overdue").content.decode()
    assert "answer overdue" in page
    take(agent, complaint, "answer", text="对不起，正在处理。")
    assert "answer overdue" not in page_of(agent, complaint).content.decode()


def test_what_nobody_took_warns_everybody_who_could(
    case: str, lin: Member, bao: Member, other_agent: Member
) -> None:
    age(complained(lin, case), timedelta(minutes=1))

    sweep()

    assert "complaint_overdue" in notices(bao)
    assert "complaint_overdue" in notices(other_agent)


def test_a_stopped_doctor_gets_nobody_until_the_day_and_cannot_open_himself(
    desk: Desk,
    lin: Member,
    ge: Member,
    shen: DoctorMember,
    chief: Client,
    agent: Client,
    breaches: Callable[[], list[str]],
) -> None:
    complained(lin, desk.completed(lin, shen))
    doctor = DoctorQuality.objects.get(pk=shen.doctor.pk)
    day = clinic_day(now()) + timedelta(days=3)
    assert take(agent, doctor, "stop", reason="x", until=day.isoformat()).status_code == 403
    take(chief, doctor, "warn", reason="回复过慢")
    take(chief, doctor, "stop", reason="多次投诉成立", until=day.isoformat())
    assert notices(shen.member)[:2] == ["sanction_stop", "sanction_warning"]

    opened = shen.client.patch("/api/v1/doctor/profile", {"is_service_open": True}, format="json")
    assert (opened.status_code, opened.json()["code"]) == (409, "service_stopped")
    case = waiting_case(ge)
    desk.run_events()
    case.refresh_from_db()
    assert case.state == "waiting_assignment"
    quality = shen.client.get("/api/v1/doctor/quality").json()
    assert [one["kind"] for one in quality["sanctions"]] == ["stop", "warning"]
    assert breaches() == []

    stop = Sanction.objects.get(kind="stop")
    take(chief, stop, "lift")
    assert "This decision is over" not in page_of(chief, stop).content.decode()
    desk.run_events()
    case.refresh_from_db()
    assert (case.state, case.doctor_id) == ("waiting_accept", shen.doctor.pk)
    assert notices(shen.member)[0] != "sanction_stop"


def test_a_stop_ends_by_itself(desk: Desk, lin: Member, shen: DoctorMember, an: Member) -> None:
    complained(lin, desk.completed(lin, shen))
    doctor = DoctorQuality.objects.get(pk=shen.doctor.pk)
    soon = now() + timedelta(days=2)
    take(browser(an.user), doctor, "stop", reason="投诉", until=clinic_day(soon).isoformat())
    stop = Sanction.objects.get()

    assert sweep() == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: soon)
        sweep()
        sweep()

    stop.refresh_from_db()
    shen.doctor.refresh_from_db()
    assert (stop.ended_at, stop.lifted_by) == (soon, None)
    assert (shen.doctor.is_service_open, shen.doctor.is_service_stopped) == (True, False)
