"""Missed promises are told once each; sanctions begin, hold and end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from prometheus_client import REGISTRY

from clinic.complaints.models import Complaint, ComplaintAlert, DoctorQuality, Sanction
from clinic.complaints.services.sweeping import sweep
from clinic.core.clock import clinic_day, now
from clinic.core.roles import Role
from clinic.settings import rules
from payments.models import PriceRule
from tests.cast import Member, make_member
from tests.complaints.conftest import complained, notices
from tests.complaints.test_story import decide
from tests.console.conftest import browser
from tests.console.test_steps import page_of, press
from tests.consultations.conftest import Desk, post, waiting_case
from tests.doctors_cast import DoctorMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


def age(complaint: Complaint, by: timedelta) -> None:
    """Let the deadlines of a complaint have passed so long ago."""
    Complaint.objects.filter(pk=complaint.pk).update(answer_by=now() - by)


def test_a_missed_answer_warns_the_handler_then_the_supervisors_each_once(
    case: str, lin: Member, bao: Member, an: Member, other_agent: Member, agent: Client
) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")
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
    press(agent, complaint, "answer", text="对不起，正在处理。")
    assert "answer overdue" not in page_of(agent, complaint).content.decode()


def test_what_nobody_took_warns_everybody_who_could(
    case: str, lin: Member, bao: Member, other_agent: Member
) -> None:
    age(complained(lin, case), timedelta(minutes=1))

    sweep()

    assert "complaint_overdue" in notices(bao)
    assert "complaint_overdue" in notices(other_agent)


def test_staff_whose_own_the_complaint_is_hears_nothing_of_its_deadlines_as_staff(
    case: str, lin: Member, bao: Member, an: Member, shen: DoctorMember
) -> None:
    for role in (Role.CUSTOMER_SERVICE, Role.ADMIN):
        group = Group.objects.get(name=role)
        lin.user.groups.add(group)
        shen.user.groups.add(group)
    complaint = complained(lin, case)

    for by in (-rules.COMPLAINT_ANSWER_SOON, timedelta(), rules.COMPLAINT_SUPERVISOR_AFTER):
        age(complaint, by + timedelta(minutes=1))
        sweep()

    staff = {"complaint_due", "complaint_overdue"}
    assert staff <= set(notices(bao))
    assert "complaint_overdue" in notices(an)
    assert staff.isdisjoint({*notices(lin), *notices(shen.member)})
    assert post(lin, f"complaints/{complaint.public_id}/withdraw").status_code == 200
    told = [told_back(who) for who in (lin, bao, an, shen.member)]
    assert told == [0, 1, 1, 1]  # the doctor as the one it concerned


def test_where_the_only_supervisor_is_barred_the_agents_hear_and_that_nobody_hears_is_logged(
    case: str, lin: Member, shen: DoctorMember, caplog: pytest.LogCaptureFixture
) -> None:
    shen.user.groups.add(Group.objects.get(name=Role.ADMIN))
    complaint = complained(lin, case)
    before = unheard()
    age(complaint, timedelta(minutes=1))
    sweep()
    assert "nobody may hear of a complaint" in caplog.text
    assert unheard() == before + 1
    agent = make_member("鲍一", Role.CUSTOMER_SERVICE, is_staff=True)

    age(complaint, rules.COMPLAINT_SUPERVISOR_AFTER + timedelta(minutes=1))
    sweep()

    assert notices(agent) == ["complaint_overdue"]
    assert "complaint_overdue" not in notices(shen.member)
    assert unheard() == before + 1


def unheard() -> float:
    """Return how many warnings nobody was allowed to hear so far."""
    labels = {"told": "handler"}
    return REGISTRY.get_sample_value("complaint_alerts_unheard_total", labels) or 0.0


def test_who_decided_a_complaint_is_not_called_to_its_appeal(
    case: str, lin: Member, bao: Member, other_agent: Member, agent: Client
) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")
    decide(agent, complaint, verdict="no", outcome="时间在约定之内。")
    assert (
        post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "请再看"}).status_code == 200
    )
    age(complaint, timedelta(minutes=1))

    sweep()

    assert "complaint_overdue" not in notices(bao)
    assert "complaint_overdue" in notices(other_agent)


def test_a_complaint_taken_back_is_told_to_those_who_heard_of_it(
    case: str,
    lin: Member,
    bao: Member,
    an: Member,
    shen: DoctorMember,
    wu: DoctorMember,
    other_agent: Member,
    agent: Client,
) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")

    assert post(lin, f"complaints/{complaint.public_id}/withdraw").status_code == 200

    heard = [who for who in (lin, bao, an, other_agent, shen.member, wu.member) if told_back(who)]
    assert heard == [bao, shen.member]
    assert told_back(bao) == told_back(shen.member) == 1
    late = complained(lin, case)
    age(late, rules.COMPLAINT_SUPERVISOR_AFTER + timedelta(minutes=1))
    sweep()
    assert post(lin, f"complaints/{late.public_id}/withdraw").status_code == 200
    assert [told_back(who) for who in (lin, bao, an, other_agent, shen.member, wu.member)] == [
        0, 2, 1, 1, 2, 0,
    ]  # fmt: skip


def told_back(member: Member) -> int:
    """Return how often somebody was told that a complaint was taken back."""
    return notices(member).count("complaint_withdrawn")


def test_a_doctor_for_calls_alone_comes_online_when_a_stop_is_lifted(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember, chief: Client
) -> None:
    complained(lin, desk.completed(lin, shen))
    switches = {"is_text_open": False, "is_phone_open": True}
    shen.client.patch("/api/v1/doctor/profile", switches, format="json")
    doctor = DoctorQuality.objects.get(pk=shen.doctor.pk)
    day = clinic_day(now()) + timedelta(days=3)
    press(chief, doctor, "stop", reason="投诉", until=day.isoformat())
    free = {"amount_fen": 0, "is_active": True, "valid_from": now()}
    PriceRule.objects.create(service="phone_consultation", scope="global", **free)
    case = waiting_case(ge, kind="phone_fast")
    desk.run_events()

    press(chief, Sanction.objects.get(), "lift")
    desk.run_events()

    case.refresh_from_db()
    assert (case.state, case.doctor_id) == ("waiting_accept", shen.doctor.pk)


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
    assert press(agent, doctor, "stop", reason="x", until=day.isoformat()).status_code == 403
    press(chief, doctor, "warn", reason="回复过慢")
    press(chief, doctor, "stop", reason="多次投诉成立", until=day.isoformat())
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
    press(chief, stop, "lift")
    assert "This decision is over" not in page_of(chief, stop).content.decode()
    desk.run_events()
    case.refresh_from_db()
    assert (case.state, case.doctor_id) == ("waiting_accept", shen.doctor.pk)
    assert notices(shen.member)[0] != "sanction_stop"


def test_a_stop_ends_by_itself(desk: Desk, lin: Member, shen: DoctorMember, an: Member) -> None:
    complained(lin, desk.completed(lin, shen))
    doctor = DoctorQuality.objects.get(pk=shen.doctor.pk)
    soon = now() + timedelta(days=2)
    press(browser(an.user), doctor, "stop", reason="投诉", until=clinic_day(soon).isoformat())
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
