"""Alipay and WeChat Pay's other channels and older interface, each through the whole walk."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.http import HttpResponse
from django.test import Client

from clinic.embedded.simulator import orders as gateway_orders
from payments.enums import RefundReason
from payments.models import GatewayEvent, MerchantConfig, PaymentAttempt, PaymentOrder, Refund
from payments.services import callbacks, closing, refund_steps
from payments.services.refunds import request_refund
from tests.cast import Member
from tests.payments.conftest import Till, later, make_order, post
from tests.simulator.support import Received

Breaches = Callable[[], list[str]]


def use(provider: str, **changes: Any) -> MerchantConfig:
    """Let this provider take the money, alone of its kind."""
    if provider == "wechat_v2":
        MerchantConfig.objects.filter(provider="wechat_v3").update(is_active=False)
    MerchantConfig.objects.filter(provider=provider).update(is_active=True, **changes)
    return MerchantConfig.objects.get(provider=provider)


def hear(merchant: MerchantConfig, notice: Received, body: bytes | None = None) -> HttpResponse:
    """Hand a notification over as the gateway would."""
    path = f"/api/v1/payments/callbacks/{merchant.provider}/{merchant.public_id}/"
    named = {name.lower(): value for name, value in notice.headers.items()}
    signed = {name: value for name, value in named.items() if name.startswith("wechatpay")}
    content = notice.body if body is None else body
    return Client().post(path, content, content_type=named["content-type"], headers=signed)


def begin(till: Till, lin: Member, method: str, amount_fen: int = 3900) -> tuple[Any, Any]:
    """Start to pay; return the order and what the device was given."""
    order = make_order(lin, amount_fen)
    body = {"method": method} | ({"openid": "oLin0001"} if method == "wechat_jsapi" else {})
    answer = post(lin, f"orders/{order.public_id}/pay", body)
    assert answer.status_code == 200, answer.content
    return order, answer.json()["params"]


def open_on_device(till: Till, params: dict[str, Any]) -> None:
    """Do what the payer's browser or app does with a signed form or order text."""
    if "form" in params:
        form = params["form"]
        assert till.sim.http.post(form["action"], data=form["values"]).status_code < 400
    if "app_order" in params:
        address = f"{till.sim.base_url}/gateway.do"
        fields = dict(parse_qsl(params["app_order"]))
        assert till.sim.http.post(address, data=fields).status_code < 400


def settle(till: Till, merchant: MerchantConfig, order: PaymentOrder) -> Received:
    """Pay the newest attempt and hand its notification over; return it."""
    gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)
    notice = till.sim.shop.next()
    answer = hear(merchant, notice)
    assert answer.status_code in {200, 204}
    order.refresh_from_db()
    return notice


@pytest.mark.parametrize(
    ("provider", "mode", "method", "given"),
    [
        ("wechat_v3", "", "wechat_h5", "h5_url"),
        ("wechat_v3", "certificate", "wechat_app", "app"),
        ("wechat_v3", "certificate", "wechat_native", "code_url"),
        ("wechat_v2", "", "wechat_native", "code_url"),
        ("wechat_v2", "md5", "wechat_jsapi", "jsapi"),
        ("wechat_v2", "md5", "wechat_h5", "h5_url"),
        ("wechat_v2", "", "wechat_app", "app"),
        ("alipay", "", "alipay_qr", "code_url"),
        ("alipay", "certificate", "alipay_page", "form"),
        ("alipay", "", "alipay_wap", "form"),
        ("alipay", "", "alipay_app", "app_order"),
    ],
)
def test_every_way_pays_and_refunds(
    till: Till,
    lin: Member,
    breaches: Breaches,
    provider: str,
    mode: str,
    method: str,
    given: str,
) -> None:
    merchant = use(provider, mode=mode)
    order, params = begin(till, lin, method)
    assert list(params) == [given]
    open_on_device(till, params)
    notice = settle(till, merchant, order)
    assert (order.status, till.attempt(order).provider) == ("paid", provider)
    assert hear(merchant, notice).status_code in {200, 204}
    assert GatewayEvent.objects.get().deliveries == 2

    refund = request_refund(
        order_id=order.pk,
        amount_fen=900,
        reason=RefundReason.NOBODY_FOUND,
        source="system",
        actor=lin.actor,
    )
    refund_steps.step_refund(refund.pk)
    refund_steps.work_refunds(moment=later(minutes=5))

    order.refresh_from_db()
    assert (order.status, order.refunded_fen) == ("partially_refunded", 900)
    assert breaches() == []


@pytest.mark.parametrize(
    ("provider", "method", "heard"),
    [
        ("wechat_v2", "wechat_native", b"<return_code><![CDATA[SUCCESS]]></return_code>"),
        ("alipay", "alipay_qr", b"success"),
    ],
)
def test_each_provider_hears_its_own_word_and_a_forger_none(
    till: Till, lin: Member, provider: str, method: str, heard: bytes
) -> None:
    merchant = use(provider)
    order, _params = begin(till, lin, method)
    gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)
    notice = till.sim.shop.next()

    forged = hear(merchant, notice, notice.body.replace(b"39", b"38"))
    genuine = hear(merchant, notice)

    assert (forged.status_code, genuine.status_code) == (401, 200)
    assert heard in genuine.content
    assert b"success" not in forged.content.lower()


def test_a_lost_alipay_notification_is_healed_by_asking(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    order, _params = begin(till, lin, "alipay_qr")
    gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)

    closing.poll_attempts(moment=later(seconds=10))

    order.refresh_from_db()
    assert order.status == "paid"
    assert breaches() == []


def test_an_alipay_code_that_nobody_scanned_ends_by_its_time_alone(till: Till, lin: Member) -> None:
    order, _params = begin(till, lin, "alipay_qr")

    closing.expire_orders(moment=later(minutes=30, seconds=10))
    order.refresh_from_db()
    waiting = order.status
    closing.expire_orders(moment=later(minutes=32))

    order.refresh_from_db()
    assert (waiting, order.status) == ("closing", "closed")


def test_another_way_gives_an_unscanned_code_up_and_its_money_goes_back(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    alipay = use("alipay")
    order, _params = begin(till, lin, "alipay_qr")
    unscanned = till.attempt(order)
    till.start(lin, order)
    till.deliver(till.pay_at_gateway(order))

    gateway_orders.pay(till.sim.state, unscanned.out_trade_no)
    hear(alipay, till.sim.shop.next())
    refund_steps.work_refunds(moment=later(seconds=1))

    refund = Refund.objects.get()
    assert (refund.source, refund.status) == ("auto_duplicate", "succeeded")
    assert breaches() == []


def test_the_hint_of_an_older_refund_message_only_makes_us_ask(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    merchant = use("wechat_v2")
    order, _params = begin(till, lin, "wechat_native")
    settle(till, merchant, order)
    refund = request_refund(
        order_id=order.pk,
        amount_fen=None,
        reason=RefundReason.NOBODY_FOUND,
        source="system",
        actor=lin.actor,
    )
    refund_steps.step_refund(refund.pk)
    hint = till.sim.shop.next()
    Refund.objects.filter(pk=refund.pk).update(next_try_at=later(hours=1))

    assert hear(merchant, hint).status_code == 200
    refund.refresh_from_db()
    before = refund.status
    refund_steps.work_refunds(moment=later(seconds=5))

    refund.refresh_from_db()
    assert (before, refund.status) == ("processing", "succeeded")
    assert breaches() == []


def test_the_newer_interface_is_preferred_and_a_switch_keeps_open_tries(
    till: Till, lin: Member
) -> None:
    MerchantConfig.objects.update(is_active=True)
    order, params = begin(till, lin, "wechat_native")
    use("wechat_v2")

    again = post(lin, f"orders/{order.public_id}/pay", {"method": "wechat_native"}).json()

    assert again["params"] == params
    assert PaymentAttempt.objects.get().provider == "wechat_v3"
    assert begin(till, lin, "wechat_native")[0].attempts.get().provider == "wechat_v2"


def test_a_provider_without_a_merchant_is_said(till: Till, lin: Member) -> None:
    MerchantConfig.objects.filter(provider="alipay").update(
        active_from=later(days=-9), active_until=later(seconds=-1)
    )
    order = make_order(lin)

    answer = post(lin, f"orders/{order.public_id}/pay", {"method": "alipay_qr"})

    assert answer.json()["code"] == "payment_method_not_possible"


@pytest.mark.parametrize(
    ("provider", "method"), [("alipay", "alipay_qr"), ("wechat_v2", "wechat_native")]
)
def test_a_hint_of_a_refund_begun_outside_leads_to_its_adoption(
    till: Till, lin: Member, breaches: Breaches, provider: str, method: str
) -> None:
    merchant = use(provider)
    order, _params = begin(till, lin, method)
    settle(till, merchant, order)
    number = till.attempt(order).out_trade_no
    till.sim.control("POST", f"orders/{number}/refund", {"amount_fen": 300})
    notice = till.sim.shop.next()

    for _ in range(2):
        assert hear(merchant, notice).status_code in {200, 204}
    order.refresh_from_db()
    before = order.status
    for _ in range(2):
        callbacks.replay_events(moment=later(minutes=2))

    order.refresh_from_db()
    assert before == "paid"  # the message alone proves nothing
    assert (order.status, order.refunded_fen) == ("partially_refunded", 300)
    assert order.refunds.get().source == "gateway"
    assert GatewayEvent.objects.get(kind="refund").outcome == "adopted"
    assert breaches() == []


def test_a_refund_outside_of_a_payment_nobody_told_us_of(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    merchant = use("alipay")
    order, _params = begin(till, lin, "alipay_qr")
    number = till.attempt(order).out_trade_no
    gateway_orders.pay(till.sim.state, number)
    till.sim.shop.next()  # never arrives here
    till.sim.control("POST", f"orders/{number}/refund", {"amount_fen": 3900})
    assert hear(merchant, till.sim.shop.next()).status_code == 200

    callbacks.replay_events(moment=later(minutes=2))

    order.refresh_from_db()
    assert (order.status, order.paid_fen, order.refunded_fen) == ("refunded", 3900, 3900)
    assert breaches() == []


def test_a_hint_waits_for_a_provider_that_is_away_and_ends_after_a_day(
    till: Till, lin: Member, settings: Any
) -> None:
    merchant = use("alipay")
    order, _params = begin(till, lin, "alipay_qr")
    settle(till, merchant, order)
    till.sim.control(
        "POST", f"orders/{till.attempt(order).out_trade_no}/refund", {"amount_fen": 300}
    )
    hear(merchant, till.sim.shop.next())

    settings.WECHATPAY_BASE_URL = "http://127.0.0.1:9"
    hint = GatewayEvent.objects.filter(kind="refund")
    callbacks.replay_events(moment=later(minutes=2))
    waiting = hint.get().outcome
    callbacks.replay_events(moment=later(hours=25))

    assert (waiting, hint.get().outcome) == ("received", "unchanged")
    order.refresh_from_db()
    assert order.refunded_fen == 0  # the bill of the day will tell


def test_hints_about_unknown_payments_and_own_refunds_are_not_kept(till: Till, lin: Member) -> None:
    merchant = use("alipay")
    order, _params = begin(till, lin, "alipay_qr")
    settle(till, merchant, order)
    refund = request_refund(
        order_id=order.pk,
        amount_fen=900,
        reason=RefundReason.NOBODY_FOUND,
        source="system",
        actor=lin.actor,
    )
    refund_steps.step_refund(refund.pk)
    own = till.sim.shop.next()
    foreign = till.sim.trade()
    till.sim.alipay().precreate(foreign)
    gateway_orders.pay(till.sim.state, foreign.out_trade_no)
    till.sim.shop.next()
    till.sim.control("POST", f"orders/{foreign.out_trade_no}/refund", {"amount_fen": 1})

    answers = [hear(merchant, notice).status_code for notice in (own, till.sim.shop.next())]

    assert answers == [200, 200]
    assert not GatewayEvent.objects.filter(kind="refund").exists()


def test_a_merchant_whose_secrets_are_missing_does_not_stop_the_others(
    till: Till, lin: Member, caplog: pytest.LogCaptureFixture
) -> None:
    broken, _params = begin(till, lin, "alipay_qr")
    whole, _params = begin(till, lin, "wechat_native")
    for order in (broken, whole):
        gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)
    MerchantConfig.objects.filter(provider="alipay").update(secret_reference="nowhere")

    closing.poll_attempts(moment=later(seconds=30))

    for order in (broken, whole):
        order.refresh_from_db()
    assert (broken.status, whole.status) == ("pending", "paid")
    assert "one of many failed" in caplog.text
