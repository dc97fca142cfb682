"""A complaint from the first word to the outcome, through the doors of the three sides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.complaints.errors import OwnCaseError
from clinic.complaints.models import Complaint, ComplaintNote
from clinic.complaints.services import handling, noting
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.models import AuditEntry
from clinic.notifications.models import Notice
from clinic.settings import rules
from payments.models import RefundRequest
from tests.cast import Member
from tests.complaints.conftest import complain, complained, notices, seen, upload
from tests.console.conftest import browser
from tests.console.test_steps import page_of, press, take
from tests.consultations.conftest import Desk, post
from tests.customer_service.conftest import asked, make_agent
from tests.doctors_cast import DoctorMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
VERDICT = {"verdict": "yes", "outcome": "确实回复过慢，我们向您道歉。"}


def decide(client: Client, complaint: Complaint, **told: str | int) -> None:
    """Decide a complaint in the console."""
    press(client, complaint, "decide", **(VERDICT | told))
    complaint.refresh_from_db()


def decision_page(client: Client, complaint: Complaint, **told: str | int) -> str:
    """Decide a complaint in the console; return the page that follows."""
    answer = take(client, complaint, "decide", **(VERDICT | told))
    complaint.refresh_from_db()
    return str(answer.content.decode())


def test_a_complaint_is_answered_decided_and_accepted(
    case: str,
    lin: Member,
    shen: DoctorMember,
    agent: Client,
    chief: Client,
    breaches: Callable[[], list[str]],
) -> None:
    complaint = complained(lin, case, files=[upload(lin)])
    assert "complaint_about_you" in notices(shen.member)
    assert notices(lin)[0] == "complaint_received"
    post(lin, f"complaints/{complaint.public_id}/notes", {"text": "补充：晚上八点。"})
    said = post(
        shen.member, f"doctor/complaints/{complaint.public_id}/comments", {"text": "当时在急诊。"}
    )
    assert said.status_code == 201

    early = post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "太慢。"})
    assert (early.status_code, early.json()["code"]) == (409, "not_decided")
    take(agent, complaint, "claim")
    take(agent, complaint, "answer", text="我们正在核实。")
    page = page_of(agent, complaint).content.decode()
    assert "当时在急诊。" in page
    assert "林*月" in page
    assert AuditEntry.objects.filter(
        verb="complaint.read", subject=f"complaint:{complaint.public_id}"
    ).exists()
    decision_page(agent, complaint, points=3, points_reason="回复超过四小时", compensation="10")

    shown = seen(lin, complaint)
    assert (shown["state"], shown["outcome"]) == ("resolved", VERDICT["outcome"])
    assert [note["side"] for note in shown["notes"]] == ["patient", "staff"]
    assert "当时在急诊" not in str(shown)
    assert shown["compensations"] == [{"round": 1, "amount_fen": 1000, "state": "waiting"}]
    assert [step["act"] for step in shown["history"]] == [
        "opened", "claimed", "answered", "decided",
    ]  # fmt: skip
    take(chief, RefundRequest.objects.get(), "grant")
    assert seen(lin, complaint)["compensations"][0]["state"] == "granted"
    quality = shen.client.get("/api/v1/doctor/quality").json()
    assert (quality["score"], quality["entries"][0]["reason"]) == (97, "回复超过四小时")
    accepted = post(lin, f"complaints/{complaint.public_id}/accept")
    assert accepted.json()["may_appeal"] is False
    assert post(lin, f"complaints/{complaint.public_id}/accept").status_code == 409
    assert breaches() == []


def test_an_appeal_goes_to_somebody_else_once_and_its_outcome_replaces_the_points(
    case: str, lin: Member, shen: DoctorMember, agent: Client, other_agent: Member
) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")
    decide(agent, complaint, points=5, points_reason="回复过慢")
    assert notices(lin)[0] == "complaint_decided"

    appealed = post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "赔偿太少。"})
    assert appealed.json()["state"] == "open"
    assert notices(lin)[0] == "complaint_appealed"
    assert "Somebody else must handle" in take(agent, complaint, "claim").content.decode()
    other = browser(other_agent.user)
    press(other, complaint, "claim")
    decide(other, complaint, verdict="no", outcome="核实后不成立。")

    assert notices(lin)[0] == "complaint_appeal_decided"
    assert seen(lin, complaint)["state"] == "rejected"
    assert shen.client.get("/api/v1/doctor/quality").json()["score"] == 100
    again = post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "再看。"})
    assert (again.status_code, again.json()["code"]) == (409, "appeal_used")
    assert post(lin, f"complaints/{complaint.public_id}/withdraw").status_code == 409


def test_staff_asks_the_doctor_for_facts_that_the_patient_does_not_read(
    case: str, lin: Member, shen: DoctorMember, wu: DoctorMember, agent: Client
) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")
    before = [*notices(lin)]

    press(agent, complaint, "ask", text="当晚为何四小时没有回复？")

    assert notices(shen.member)[0] == "complaint_facts_asked"
    assert notices(lin) == before
    assert "complaint_facts_asked" not in notices(wu.member)
    shown = shen.client.get(f"/api/v1/doctor/complaints/{complaint.public_id}").json()
    assert [(note["side"], note["text"]) for note in shown["comments"]] == [
        ("staff", "当晚为何四小时没有回复？")
    ]
    assert "当晚" not in str(seen(lin, complaint))
    told = Notice.objects.filter(subject_public_id=complaint.public_id)
    assert "当晚" not in str([notice.params for notice in told])
    assert {key for notice in told for key in notice.params} == {"until_at"}


def test_the_time_to_appeal_ends(case: str, lin: Member, agent: Client) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")
    decide(agent, complaint)
    too_late = now() - rules.COMPLAINT_APPEAL_WITHIN - timedelta(minutes=1)
    Complaint.objects.filter(pk=complaint.pk).update(decided_at=too_late)

    answer = post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "再看。"})

    assert answer.json()["code"] == "appeal_used"
    assert seen(lin, complaint)["may_appeal"] is False


def test_one_thing_has_one_pending_complaint(case: str, lin: Member) -> None:
    first = complained(lin, case)

    assert complain(lin, case).json()["code"] == "complaint_open"
    withdrawn = post(lin, f"complaints/{first.public_id}/withdraw").json()
    assert withdrawn["state"] == "withdrawn"
    note = post(lin, f"complaints/{first.public_id}/notes", {"text": "还有"})
    assert note.json()["code"] == "complaint_closed"
    assert complain(lin, case).status_code == 201


def test_nobody_complains_of_what_is_not_his(
    case: str, desk: Desk, lin: Member, ge: Member, shen: DoctorMember, wu: DoctorMember
) -> None:
    doctor = str(shen.doctor.public_id)

    assert complain(ge, case).status_code == 400
    assert complain(ge, doctor, subject="doctor").status_code == 400
    assert complain(lin, str(wu.doctor.public_id), subject="doctor").status_code == 400
    assert complain(lin, case, subject="appointment").status_code == 400
    assert complain(lin, doctor, subject="doctor", kind="attitude").status_code == 201
    assert complain(lin, case, files=[upload(ge)]).json()["code"] == "invalid_input"


def test_strangers_other_patients_and_other_doctors_find_nothing(
    case: str, lin: Member, ge: Member, shen: DoctorMember, wu: DoctorMember
) -> None:
    complaint = complained(lin, case, files=[upload(lin)])
    mine, his = f"complaints/{complaint.public_id}", f"doctor/complaints/{complaint.public_id}"
    file_id = seen(lin, complaint)["files"][0]["id"]

    for verb in ("notes", "withdraw", "accept", "appeal"):
        assert post(ge, f"{mine}/{verb}", {"text": "x"}).status_code == 404
        assert post(shen.member, f"{mine}/{verb}", {"text": "x"}).status_code == 403
    assert post(wu.member, f"{his}/comments", {"text": "x"}).status_code == 404
    assert wu.client.get(f"/api/v1/{his}").status_code == 404
    assert lin.client.get(f"/api/v1/{his}").status_code == 403
    assert ge.client.get(f"/api/v1/{mine}").status_code == 404
    assert ge.client.get(f"/api/v1/files/{file_id}").status_code == 404
    assert shen.client.get(f"/api/v1/files/{file_id}").status_code == 404
    assert lin.client.get(f"/api/v1/files/{file_id}").status_code == 200
    assert shen.client.get(f"/api/v1/{his}").json()["kind"] == "late"


def test_points_need_a_doctor_a_justified_complaint_and_a_reason(
    case: str, lin: Member, agent: Client
) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")

    for told in ({"points": 3}, {"points": 3, "points_reason": "慢", "verdict": "no"}):
        assert "Points need a doctor" in decision_page(agent, complaint, **told)
    decide(agent, complaint, compensation="1000")
    assert complaint.state == "in_review"
    assert not RefundRequest.objects.exists()


def test_lists_cost_the_same_however_long(
    desk: Desk, lin: Member, shen: DoctorMember, agent: Client
) -> None:
    addresses = [
        (lin.client, "/api/v1/complaints"),
        (shen.client, "/api/v1/doctor/complaints"),
        (agent, "/admin/complaints/complaint/"),
        (agent, "/admin/complaints/doctorquality/"),
    ]
    costs = []
    for times in (1, 2):
        for _number in range(times):
            complaint = complained(lin, desk.completed(lin, shen), files=[upload(lin)])
            press(agent, complaint, "claim")
            decide(agent, complaint, points=1, points_reason="慢")
        costs.append([cost_of(client, address) for client, address in addresses])

    assert costs[0] == costs[1]


def cost_of(client: Any, address: str) -> int:
    """Return how many queries a page takes."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_an_agent_opens_a_complaint_for_his_customer(lin: Member, ge: Member) -> None:
    agent = make_agent()
    chat = asked(lin)
    path = f"desk/chats/{chat.public_id}/complaints"
    told = {"kind": "attitude", "text": "客服态度差"}

    opened = post(agent.member, path, told)

    assert opened.status_code == 201, opened.json()
    complaint = Complaint.objects.get(public_id=opened.json()["id"])
    assert (complaint.source, complaint.subject) == ("staff", "service_chat")
    assert complaint.about_user == agent.member.user
    assert "complaint_opened" in notices(lin)
    assert seen(lin, complaint)["state"] == "open"
    assert post(agent.member, path, told).json()["code"] == "complaint_open"
    assert post(lin, path, told).status_code == 403
    assert press(browser(agent.member.user), complaint, "claim").status_code == 403


@pytest.mark.parametrize("is_patient", [True, False])
def test_staff_who_complained_or_is_complained_of_neither_reads_nor_writes_notes(
    case: str, lin: Member, agent: Client, other_agent: Member, *, is_patient: bool
) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")
    press(agent, complaint, "note", text="内部看法")
    concerned, client = other_agent.user, browser(other_agent.user)
    listed = reverse("admin:complaints_complaint_changelist")
    address = reverse("admin:complaints_complaint_change", args=[complaint.pk])
    assert "内部看法" in page_of(client, complaint).content.decode()
    own = {"patient": concerned} if is_patient else {"about_user": concerned}
    Complaint.objects.filter(pk=complaint.pk).update(**own)

    assert "内部看法" not in client.get(address, follow=True).content.decode()
    assert address not in client.get(listed).content.decode()
    assert address in agent.get(listed).content.decode()
    assert press(client, complaint, "note", text="我没错").status_code == 403
    actor = Actor(kind="user", user_id=concerned.pk)
    for write in (noting.note_internally, noting.answer, noting.ask_doctor):
        with pytest.raises(OwnCaseError):
            write(complaint.pk, text="我没错", actor=actor, now=now())
    press(agent, complaint, "release")
    with pytest.raises(OwnCaseError):
        handling.claim(complaint.pk, actor=actor, now=now())
    assert ComplaintNote.objects.filter(complaint=complaint).count() == 1
