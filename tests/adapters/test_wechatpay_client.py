"""Our client against the gateway over real HTTP."""

from dataclasses import replace
from datetime import datetime, timedelta

import httpx2
import pytest

from clinic.adapters.errors import (
    DefiniteError,
    NotExistError,
    TransientError,
    UnknownOutcomeError,
)
from clinic.adapters.wechatpay.callbacks import parse_callback
from clinic.adapters.wechatpay.client import WeChatPayClient
from clinic.adapters.wechatpay.types import (
    CloseResult,
    PaymentNotice,
    RefundNotice,
    RefundStatus,
    TradeState,
)
from clinic.core.clock import now
from clinic.embedded.simulator import orders
from clinic.embedded.simulator.crypto import is_signed_by
from clinic.embedded.simulator.state import FaultKind
from tests.simulator.support import Sim


def test_native_payment_runs_from_code_url_to_believed_notice(sim: Sim) -> None:
    client, order = sim.client(), sim.order()

    prepay = client.create_native(order)
    assert prepay.code_url.startswith("weixin://wxpay/bizpayurl?pr=")
    assert client.query_by_out_trade_no(order.out_trade_no).state is TradeState.NOTPAY

    orders.pay(sim.state, order.out_trade_no)
    received = sim.shop.next()
    notice = parse_callback(sim.config(), received.headers, received.body, sim.clock())

    assert isinstance(notice, PaymentNotice)
    assert notice.transaction == client.query_by_out_trade_no(order.out_trade_no)
    assert notice.transaction.state is TradeState.SUCCESS
    assert notice.transaction.amount_fen == 3900
    assert notice.transaction.currency == "CNY"
    assert notice.transaction.success_at is not None
    assert notice.transaction.openid not in repr(notice)


def test_repeated_create_returns_the_same_prepay(sim: Sim) -> None:
    client, order = sim.client(), sim.order()

    assert client.create_native(order) == client.create_native(order)


def test_same_number_with_other_amount_is_refused(sim: Sim) -> None:
    client, order = sim.client(), sim.order()
    client.create_native(order)

    with pytest.raises(DefiniteError) as caught:
        client.create_native(replace(order, amount_fen=1))

    assert caught.value.code == "OUT_TRADE_NO_USED"
    assert caught.value.permanent


def test_jsapi_parameters_are_signed_for_the_wechat_client(sim: Sim) -> None:
    client = sim.client()
    prepay = client.create_jsapi(sim.order(), "oUser_0000000000000000000001")
    params = client.jsapi_client_params(prepay.prepay_id).as_client_dict()

    signed = (
        f"{params['appId']}\n{params['timeStamp']}\n{params['nonceStr']}\n{params['package']}\n"
    )
    assert params["package"] == f"prepay_id={prepay.prepay_id}"
    assert params["signType"] == "RSA"
    assert is_signed_by(sim.keys.merchant_certificate_pem, signed.encode(), params["paySign"])


def test_numbers_with_every_allowed_sign_survive_the_path(sim: Sim) -> None:
    client, order = sim.client(), sim.order(out_trade_no="Ab-9_|*x")
    client.create_native(order)

    assert client.query_by_out_trade_no("Ab-9_|*x").out_trade_no == "Ab-9_|*x"
    assert client.close("Ab-9_|*x") is CloseResult.CLOSED


def test_query_of_unknown_number_says_so(sim: Sim) -> None:
    with pytest.raises(NotExistError):
        sim.client().query_by_out_trade_no("NOSUCH000001")


def test_close_tells_closed_paid_and_unknown_apart(sim: Sim) -> None:
    client, unpaid, paid = sim.client(), sim.order(), sim.order()
    client.create_native(unpaid)
    client.create_native(paid)
    orders.pay(sim.state, paid.out_trade_no)

    assert client.close(unpaid.out_trade_no) is CloseResult.CLOSED
    assert client.close(unpaid.out_trade_no) is CloseResult.CLOSED
    assert client.query_by_out_trade_no(unpaid.out_trade_no).state is TradeState.CLOSED
    assert client.close(paid.out_trade_no) is CloseResult.ALREADY_PAID
    assert client.close("NOSUCH000001") is CloseResult.NOT_EXIST


def test_five_minute_rule_can_be_switched_on(sim: Sim) -> None:
    sim.state.set_setting("min_close_age_seconds", 300)
    client, order = sim.client(), sim.order()
    client.create_native(order)

    with pytest.raises(DefiniteError, match="INVALID_REQUEST"):
        client.close(order.out_trade_no)
    sim.advance(minutes=5)

    assert client.close(order.out_trade_no) is CloseResult.CLOSED


def test_unpaid_order_ends_with_its_time(sim: Sim) -> None:
    client, order = sim.client(), sim.order()
    client.create_native(order)

    sim.advance(minutes=31)

    assert client.query_by_out_trade_no(order.out_trade_no).state is TradeState.CLOSED


def test_partial_refunds_settle_and_notify(sim: Sim) -> None:
    client, order = sim.client(), sim.order()
    client.create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    sim.shop.next()

    accepted = client.refund(sim.refund_of(order))
    assert accepted.status is RefundStatus.PROCESSING
    assert client.refund(sim.refund_of(order)) == accepted
    sim.advance(seconds=3)
    received = sim.shop.next()
    notice = parse_callback(sim.config(), received.headers, received.body, sim.clock())

    assert isinstance(notice, RefundNotice)
    assert notice.refund == client.query_refund(accepted.out_refund_no)
    assert notice.refund.status is RefundStatus.SUCCESS
    assert (notice.refund.refund_fen, notice.refund.total_fen) == (1000, 3900)
    assert client.query_by_out_trade_no(order.out_trade_no).state is TradeState.REFUND


@pytest.mark.parametrize(
    "changes",
    [
        {"refund_fen": 1001},  # same number, other amount
        {"out_refund_no": "OTHER1", "refund_fen": 2901},  # more than is left
        {"out_refund_no": "OTHER2", "total_fen": 3901},  # another total
    ],
)
def test_wrong_refunds_are_refused(sim: Sim, changes: dict[str, object]) -> None:
    client, order = sim.client(), sim.order()
    client.create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    client.refund(sim.refund_of(order))

    with pytest.raises(DefiniteError) as caught:
        client.refund(sim.refund_of(order, **changes))

    assert caught.value.code == "INVALID_REQUEST"


def test_unpaid_and_unknown_orders_cannot_be_refunded(sim: Sim) -> None:
    client, order = sim.client(), sim.order()
    client.create_native(order)

    with pytest.raises(DefiniteError, match="INVALID_REQUEST"):
        client.refund(sim.refund_of(order))
    with pytest.raises(NotExistError):
        client.refund(sim.refund_of(replace(order, out_trade_no="NOSUCH000001")))
    with pytest.raises(NotExistError):
        client.query_refund("NOSUCH")


@pytest.mark.parametrize("mode", ["public key", "certificate"])
def test_answers_are_believed_in_both_key_modes(sim: Sim, mode: str) -> None:
    key_id = sim.keys.platform_key_id if mode == "public key" else ""
    client, order = sim.client(answer_key_id=key_id), sim.order()

    client.create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    received = sim.shop.next()

    expected = key_id or sim.keys.certificate_serial
    assert received.headers["Wechatpay-Serial"] == expected
    assert parse_callback(sim.config(), received.headers, received.body, sim.clock())


SPOILED_ANSWERS = [
    FaultKind.ERROR_AFTER_COMMIT,
    FaultKind.RESET_ANSWER,
    FaultKind.UNSIGNED_ANSWER,
    FaultKind.FORGED_ANSWER,
    FaultKind.SIGNTEST_ANSWER,
    FaultKind.STALE_ANSWER,
    FaultKind.FUTURE_ANSWER,
]


@pytest.mark.parametrize("kind", SPOILED_ANSWERS)
def test_unbelieved_answer_to_a_change_is_unknown_and_a_query_tells(
    sim: Sim, kind: FaultKind
) -> None:
    client, order = sim.client(), sim.order()
    sim.state.inject(kind, operation="create", times=1)

    with pytest.raises(UnknownOutcomeError) as caught:
        client.create_native(order)

    assert not caught.value.permanent
    assert client.query_by_out_trade_no(order.out_trade_no).state is TradeState.NOTPAY
    assert client.create_native(order).code_url


@pytest.mark.parametrize("kind", [FaultKind.RESET_ANSWER, FaultKind.FORGED_ANSWER])
def test_unbelieved_answer_to_a_question_is_transient(sim: Sim, kind: FaultKind) -> None:
    client, order = sim.client(), sim.order()
    client.create_native(order)
    sim.state.inject(kind, scope=order.out_trade_no, operation="query", times=1)

    with pytest.raises(TransientError):
        client.query_by_out_trade_no(order.out_trade_no)

    assert client.query_by_out_trade_no(order.out_trade_no)


def test_slow_answer_to_a_change_is_unknown(sim: Sim) -> None:
    with httpx2.Client(timeout=0.2, trust_env=False) as impatient:
        client = WeChatPayClient(sim.config(), http=impatient, now=sim.clock)
        sim.state.inject(FaultKind.SLOW_ANSWER, times=1)

        with pytest.raises(UnknownOutcomeError):
            client.create_native(sim.order())


def test_refused_connection_means_nothing_was_sent(sim: Sim) -> None:
    client = sim.client(base_url="http://127.0.0.1:9")

    with pytest.raises(TransientError):
        client.create_native(sim.order())


def test_answer_from_the_wrong_platform_key_is_not_believed(sim: Sim) -> None:
    client = sim.client(platform_keys={"PUB_KEY_ID_1": sim.keys.platform_public_key_pem})

    with pytest.raises(TransientError, match="unknown_serial"):
        client.query_by_out_trade_no("NOSUCH000001")


def test_wrong_clock_is_refused_by_the_gateway(sim: Sim) -> None:
    def tomorrow() -> datetime:
        return now() + timedelta(days=1)

    client = WeChatPayClient(sim.config(), http=sim.http, now=tomorrow)

    with pytest.raises(UnknownOutcomeError):  # its refusal looks stale to us, too
        client.create_native(sim.order())
    assert sim.state.store.find(orders.Order) == []


def test_secrets_do_not_show_in_the_configuration(sim: Sim) -> None:
    shown = repr(sim.config())

    assert sim.keys.apiv3_key not in shown
    assert "PRIVATE" not in shown
