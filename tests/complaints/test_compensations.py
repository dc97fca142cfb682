"""Money for a justified complaint: a row for each round, each paid once."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client

from clinic.complaints.models import Compensation
from clinic.core.clock import now
from payments.models import Refund, RefundRequest
from tests.cast import Member
from tests.complaints.conftest import complained, seen
from tests.complaints.test_story import decide
from tests.console.conftest import browser
from tests.console.test_steps import page_of, take
from tests.consultations.conftest import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


def test_the_money_of_an_appeal_stands_beside_that_of_the_first_round(
    case: str, lin: Member, agent: Client, other_agent: Member, chief: Client
) -> None:
    complaint = complained(lin, case)
    take(agent, complaint, "claim")
    decide(agent, complaint, compensation="10")
    post(lin, f"complaints/{complaint.public_id}/appeal", {"text": "赔偿太少。"})
    other = browser(other_agent.user)
    take(other, complaint, "claim")

    decide(other, complaint, compensation="5")
    assert complaint.state == "in_review", "finance has not decided about the first"
    take(chief, RefundRequest.objects.get(), "grant")
    decide(other, complaint, compensation="5")

    assert seen(lin, complaint)["compensations"] == [
        {"round": 1, "amount_fen": 1000, "state": "granted"},
        {"round": 2, "amount_fen": 500, "state": "waiting"},
    ]
    take(chief, RefundRequest.objects.get(state="waiting"), "grant")
    take(chief, RefundRequest.objects.latest("pk"), "grant")
    assert sorted(Refund.objects.values_list("amount_fen", flat=True)) == [500, 1000]
    page = page_of(agent, complaint).content.decode()
    assert "first: ¥10.00" in page
    assert "second, by an appeal: ¥5.00" in page


def test_a_round_has_its_money_once(case: str, lin: Member, agent: Client, chief: Client) -> None:
    complaint = complained(lin, case)
    take(agent, complaint, "claim")
    decide(agent, complaint, compensation="10")
    take(chief, RefundRequest.objects.get(), "grant")
    order = RefundRequest.objects.get().order
    again = RefundRequest.objects.create(order=order, amount_fen=100)

    decide(agent, complaint, compensation="10")
    with pytest.raises(IntegrityError, match="one_compensation_per_round"), transaction.atomic():
        Compensation.objects.create(complaint=complaint, round=1, request=again, at=now())
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        Compensation.objects.all().delete()

    assert Compensation.objects.count() == 1
    assert Refund.objects.get().amount_fen == 1000
