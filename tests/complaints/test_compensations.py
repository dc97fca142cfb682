"""Money for a justified complaint: a row for each round, each paid once."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client

from clinic.complaints.models import Compensation
from clinic.core.clock import now
from payments.models import Refund, RefundRequest
from tests.cast import Member
from tests.complaints.conftest import complained, seen
from tests.complaints.test_story import decide, decision_page
from tests.console.conftest import browser
from tests.console.test_steps import page_of, press
from tests.consultations.conftest import Desk, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


def test_the_money_of_an_appeal_stands_beside_that_of_the_first_round(
    case: str, lin: Member, agent: Client, other_agent: Member, chief: Client
) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")
    decide(agent, complaint, compensation="10")
    post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "赔偿太少。"})
    other = browser(other_agent.user)
    press(other, complaint, "claim")

    refused = decision_page(other, complaint, compensation="5")
    assert "Finance must decide the earlier refund request" in refused
    assert complaint.state == "in_review", "finance has not decided about the first"
    press(chief, RefundRequest.objects.get(), "grant")
    decide(other, complaint, compensation="5")

    assert seen(lin, complaint)["compensations"] == [
        {"round": 1, "amount_fen": 1000, "state": "granted"},
        {"round": 2, "amount_fen": 500, "state": "waiting"},
    ]
    press(chief, RefundRequest.objects.get(state="waiting"), "grant")
    press(chief, RefundRequest.objects.latest("pk"), "grant")
    assert sorted(Refund.objects.values_list("amount_fen", flat=True)) == [500, 1000]
    page = page_of(agent, complaint).content.decode()
    assert "first: ¥10.00" in page
    assert "second, by an appeal: ¥5.00" in page


def test_a_round_has_its_money_once(case: str, lin: Member, agent: Client, chief: Client) -> None:
    complaint = complained(lin, case)
    press(agent, complaint, "claim")
    decide(agent, complaint, compensation="10")
    press(chief, RefundRequest.objects.get(), "grant")
    order = RefundRequest.objects.get().order
    again = RefundRequest.objects.create(order=order, amount_fen=100)

    decide(agent, complaint, compensation="10")
    with pytest.raises(IntegrityError, match="one_compensation_per_round"), transaction.atomic():
        Compensation.objects.create(complaint=complaint, round=1, request=again, at=now())
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        Compensation.objects.all().delete()

    assert Compensation.objects.count() == 1
    assert Refund.objects.get().amount_fen == 1000


def test_a_request_of_the_patients_own_is_decided_first(
    case: str, lin: Member, desk: Desk, agent: Client, chief: Client
) -> None:
    order = desk.row(case).order
    assert order is not None
    asked = post(lin, f"orders/{order.public_id}/refund-requests", {"amount_fen": 900})
    assert asked.status_code == 201, asked.json()
    complaint = complained(lin, case)
    press(agent, complaint, "claim")

    agent.cookies["django_language"] = "zh-hans"
    assert "请先由财务处理该订单较早的退款申请" in decision_page(agent, complaint, compensation="5")
    assert not Compensation.objects.exists()
    press(chief, RefundRequest.objects.get(), "refuse", reason="投诉另行处理")
    decide(agent, complaint, compensation="5")

    assert complaint.state == "resolved"
    assert seen(lin, complaint)["compensations"][0]["amount_fen"] == 500
