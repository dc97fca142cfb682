"""A complaint about a case with several doctors concerns the one whom staff choose."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pgtrigger
import pytest
from django.contrib.auth.models import Group
from django.db import InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from clinic.accounts.models import User
from clinic.complaints.errors import OwnCaseError
from clinic.complaints.models import Complaint, ComplaintNote
from clinic.complaints.selectors.measures import facts_of
from clinic.complaints.services import handling, noting
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.core.roles import Role
from consultations.models import Assignment
from tests.cast import Member
from tests.complaints.conftest import complained, notices, seen
from tests.complaints.test_story import decide, decision_page
from tests.console.conftest import browser
from tests.console.test_steps import page_of, press, take
from tests.consultations.conftest import RECORD, Desk, post
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


@dataclass(frozen=True)
class Handed:
    """A complaint about a case that went from Shen to Wu, and who had it by which row."""

    complaint: Complaint
    shen: DoctorMember
    wu: DoctorMember
    first: Assignment
    second: Assignment


@pytest.fixture
def handed(desk: Desk, lin: Member, shen: DoctorMember) -> Handed:
    """Lin asked Shen, who never answered; Wu took over, answered and completed; Lin complains."""
    public_id = desk.accepted(lin, shen)
    say(desk, lin, public_id, "医生在吗？")
    wu = make_doctor("吴静")
    hand_over(public_id, shen, wu)
    say(desk, wu.member, public_id, "在的，请说。")
    record = RECORD | {"fits_revisit": True}
    assert post(wu.member, f"consultations/{public_id}/complete", record).status_code == 200
    desk.run_events()
    first, second = Assignment.objects.order_by("id")
    return Handed(complained(lin, public_id), shen, wu, first, second)


def hand_over(public_id: str, giver: DoctorMember, taker: DoctorMember) -> None:
    """Let a case go to a colleague who accepts it."""
    told = {"doctor_id": str(taker.doctor.public_id), "reason": "unavailable", "note": ""}
    offered = post(giver.member, f"consultations/{public_id}/transfer", told).json()["id"]
    assert post(taker.member, f"doctor/transfers/{offered}/accept").status_code == 200


def say(desk: Desk, member: Member, public_id: str, body: str) -> None:
    """Write a message in the conversation of a case."""
    talk = desk.row(public_id).conversation
    assert talk is not None
    told = {"cid": body, "body": body}
    assert post(member, f"conversations/{talk.public_id}/messages", told).status_code == 201


def concerning(doctor: DoctorMember) -> list[list[str]]:
    """Return the words about each complaint that a doctor sees."""
    rows: list[dict[str, Any]] = doctor.client.get("/api/v1/doctor/complaints").json()["results"]
    return [[note["text"] for note in row["comments"]] for row in rows]


def score(doctor: DoctorMember) -> int:
    """Return a doctor's quality."""
    return int(doctor.client.get("/api/v1/doctor/quality").json()["score"])


def test_staff_choose_the_former_doctor_who_is_asked_and_loses_the_points(
    handed: Handed, lin: Member, agent: Client, breaches: Callable[[], list[str]]
) -> None:
    complaint, shen, wu = handed.complaint, handed.shen, handed.wu
    assert (len(concerning(wu)), len(concerning(shen))) == (1, 0)
    press(agent, complaint, "claim")
    press(agent, complaint, "ask", text="请说明经过。")
    post(wu.member, f"doctor/complaints/{complaint.public_id}/comments", {"text": "我刚接手。"})
    row = page_of(agent, complaint).content.decode()
    assert f'value="{handed.first.pk}">' in row
    assert f'value="{handed.second.pk}" selected>' in row
    before = facts_of(complaint, now()).measures

    press(agent, complaint, "doctor", assignment=handed.first.pk)
    press(agent, complaint, "doctor", assignment=handed.first.pk)

    complaint.refresh_from_db()
    after = facts_of(complaint, now()).measures
    assert before is not None
    assert after is not None
    assert (before.reply_count, after.reply_count) == (1, 0)
    assert (before.first_reply is None, after.open_for is None) == (False, False)
    assert complaint.about_user == shen.user
    assert notices(wu.member)[0] == "complaint_about_another"
    assert notices(shen.member).count("complaint_about_you") == 1
    assert (concerning(wu), concerning(shen)) == ([], [[]])
    path = f"doctor/complaints/{complaint.public_id}/comments"
    assert post(wu.member, path, {"text": "还有"}).status_code == 404
    with pytest.raises(NotFoundError):  # he sent it before staff chose the other one
        noting.comment(complaint.pk, text="还有", actor=wu.actor, now=now())
    press(agent, complaint, "ask", text="为何没有回复？")
    assert concerning(shen) == [["为何没有回复？"]]
    assert notices(shen.member)[0] == "complaint_facts_asked"
    assert notices(wu.member).count("complaint_facts_asked") == 1

    decide(agent, complaint, points=2, points_reason="接诊后未回复")

    assert (score(shen), score(wu)) == (98, 100)
    told = seen(lin, complaint)
    assert told["doctor"]["name"] == "沈一鸣"
    assert [step["act"] for step in told["history"]].count("directed") == 1
    chosen = complaint.steps.get(act="directed")
    assert (chosen.doctor, chosen.before, chosen.after) == (shen.doctor, "in_review", "in_review")
    assert "沈一鸣" in page_of(agent, complaint).content.decode()
    assert breaches() == []


def test_in_an_appeal_another_doctor_can_be_chosen_and_the_former_gets_his_points_back(
    handed: Handed, lin: Member, agent: Client, other_agent: Member,
    breaches: Callable[[], list[str]],
) -> None:  # fmt: skip
    complaint = handed.complaint
    press(agent, complaint, "claim")
    decide(agent, complaint, points=4, points_reason="回复过慢")
    assert score(handed.wu) == 96
    post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "不是这位医生。"})
    other = browser(other_agent.user)
    press(other, complaint, "claim")

    press(other, complaint, "doctor", assignment=handed.first.pk)
    assert score(handed.wu) == 100
    assert breaches() == []
    decide(other, complaint, points=4, points_reason="接诊后未回复")

    assert (score(handed.shen), score(handed.wu)) == (96, 100)
    assert breaches() == []


def test_only_the_handler_chooses_and_only_among_the_doctors_of_the_case(
    handed: Handed, desk: Desk, ge: Member, agent: Client, other_agent: Member
) -> None:
    complaint = handed.complaint
    other = browser(other_agent.user)
    press(agent, complaint, "claim")

    refused = take(other, complaint, "doctor", assignment=handed.first.pk).content.decode()
    assert "A colleague has this complaint" in refused
    desk.paid(ge)
    foreign = Assignment.objects.latest("pk")
    press(agent, complaint, "doctor", assignment=foreign.pk)
    press(agent, complaint, "doctor", assignment="x")

    complaint.refresh_from_db()
    assert complaint.doctor == handed.wu.doctor
    assert not complaint.steps.filter(act="directed").exists()


def test_replies_of_the_doctor_in_between_are_not_counted(
    desk: Desk, lin: Member, shen: DoctorMember, agent: Client
) -> None:
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    hand_over(public_id, shen, wu)
    say(desk, lin, public_id, "医生在吗？")
    say(desk, wu.member, public_id, "在的，请说。")
    hand_over(public_id, wu, shen)

    complaint = complained(lin, public_id)

    assert complaint.doctor == shen.doctor
    assert "No reply by the doctor." in page_of(agent, complaint).content.decode()


def test_nothing_is_measured_of_a_doctor_who_got_the_case_after_the_complaint(
    desk: Desk, lin: Member, shen: DoctorMember, agent: Client
) -> None:
    public_id = desk.accepted(lin, shen)
    say(desk, lin, public_id, "医生在吗？")
    complaint = complained(lin, public_id)
    wu = make_doctor("吴静")
    hand_over(public_id, shen, wu)
    press(agent, complaint, "claim")
    assert "Nothing to measure." not in page_of(agent, complaint).content.decode()

    press(agent, complaint, "doctor", assignment=Assignment.objects.latest("id").pk)

    complaint.refresh_from_db()
    assert complaint.doctor == wu.doctor
    assert "Nothing to measure." in page_of(agent, complaint).content.decode()


def test_a_former_doctor_who_is_staff_neither_reads_nor_handles_the_complaint(
    handed: Handed, agent: Client
) -> None:
    complaint, former = handed.complaint, handed.shen.user
    former.groups.add(Group.objects.get_or_create(name=Role.CUSTOMER_SERVICE.value)[0])
    User.objects.filter(pk=former.pk).update(is_staff=True)
    own = browser(User.objects.get(pk=former.pk))
    listed = reverse("admin:complaints_complaint_changelist")
    address = reverse("admin:complaints_complaint_change", args=[complaint.pk])
    assert address in agent.get(listed).content.decode()

    page = own.get(listed)

    assert page.status_code == 200
    assert address not in page.content.decode()
    assert complaint.text not in own.get(address, follow=True).content.decode()
    assert press(own, complaint, "claim").status_code == 403
    for write in (noting.note_internally, noting.answer, noting.ask_doctor):
        with pytest.raises(OwnCaseError):
            write(complaint.pk, text="我没错", actor=handed.shen.actor, now=now())
    with pytest.raises(OwnCaseError):
        handling.claim(complaint.pk, actor=handed.shen.actor, now=now())


def test_a_handler_who_gets_the_case_gives_the_complaint_back_and_decides_nothing(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    wu.user.groups.add(Group.objects.get_or_create(name=Role.CUSTOMER_SERVICE.value)[0])
    User.objects.filter(pk=wu.user.pk).update(is_staff=True)
    own = browser(User.objects.get(pk=wu.user.pk))
    complaint = complained(lin, public_id)
    press(own, complaint, "claim")
    hand_over(public_id, shen, wu)

    assert "Somebody else must handle" in decision_page(own, complaint)
    assert complaint.state == "in_review"
    press(own, complaint, "release")

    complaint.refresh_from_db()
    assert (complaint.state, complaint.handler) == ("open", None)
    assert press(own, complaint, "claim").status_code == 403


def test_notes_from_before_they_named_a_doctor_are_read_by_him_again(
    handed: Handed, agent: Client
) -> None:
    complaint, wu = handed.complaint, handed.wu
    press(agent, complaint, "claim")
    press(agent, complaint, "ask", text="请说明经过。")
    path = f"doctor/complaints/{complaint.public_id}/comments"
    assert post(wu.member, path, {"text": "我刚接手。"}).status_code == 201
    press(agent, complaint, "note", text="内部看法")
    with pgtrigger.ignore("complaints.ComplaintNote:complaint_notes_append_only"):
        ComplaintNote.objects.update(doctor=None)
    assert concerning(wu) == [[]]

    earlier = import_module("clinic.complaints.migrations.0007_doctors_of_earlier_notes")
    with connection.cursor() as cursor:
        cursor.execute(earlier.FILL)

    assert concerning(wu) == [["请说明经过。", "我刚接手。"]]
    assert ComplaintNote.objects.get(doctor=None).text == "内部看法"
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        ComplaintNote.objects.update(doctor=None)
