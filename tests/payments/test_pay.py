"""Paying an order through the door a client uses, with the real gateway behind it."""

from collections.abc import Callable
from typing import Any

import pytest

from clinic.adapters.errors import DefiniteError
from clinic.embedded.simulator import orders as gateway_orders
from clinic.embedded.simulator.state import FaultKind
from payments.gateways.wechat_v3 import WeChatGateway
from payments.models import PaymentAttempt, PaymentHistory, PaymentOrder
from payments.selectors.ledger import balance_of
from payments.services import closing, orders, refund_steps
from tests.cast import Member
from tests.payments.conftest import Till, get, give_balance, later, make_order, post

Breaches = Callable[[], list[str]]


def test_a_native_payment_arrives_by_notification(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    order = make_order(lin)

    answer = till.start(lin, order)
    told = till.deliver(till.pay_at_gateway(order))

    assert answer.json()["params"]["code_url"].startswith("weixin://wxpay/")
    assert told.status_code == 204
    shown = get(lin, f"orders/{order.public_id}").json()
    assert (shown["status"], shown["paid_fen"]) == ("paid", 3900)
    assert breaches() == []


def test_jsapi_gives_signed_parameters(till: Till, lin: Member) -> None:
    order = make_order(lin)

    params = till.start(lin, order, "wechat_jsapi").json()["params"]["jsapi"]

    assert set(params) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert params["package"].startswith("prepay_id=wx")


def test_jsapi_without_openid_is_told_so(till: Till, lin: Member) -> None:
    order = make_order(lin)

    answer = post(lin, f"orders/{order.public_id}/pay", {"method": "wechat_jsapi"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "openid"


def test_the_same_way_again_is_the_same_prepared_payment(till: Till, lin: Member) -> None:
    order = make_order(lin)

    first, second = till.start(lin, order).json(), till.start(lin, order).json()

    assert first["params"] == second["params"]
    assert PaymentAttempt.objects.filter(order=order).count() == 1


def test_another_way_ends_the_first_at_the_gateway(till: Till, lin: Member) -> None:
    order = make_order(lin)
    till.start(lin, order)
    first = till.attempt(order)

    answer = till.start(lin, order, "wechat_jsapi")

    assert answer.status_code == 200
    first.refresh_from_db()
    assert first.status == "closed"
    seen = gateway_orders.by_number(till.sim.state, first.out_trade_no)
    assert seen.state == "CLOSED"


def test_another_way_finds_the_first_paid(till: Till, lin: Member) -> None:
    order = make_order(lin)
    till.start(lin, order)
    till.pay_at_gateway(order)  # its notification is lost

    answer = till.start(lin, order, "wechat_jsapi")

    assert answer.json()["code"] == "order_already_paid"
    assert get(lin, f"orders/{order.public_id}").json()["status"] == "paid"


def test_a_lost_notification_is_healed_by_asking(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    order = make_order(lin)
    till.start(lin, order)
    till.pay_at_gateway(order)

    assert closing.poll_attempts(moment=later(seconds=6)) == 1

    order.refresh_from_db()
    assert order.status == "paid"
    assert breaches() == []


def test_an_unknown_outcome_is_left_by_a_query_alone(till: Till, lin: Member) -> None:
    order = make_order(lin)
    till.sim.state.inject(FaultKind.ERROR_AFTER_COMMIT, operation="create", times=1)

    first = till.start(lin, order)
    again = till.start(lin, order)

    assert first.json()["code"] == "payment_provider_unavailable"
    assert first["Retry-After"]
    assert again.status_code == 200
    states = list(PaymentAttempt.objects.filter(order=order).order_by("pk"))
    assert [attempt.status for attempt in states] == ["closed", "submitted"]
    assert states[0].out_trade_no != states[1].out_trade_no


def test_a_create_that_never_arrived_is_not_believed_at_once(till: Till, lin: Member) -> None:
    order = make_order(lin)
    till.sim.state.inject(FaultKind.ERROR_BEFORE_COMMIT, operation="create", times=1)

    till.start(lin, order)
    again = till.start(lin, order)

    assert again.json()["code"] == "payment_in_progress"
    assert closing.poll_attempts(moment=later(seconds=20)) == 1
    assert till.attempt(order).status == "failed"
    assert till.start(lin, order).status_code == 200


def test_a_gateway_that_is_away_is_said_and_harmless(
    till: Till, lin: Member, settings: object
) -> None:
    order = make_order(lin)
    settings.WECHATPAY_BASE_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]

    answer = till.start(lin, order)

    assert (answer.status_code, answer.json()["code"]) == (503, "payment_provider_unavailable")
    assert till.attempt(order).status == "failed"


def test_the_balance_pays_at_once(db: None, lin: Member, breaches: Breaches) -> None:
    give_balance(lin, 5000)
    order = make_order(lin)

    answer = post(lin, f"orders/{order.public_id}/pay", {"method": "balance"})

    assert answer.json()["order"]["status"] == "paid"
    assert answer.json()["params"] == {}
    assert get(lin, "balance").json() == {"balance_fen": 1100}
    assert breaches() == []


def test_a_small_balance_is_refused_without_a_trace(db: None, lin: Member) -> None:
    give_balance(lin, 3899)
    order = make_order(lin)

    answer = post(lin, f"orders/{order.public_id}/pay", {"method": "balance"})

    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_balance")
    assert not PaymentAttempt.objects.filter(order=order).exists()
    assert balance_of(lin.public_id) == 3899


def test_an_order_of_nothing_is_paid_when_it_is_made(
    db: None, lin: Member, breaches: Breaches
) -> None:
    order = make_order(lin, 0)

    assert order.status == "paid"
    assert breaches() == []


def test_a_top_up_fills_the_balance_and_stands_in_the_statement(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    made = post(lin, "balance/top-ups", {"amount_fen": 10_000})
    order = PaymentOrder.objects.get(public_id=made.json()["id"])

    till.start(lin, order)
    till.deliver(till.pay_at_gateway(order))

    assert get(lin, "balance").json()["balance_fen"] == 10_000
    row = get(lin, "balance/statement").json()["results"][0]
    assert (row["kind"], row["amount_fen"], row["balance_after_fen"]) == ("top_up", 10_000, 10_000)
    assert breaches() == []


def test_a_top_up_that_is_paid_while_it_closes_counts_and_is_told_once(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    made = post(lin, "balance/top-ups", {"amount_fen": 10_000})
    order = PaymentOrder.objects.get(public_id=made.json()["id"])
    till.start(lin, order)

    cancelled = post(lin, f"orders/{order.public_id}/cancel")
    message = till.pay_at_gateway(order)
    till.deliver(message)
    till.deliver(message)

    assert cancelled.json()["status"] == "closing"
    assert get(lin, f"orders/{order.public_id}").json()["status"] == "paid"
    (notice,) = get(lin, "notices").json()["results"]
    assert (notice["kind"], notice["subject_id"]) == ("top_up_paid", str(order.public_id))
    assert "100.00" in notice["body"]
    assert get(lin, "balance").json()["balance_fen"] == 10_000
    assert breaches() == []


def test_a_balance_cannot_fill_itself(db: None, lin: Member) -> None:
    give_balance(lin, 50_000)
    made = post(lin, "balance/top-ups", {"amount_fen": 10_000}).json()

    answer = post(lin, f"orders/{made['id']}/pay", {"method": "balance"})

    assert answer.json()["code"] == "payment_method_not_possible"


def test_the_key_repeats_the_answer_and_another_body_is_refused(db: None, lin: Member) -> None:
    first = post(lin, "balance/top-ups", {"amount_fen": 500}, key="k1")
    again = post(lin, "balance/top-ups", {"amount_fen": 500}, key="k1")
    other = post(lin, "balance/top-ups", {"amount_fen": 501}, key="k1")
    without = lin.client.post("/api/v1/balance/top-ups", {"amount_fen": 1}, format="json")

    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    assert without.json()["code"] == "idempotency_key_required"


def test_a_stranger_sees_and_pays_nothing(db: None, lin: Member, ge: Member) -> None:
    order = make_order(lin)

    paths = [f"orders/{order.public_id}", f"orders/{order.public_id}/refunds"]
    assert [get(ge, path).status_code for path in paths] == [404, 404]
    for verb in ("pay", "cancel"):
        answer = post(ge, f"orders/{order.public_id}/{verb}", {"method": "balance"})
        assert answer.status_code == 404
    assert get(ge, "orders").json()["count"] == 0


def test_a_cancelled_order_closes_at_the_gateway_too(till: Till, lin: Member) -> None:
    order = make_order(lin)
    till.start(lin, order)

    answer = post(lin, f"orders/{order.public_id}/cancel")
    closing.settle_closing(order.pk)

    assert answer.json()["status"] == "closing"
    assert get(lin, f"orders/{order.public_id}").json()["status"] == "closed"
    number = till.attempt(order).out_trade_no
    assert gateway_orders.by_number(till.sim.state, number).state == "CLOSED"
    assert till.start(lin, order).json()["code"] == "order_not_payable"


def test_a_paid_order_cannot_be_cancelled(till: Till, lin: Member) -> None:
    order = till.paid(lin)

    answer = post(lin, f"orders/{order.public_id}/cancel")

    assert answer.json()["code"] == "order_not_cancellable"


def test_an_expired_order_without_a_try_closes_at_once(db: None, lin: Member) -> None:
    order = make_order(lin)

    closing.expire_orders(moment=later(minutes=31))

    order.refresh_from_db()
    assert order.status == "closed"


def test_an_order_that_cannot_be_closed_does_not_stop_the_others(
    db: None, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = make_order(lin), make_order(lin)
    lock = orders.lock_order

    def fail_for_one(order_id: int) -> PaymentOrder:
        if order_id == broken.pk:
            raise RuntimeError
        return lock(order_id)

    monkeypatch.setattr(orders, "lock_order", fail_for_one)

    assert closing.expire_orders(moment=later(minutes=31)) == 1

    whole.refresh_from_db()
    assert whole.status == "closed"


def test_a_provider_that_refuses_with_a_long_word_is_a_plain_refusal(
    till: Till, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_gateway: object, _payment: object) -> None:
        raise DefiniteError("refused", code="TRADE_REFUSED_BY_RISK_" * 9)

    monkeypatch.setattr(WeChatGateway, "create", refuse)
    order = make_order(lin)

    answer = till.start(lin, order)

    assert answer.json()["code"] == "payment_provider_refused"
    assert till.attempt(order).status == "failed"


def test_an_expired_order_found_paid_is_paid(till: Till, lin: Member) -> None:
    order = make_order(lin)
    till.start(lin, order)
    till.pay_at_gateway(order)

    closing.expire_orders(moment=later(minutes=31))

    order.refresh_from_db()
    assert order.status == "paid"
    moves = PaymentHistory.objects.filter(order=order, attempt=None).order_by("pk")
    assert [row.to_status for row in moves] == ["closing", "paid"]


def test_an_order_waits_in_closing_while_the_gateway_is_away(
    till: Till, lin: Member, settings: object
) -> None:
    order = make_order(lin)
    till.start(lin, order)
    settings.WECHATPAY_BASE_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]

    closing.expire_orders(moment=later(minutes=31))

    order.refresh_from_db()
    assert order.status == "closing"


def test_late_money_is_kept_apart_and_goes_back_by_itself(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    order = make_order(lin)
    till.start(lin, order)
    closing.expire_orders(moment=later(minutes=31))

    notice = till.pay_at_gateway(order, late=True)
    assert till.deliver(notice).status_code == 204
    assert breaches() == []
    refund_steps.work_refunds(moment=later(seconds=1))
    till.deliver(till.sim.shop.next())

    order.refresh_from_db()
    assert order.status == "closed"
    assert till.attempt(order).disposition == "late"
    refund = order.refunds.get()
    assert (refund.source, refund.status) == ("auto_late", "succeeded")
    told = {row["kind"] for row in get(lin, "notices").json()["results"]}
    assert told == {"refund_started", "refund_succeeded"}
    assert breaches() == []


def test_money_twice_for_one_order_goes_back_once(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    order = make_order(lin)
    till.start(lin, order)
    first = till.attempt(order)
    till.start(lin, order, "wechat_jsapi")  # closes the first
    till.deliver(till.pay_at_gateway(order))

    gateway_orders.pay_late(till.sim.state, first.out_trade_no)
    assert till.deliver(till.sim.shop.next()).status_code == 204

    order.refresh_from_db()
    assert (order.status, order.paid_fen) == ("paid", 3900)
    assert order.refunds.get().source == "auto_duplicate"
    assert breaches() == []


@pytest.mark.parametrize("amount", [-5, 0, 99, 2_000_001, "a", None, 10**30, True, 1.5, [1]])
def test_odd_amounts_are_a_field_error(db: None, lin: Member, amount: object) -> None:
    answer = post(lin, "balance/top-ups", {"amount_fen": amount})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("orders/{id}/pay", {"method": "balance", "amount_fen": 1}),
        ("orders/{id}/refund-requests", {"amount": 1}),
        ("balance/top-ups", {"amount_fen": 500, "currency": "USD"}),
    ],
)
def test_a_field_nobody_knows_is_refused_by_name(
    db: None, lin: Member, path: str, body: dict[str, Any]
) -> None:
    give_balance(lin, 50_000)
    order = make_order(lin)

    answer = post(lin, path.format(id=order.public_id), body)

    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [list(body)[-1]]
    order.refresh_from_db()
    assert order.status == "pending"
