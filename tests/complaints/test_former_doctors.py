"""A complaint about a case with several doctors concerns the one whom staff choose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from clinic.complaints.models import Complaint
from clinic.complaints.selectors.measures import facts_of
from clinic.core.clock import now
from consultations.models import Assignment
from tests.cast import Member
from tests.complaints.conftest import complained, notices, seen
from tests.complaints.test_story import decide
from tests.console.conftest import browser
from tests.console.test_steps import page_of, take
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
    told = {"doctor_id": str(wu.doctor.public_id), "reason": "unavailable", "note": ""}
    offered = post(shen.member, f"consultations/{public_id}/transfer", told).json()["id"]
    assert post(wu.member, f"doctor/transfers/{offered}/accept").status_code == 200
    say(desk, wu.member, public_id, "在的，请说。")
    record = RECORD | {"fits_revisit": True}
    assert post(wu.member, f"consultations/{public_id}/complete", record).status_code == 200
    desk.run_events()
    first, second = Assignment.objects.order_by("id")
    return Handed(complained(lin, public_id), shen, wu, first, second)


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
    take(agent, complaint, "claim")
    take(agent, complaint, "ask", text="请说明经过。")
    post(wu.member, f"doctor/complaints/{complaint.public_id}/comments", {"text": "我刚接手。"})
    row = page_of(agent, complaint).content.decode()
    assert all(f'value="{one.pk}"' in row for one in (handed.first, handed.second))
    before = facts_of(complaint, now()).measures

    take(agent, complaint, "doctor", assignment=handed.first.pk)
    take(agent, complaint, "doctor", assignment=handed.first.pk)

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
    take(agent, complaint, "ask", text="为何没有回复？")
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
    take(agent, complaint, "claim")
    decide(agent, complaint, points=4, points_reason="回复过慢")
    assert score(handed.wu) == 96
    post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "不是这位医生。"})
    other = browser(other_agent.user)
    take(other, complaint, "claim")

    take(other, complaint, "doctor", assignment=handed.first.pk)
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
    take(agent, complaint, "claim")

    refused = take(other, complaint, "doctor", assignment=handed.first.pk).content.decode()
    assert "A colleague has this complaint" in refused
    desk.paid(ge)
    foreign = Assignment.objects.latest("pk")
    take(agent, complaint, "doctor", assignment=foreign.pk)
    take(agent, complaint, "doctor", assignment="x")

    complaint.refresh_from_db()
    assert complaint.doctor == handed.wu.doctor
    assert not complaint.steps.filter(act="directed").exists()
