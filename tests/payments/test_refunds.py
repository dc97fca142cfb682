"""Money on its way back."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from clinic.core.actor import system_actor
from clinic.core.errors import ClinicError
from clinic.core.ids import uuid7
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.embedded.simulator import refunds as gateway_refunds
from clinic.embedded.simulator.state import FaultKind
from payments.enums import AccountKind, RefundReason
from payments.models import PaymentOrder, Refund
from payments.selectors.ledger import balance_of, total_of
from payments.services import refund_steps
from payments.services.income import recognise
from payments.services.refunds import (
    approve_refund,
    reject_refund,
    request_refund,
    retry_refund,
    settle_refund_by_staff,
)
from tests.cast import Member, make_member
from tests.payments.conftest import WHOLE, Till, get, give_balance, later, make_order, post

Breaches = Callable[[], list[str]]
RULE = system_actor("test rule")


@pytest.fixture
def fang(db: None) -> Member:
    """Finance."""
    return make_member("方财", Role.FINANCE, is_staff=True)


def by_rule(order: PaymentOrder, amount_fen: int | None = None) -> Refund:
    return request_refund(
        order_id=order.pk,
        amount_fen=amount_fen,
        reason=RefundReason.NOBODY_FOUND,
        source="system",
        actor=RULE,
    )


def paid_from_balance(lin: Member, amount_fen: int = 3900) -> PaymentOrder:
    give_balance(lin, amount_fen)
    order = make_order(lin, amount_fen)
    assert post(lin, f"orders/{order.public_id}/pay", {"method": "balance"}).status_code == 200
    order.refresh_from_db()
    return order


def test_a_refund_by_rule_reaches_the_payer(till: Till, lin: Member, breaches: Breaches) -> None:
    order = till.paid(lin)

    refund = by_rule(order)
    refund_steps.step_refund(refund.pk)
    assert breaches() == []
    assert till.deliver(till.sim.shop.next()).status_code == 204

    shown = get(lin, f"orders/{order.public_id}").json()
    assert (shown["status"], shown["refunded_fen"]) == ("refunded", 3900)
    assert get(lin, f"orders/{order.public_id}/refunds").json()["results"][0]["status"] == (
        "succeeded"
    )
    assert breaches() == []


def test_a_refund_by_rule_is_asked_for_once(till: Till, lin: Member) -> None:
    order = till.paid(lin)

    assert by_rule(order).pk == by_rule(order).pk


def test_a_lost_refund_notice_is_healed_by_asking(till: Till, lin: Member) -> None:
    order = till.paid(lin)
    refund = by_rule(order)
    refund_steps.step_refund(refund.pk)
    till.sim.shop.next()  # lost

    refund_steps.work_refunds(moment=later(seconds=10))

    order.refresh_from_db()
    assert order.status == "refunded"


def test_an_unknown_answer_is_asked_again_under_the_same_number(till: Till, lin: Member) -> None:
    order = till.paid(lin)
    refund = by_rule(order)
    till.sim.state.inject(FaultKind.ERROR_AFTER_COMMIT, operation="refund", times=1)

    refund_steps.step_refund(refund.pk)
    refund.refresh_from_db()
    assert refund.status == "submitted"
    refund_steps.work_refunds(moment=later(seconds=10))

    number = till.attempt(order).out_trade_no
    assert len(gateway_refunds.of_order(till.sim.state, number)) == 1


def test_parts_add_up_and_no_more(
    till: Till, lin: Member, fang: Member, breaches: Breaches
) -> None:
    order = till.paid(lin)
    path = f"orders/{order.public_id}/refunds"
    for unclear in ({}, {"reason": "R"}, {"all": False, "reason": "R"}, {"amount_fen": 100}):
        assert post(fang, path, unclear).json()["code"] == "invalid_input"
    assert post(fang, path, WHOLE | {"amount_fen": 100}).status_code == 400
    assert not order.refunds.exists()

    parts = [
        post(fang, path, {"amount_fen": amount, "reason": "R"}).status_code
        for amount in (1000, 2900, 1)
    ]

    assert parts == [201, 201, 409]
    assert AuditEntry.objects.filter(verb="refund.request", note__why="R").count() == 2
    for minute in (0, 1, 2, 3):
        refund_steps.work_refunds(moment=later(minutes=minute, seconds=minute * 20))
    order.refresh_from_db()
    assert (order.status, order.refunded_fen) == ("refunded", 3900)
    assert breaches() == []


def test_parts_of_one_payment_keep_a_minute_apart(till: Till, lin: Member, fang: Member) -> None:
    order = till.paid(lin)
    for amount in (1000, 2000):
        post(fang, f"orders/{order.public_id}/refunds", {"amount_fen": amount, "reason": "R"})

    refund_steps.work_refunds(moment=later(seconds=1))

    states = order.refunds.order_by("pk").values_list("status", flat=True)
    assert list(states) == ["processing", "approved"]


def test_a_gateway_that_cannot_refund_calls_for_staff(
    till: Till, lin: Member, fang: Member, breaches: Breaches
) -> None:
    order = till.paid(lin)
    till.sim.state.inject(FaultKind.REFUND_ABNORMAL, times=1)
    refund = by_rule(order)

    refund_steps.step_refund(refund.pk)
    till.deliver(till.sim.shop.next())
    refund.refresh_from_db()
    assert refund.status == "needs_staff"
    settle_refund_by_staff(refund.pk, actor=fang.actor, evidence="BANK-1")

    order.refresh_from_db()
    assert order.status == "refunded"
    assert breaches() == []


def test_staff_can_send_again_or_give_up(
    till: Till, lin: Member, fang: Member, breaches: Breaches
) -> None:
    order = till.paid(lin)
    till.sim.state.inject(FaultKind.REFUND_CLOSED, times=1)
    refund = by_rule(order)
    refund_steps.step_refund(refund.pk)
    till.deliver(till.sim.shop.next())

    retry_refund(refund.pk, actor=fang.actor)
    refund_steps.step_refund(refund.pk, moment=later(minutes=2))
    refund.refresh_from_db()
    assert refund.status == "needs_staff"
    reject_refund(refund.pk, actor=fang.actor, reason="paid in cash")

    order.refresh_from_db()
    assert (order.status, order.refund_reserved_fen) == ("paid", 0)
    assert breaches() == []


def test_a_large_refund_by_staff_waits_for_another_person(
    till: Till, lin: Member, fang: Member
) -> None:
    order = till.paid(lin, 60_000)
    made = post(
        fang, f"orders/{order.public_id}/refunds", {"amount_fen": 50_001, "reason": "R"}
    ).json()
    refund = Refund.objects.get(public_id=made["id"])
    other = make_member("第二人", Role.FINANCE, is_staff=True)

    assert made["status"] == "requested"
    with pytest.raises(ClinicError, match="second_person_required"):
        approve_refund(refund.pk, actor=fang.actor)
    approve_refund(refund.pk, actor=other.actor)

    refund.refresh_from_db()
    assert (refund.status, refund.approved_by_id) == ("approved", other.user.pk)


def test_a_patient_cannot_refund_himself(till: Till, lin: Member) -> None:
    order = till.paid(lin)

    assert post(lin, f"orders/{order.public_id}/refunds", WHOLE).status_code == 403


def test_a_refund_to_the_balance_is_there_at_once(
    db: None, lin: Member, breaches: Breaches
) -> None:
    order = paid_from_balance(lin)

    by_rule(order, 900)

    order.refresh_from_db()
    assert (order.status, balance_of(lin.public_id)) == ("partially_refunded", 900)
    assert breaches() == []


def test_a_spent_top_up_cannot_go_back(till: Till, lin: Member, fang: Member) -> None:
    top_up = PaymentOrder.objects.get(
        public_id=post(lin, "balance/top-ups", {"amount_fen": 5000}).json()["id"]
    )
    till.start(lin, top_up)
    till.deliver(till.pay_at_gateway(top_up))
    order = make_order(lin, 3000)
    post(lin, f"orders/{order.public_id}/pay", {"method": "balance"})

    whole = post(fang, f"orders/{top_up.public_id}/refunds", WHOLE)
    part = post(fang, f"orders/{top_up.public_id}/refunds", {"amount_fen": 2000, "reason": "R"})

    assert (whole.status_code, whole.json()["code"]) == (409, "insufficient_balance")
    assert part.status_code == 201
    assert balance_of(lin.public_id) == 0


def test_an_unpaid_order_has_nothing_to_refund(db: None, lin: Member, fang: Member) -> None:
    order = make_order(lin)

    answer = post(fang, f"orders/{order.public_id}/refunds", WHOLE)

    assert answer.json()["code"] == "nothing_to_refund"


def test_an_order_of_nothing_is_refunded_in_name(db: None, lin: Member, breaches: Breaches) -> None:
    order = make_order(lin, 0)

    refund = by_rule(order)

    order.refresh_from_db()
    assert (refund.status, order.status) == ("succeeded", "refunded")
    assert breaches() == []


def test_income_is_split_once_and_given_back_in_the_same_parts(
    db: None, lin: Member, breaches: Breaches
) -> None:
    doctor = uuid7()
    order = paid_from_balance(lin)

    for _ in range(2):
        recognise(order_id=order.pk, doctor_user_public_id=doctor, share=Decimal("0.7"))
    assert total_of(AccountKind.DOCTOR, doctor) == 2730
    assert total_of(AccountKind.INCOME, "clinic") == 1170
    assert total_of(AccountKind.HELD, "consultation") == 0
    by_rule(order)

    assert total_of(AccountKind.DOCTOR, doctor) == 0
    assert total_of(AccountKind.INCOME, "clinic") == 0
    assert breaches() == []


def test_partial_refunds_never_take_more_than_was_earned(
    db: None, lin: Member, breaches: Breaches
) -> None:
    doctor = uuid7()
    order = paid_from_balance(lin, 1001)
    recognise(order_id=order.pk, doctor_user_public_id=doctor, share=Decimal("0.333"))

    for amount in (333, 333, 335):
        request_refund(
            order_id=order.pk,
            amount_fen=amount,
            reason=RefundReason.STAFF,
            source="staff",
            actor=RULE,
            why="a part",
        )

    assert total_of(AccountKind.DOCTOR, doctor) >= 0
    assert total_of(AccountKind.DOCTOR, doctor) + total_of(AccountKind.INCOME, "clinic") == 0
    assert breaches() == []
