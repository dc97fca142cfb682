"""Follow-ups: free messages after the end, the doctor's plan, reminders and answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from chat.models import Conversation
from clinic.core.clock import now
from clinic.notifications.models import Notice
from clinic.settings import rules as numbers
from consultations.models import FollowUp
from consultations.services.following_up import remind_due
from tests.cast import Member
from tests.consultations.conftest import Desk, post
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def plan(doctor: DoctorMember, public_id: str, *, days: int = 3, text: str = "胃还痛吗？") -> Any:
    body = {"due_at": (now() + days * DAY).isoformat(), "text": text}
    return post(doctor.member, f"consultations/{public_id}/follow-ups", body)


def planned(doctor: DoctorMember, public_id: str, **told: Any) -> str:
    answer = plan(doctor, public_id, **told)
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def send(desk: Desk, public_id: str, member: Member, cid: str) -> Any:
    talk = Conversation.objects.get(topic=desk.row(public_id).topic)
    body = {"cid": cid, "kind": "text", "body": "谢谢"}
    return post(member, f"conversations/{talk.public_id}/messages", body)


def told(member: Member, kind: str) -> int:
    return Notice.objects.filter(user=member.user, kind=kind).count()


def test_a_completed_case_shows_what_may_still_be_written(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    running = desk.accepted(lin, shen)
    path = f"/api/v1/consultations/{running}"
    assert lin.client.get(path).json()["follow_up"] is None
    body = {"diagnosis": "胃脘痛", "advice": "忌辛辣"}
    assert post(shen.member, f"consultations/{running}/complete", body).status_code == 200

    left = []
    for number in range(3):
        left.append([m.client.get(path).json()["follow_up"]["left"] for m in (lin, shen)])
        send(desk, running, lin, str(number))

    assert left == [[2, 2], [1, 1], [0, 0]]


def test_a_planned_date_is_asked_once_and_its_answer_opens_the_conversation(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.completed(lin, shen)
    follow_up = planned(shen, public_id)
    path = f"/api/v1/follow-ups/{follow_up}"
    sooner = {"due_at": (now() + 2 * DAY).isoformat(), "text": "还反酸吗？"}
    assert shen.client.patch(path, sooner, format="json").status_code == 200
    for member in (lin, shen):
        rows = member.client.get("/api/v1/follow-ups?state=planned").json()["results"]
        assert [(row["id"], row["text"]) for row in rows] == [(follow_up, "还反酸吗？")]
    early = post(lin, f"follow-ups/{follow_up}/answer", {"text": "好了"})
    assert (early.status_code, early.json()["code"]) == (409, "follow_up_not_due")
    assert early.json()["due_at"][:10] in early.json()["detail"]

    assert [remind_due(now() + days * DAY) for days in (1, 3, 3)] == [0, 1, 0]
    assert (told(lin, "follow_up_planned"), told(lin, "follow_up_due")) == (2, 1)
    assert shen.client.patch(path, {"text": "x"}, format="json").status_code == 409
    for number in range(2):
        send(desk, public_id, lin, f"free-{number}")
    assert send(desk, public_id, lin, "free-2").status_code == 409

    answered = post(lin, f"follow-ups/{follow_up}/answer", {"text": "好多了，谢谢医生"})

    assert answered.json()["state"] == "answered", answer_text(answered)
    assert told(shen.member, "follow_up_answered") == 1
    shown = lin.client.get(f"/api/v1/consultations/{public_id}").json()["follow_up"]
    assert shown["left"] == numbers.FOLLOW_UP_TALK_MESSAGES - 1
    assert send(desk, public_id, lin, "more").status_code == 201
    assert send(desk, public_id, shen.member, "reply").status_code == 201
    again = post(lin, f"follow-ups/{follow_up}/answer", {"text": "再说一次"})
    assert again.json()["code"] == "follow_up_closed"
    assert breaches() == []


def answer_text(answer: Any) -> str:
    return str(answer.json())


def test_dates_are_limited_cancelled_missed_and_end_with_their_case(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.completed(lin, shen)
    first = planned(shen, public_id, days=1)
    second = planned(shen, public_id, days=2)
    assert shen.client.delete(f"/api/v1/follow-ups/{second}").status_code == 204
    assert shen.client.delete(f"/api/v1/follow-ups/{second}").status_code == 204
    assert remind_due(now() + 5 * DAY) == 1
    assert remind_due(now() + 12 * DAY) == 1  # nobody answered
    for _ in range(numbers.FOLLOW_UPS_MAX - 2):
        planned(shen, public_id)
    assert plan(shen, public_id).json()["code"] == "follow_up_limit"
    rows = lin.client.get(f"/api/v1/consultations/{public_id}/follow-ups").json()["results"]
    states = {row["id"]: row["state"] for row in rows}
    assert (states[first], states[second]) == ("missed", "cancelled")

    running = desk.accepted(lin, shen)
    planned(shen, running)
    assert remind_due(now() + 4 * DAY) == numbers.FOLLOW_UPS_MAX - 2  # a running case is not asked
    assert post(lin, f"consultations/{running}/cancel").status_code == 200
    remind_due()
    assert FollowUp.objects.get(consultation=desk.row(running)).state == "cancelled"


def test_planning_is_for_the_doctor_and_answering_for_the_patient_of_the_case(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember, anonymous: APIClient
) -> None:
    public_id = desk.completed(lin, shen)
    wu = make_doctor("吴静")
    follow_up = planned(shen, public_id)
    one, of_case = f"follow-ups/{follow_up}", f"consultations/{public_id}/follow-ups"
    body = {"due_at": (now() + DAY).isoformat(), "text": "如何？"}

    assert anonymous.get(f"/api/v1/{of_case}").status_code == 401
    assert [m.client.get(f"/api/v1/{of_case}").status_code for m in (ge, wu)] == [404, 404]
    assert [post(m, of_case, body).status_code for m in (lin, wu.member)] == [403, 404]
    assert [m.client.patch(f"/api/v1/{one}", {}, format="json").status_code for m in (lin, wu)] == [
        403,
        404,
    ]
    assert [m.client.delete(f"/api/v1/{one}").status_code for m in (lin, wu)] == [403, 404]
    answers = [post(m, f"{one}/answer", {"text": "好"}).status_code for m in (shen.member, ge)]
    assert answers == [403, 404]
    for bad in (
        {},
        {"due_at": "x", "text": "y"},
        body | {"due_at": now().isoformat()},
        body | {"due_at": (now() + 400 * DAY).isoformat()},
        body | {"text": "问" * 501},
    ):
        assert post(shen.member, of_case, bad).status_code == 400
    assert ge.client.get("/api/v1/follow-ups").json()["count"] == 0


def test_the_list_of_dates_costs_the_same_for_one_and_for_many(
    desk: Desk, lin: Member, shen: DoctorMember, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    public_id = desk.completed(lin, shen)
    planned(shen, public_id)
    lin.client.get("/api/v1/follow-ups")
    for _ in range(2):
        with django_assert_num_queries(2):
            lin.client.get("/api/v1/follow-ups")
        planned(shen, public_id)
        planned(shen, public_id)


def test_a_case_names_the_relation_and_the_latest_report_as_seed_004_does(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    first = desk.completed(lin, shen)
    report = shen.client.get(f"/api/v1/consultations/{first}").json()["record"]["id"]

    shown = [m.client.get(f"/api/v1/consultations/{first}").json() for m in (lin, shen)]

    relation = shen.client.get("/api/v1/doctor/patients").json()["results"][0]["id"]
    assert [row["relation_id"] for row in shown] == [relation] * 2
    assert [row["latest_report_id"] for row in shown] == [report] * 2
