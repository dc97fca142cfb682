"""A case on hold: its clock stands still for both sides, within limits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from chat.models import Conversation
from clinic.core.clock import now
from clinic.notifications.models import Notice
from consultations.enums import HoldReason
from consultations.models import Consultation, Hold
from consultations.services.holds import hold as begin
from consultations.services.holds import resume_for_staff
from consultations.services.timers import run_timers
from tests.cast import Member
from tests.consultations.conftest import RECORD, Desk, post
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def hold(member: Member, public_id: str, **told: Any) -> Any:
    return post(member, f"consultations/{public_id}/hold", {"reason": "examination"} | told)


def say(desk: Desk, public_id: str, member: Member) -> None:
    talk = Conversation.objects.get(topic=desk.row(public_id).topic)
    body = {"cid": f"{member.user.pk}-{now().timestamp()}", "kind": "text", "body": "您好"}
    assert post(member, f"conversations/{talk.public_id}/messages", body).status_code == 201


def fired(moment: Any) -> dict[str, int]:
    return {name: count for name, count in run_timers(moment).items() if count}


def test_time_on_hold_counts_neither_for_the_service_nor_for_the_answer(
    desk: Desk, lin: Member, shen: DoctorMember, breaches: Callable[[], list[str]]
) -> None:
    public_id = desk.accepted(lin, shen)
    before = desk.row(public_id)
    assert before.service_until is not None
    assert before.reply_due_at is not None

    answer = hold(lin, public_id, minutes=600)

    assert answer.status_code == 200, answer.json()
    assert answer.json()["held_until"] is not None
    assert shen.client.get(f"/api/v1/consultations/{public_id}").json()["held_since"] is not None
    assert Notice.objects.filter(user=shen.user, kind="consultation_held").count() == 1
    start = now()
    assert fired(start + 9 * HOUR) == {}
    # However late the sweep comes, ten hours are added, and everything else moves by them.
    assert fired(start + 30 * HOUR) == {"hold": 1}
    case = desk.row(public_id)
    assert case.held_since is None
    assert case.service_until is not None
    assert case.reply_due_at is not None
    assert abs(case.service_until - before.service_until - 10 * HOUR) < timedelta(seconds=1)
    assert abs(case.reply_due_at - before.reply_due_at - 10 * HOUR) < timedelta(seconds=1)
    assert fired(start + 33 * HOUR) == {}
    assert fired(start + 35 * HOUR) == {"reply": 1}
    rows = lin.client.get(f"/api/v1/consultations/{public_id}/hold").json()["results"]
    assert [(row["by"], row["ended_why"]) for row in rows] == [("patient", "time_over")]
    assert breaches() == []


def test_a_doctor_answers_before_he_stops_the_clock_and_resumes_his_own_hold(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.accepted(lin, shen)
    assert hold(shen.member, public_id).json()["code"] == "answer_first"
    say(desk, public_id, shen.member)
    assert hold(shen.member, public_id, reason="doctor_away").status_code == 200
    assert hold(lin, public_id).json()["code"] == "on_hold"
    assert post(lin, f"consultations/{public_id}/resume").json()["code"] == "not_on_hold"
    say(desk, public_id, lin)

    with time_machine.travel(now() + timedelta(minutes=10), tick=False):
        assert post(shen.member, f"consultations/{public_id}/resume").status_code == 200
        resumed_at = now()

    # What was asked meanwhile waits from the moment the clock runs again.
    case = desk.row(public_id)
    assert case.unanswered_since == resumed_at
    assert Notice.objects.filter(user=lin.user, kind="consultation_resumed").count() == 1
    say(desk, public_id, shen.member)


def test_a_case_is_held_three_times_and_two_days_at_the_most(
    desk: Desk, lin: Member, shen: DoctorMember, an: Member
) -> None:
    public_id = desk.accepted(lin, shen)
    start = now()
    for number in range(2):
        with time_machine.travel(start + number * 24 * HOUR, tick=False):
            begin(desk.row(public_id).pk, actor=lin.actor, reason=HoldReason.OTHER, wanted=DAY)
        with time_machine.travel(start + (number + 1) * 24 * HOUR, tick=False):
            if number:
                resume_for_staff(desk.row(public_id).pk, actor=an.actor)
            else:
                assert fired(now()) == {"hold": 1}

    assert Hold.objects.count() == 2
    assert hold(lin, public_id).json()["code"] == "hold_limit"
    assert hold(lin, public_id, minutes=1441).status_code == 400


def test_a_hold_ends_with_the_service_and_begins_only_in_it(
    desk: Desk, lin: Member, shen: DoctorMember
) -> None:
    public_id = desk.paid(lin)
    assert hold(lin, public_id).json()["code"] == "illegal_transition"
    fits = {"fits_revisit": True}
    assert post(shen.member, f"consultations/{public_id}/accept", fits).status_code == 200
    assert hold(lin, public_id).status_code == 200

    assert post(shen.member, f"consultations/{public_id}/complete", RECORD).status_code == 200

    case = Consultation.objects.get()
    assert (case.held_since, Hold.objects.get().ended_why) == (None, "case_moved")


def test_holding_is_for_the_two_of_the_case(
    desk: Desk, lin: Member, ge: Member, shen: DoctorMember, bao: Member, anonymous: APIClient
) -> None:
    public_id = desk.accepted(lin, shen)
    wu = make_doctor("吴静")
    path = f"/api/v1/consultations/{public_id}"
    body = {"reason": "other"}

    for verb in ("hold", "resume"):
        assert [
            post(m, f"consultations/{public_id}/{verb}", body).status_code
            for m in (ge, wu.member, bao)
        ] == [404, 404, 403]
        assert anonymous.post(f"{path}/{verb}", body, format="json").status_code == 401
    assert [m.client.get(f"{path}/hold").status_code for m in (ge, wu, lin, shen)] == [
        404, 404, 200, 200,
    ]  # fmt: skip
    assert desk.row(public_id).held_since is None
