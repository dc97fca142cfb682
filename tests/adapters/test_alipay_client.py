"""The Alipay client against the gateway: channels, queries, closing, refunds, beliefs."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from clinic.adapters.alipay.answers import raw_node
from clinic.adapters.alipay.client import AlipayClient
from clinic.adapters.alipay.signing import certificate_serial
from clinic.adapters.alipay.types import CloseResult, NewRefund, NewTrade, RefundStatus, TradeStatus
from clinic.adapters.errors import (
    DefiniteError,
    NotExistError,
    TransientError,
    UnknownOutcomeError,
)
from clinic.embedded.simulator import orders, refunds
from clinic.embedded.simulator.model import OrderState, RefundState
from clinic.embedded.simulator.state import FaultKind
from tests.simulator.support import Sim, alipay_certificates


def _scanned(sim: Sim, **changes: Any) -> NewTrade:
    trade = sim.trade(**changes)
    sim.alipay().precreate(trade)
    orders.scan(sim.state, trade.out_trade_no)
    return trade


def _paid(sim: Sim, **changes: Any) -> NewTrade:
    trade = _scanned(sim, **changes)
    orders.pay(sim.state, trade.out_trade_no)
    return trade


def _refund(trade: NewTrade, **changes: Any) -> NewRefund:
    values: dict[str, Any] = {
        "out_trade_no": trade.out_trade_no,
        "out_request_no": f"R{trade.out_trade_no}",
        "refund_fen": 1000,
    }
    return NewRefund(**(values | changes))


def test_an_unscanned_order_does_not_exist_for_query_and_close(sim: Sim) -> None:
    client, trade = sim.alipay(), sim.trade()

    assert client.precreate(trade).qr_code.startswith("https://qr.alipay.com/")
    with pytest.raises(NotExistError):
        client.query(trade.out_trade_no)
    assert client.close(trade.out_trade_no) is CloseResult.NOT_EXIST
    orders.scan(sim.state, trade.out_trade_no)

    found = client.query(trade.out_trade_no)
    assert (found.status, found.was_paid) == (TradeStatus.WAIT_BUYER_PAY, False)
    assert found.amount_fen == trade.amount_fen


def test_time_alone_ends_an_unscanned_order(sim: Sim) -> None:
    trade = sim.trade()
    sim.alipay().precreate(trade)

    sim.advance(minutes=31)

    assert orders.by_number(sim.state, trade.out_trade_no).state is OrderState.CLOSED


@pytest.mark.parametrize("channel", ["page", "wap"])
def test_browser_forms_open_the_payment_page(sim: Sim, channel: str) -> None:
    client = sim.alipay()
    trade = sim.trade(return_url="http://127.0.0.1/back/", quit_url="http://127.0.0.1/quit/")
    form = client.page_form(trade) if channel == "page" else client.wap_form(trade)

    posted = sim.http.post(form.action, data=dict(form.fields))
    followed = sim.http.get(form.as_url())

    assert posted.status_code == followed.status_code == 302
    assert posted.headers["location"] == followed.headers["location"]
    page = sim.http.get(sim.base_url + posted.headers["location"])
    assert trade.subject in page.text
    assert "total_amount" not in form.action
    assert orders.by_number(sim.state, trade.out_trade_no).channel == channel


def test_app_order_text_is_believed_by_the_gateway(sim: Sim) -> None:
    trade = sim.trade()
    order_string = sim.alipay().app_order(trade).order_string

    answer = sim.http.post(
        f"{sim.base_url}/gateway.do",
        content=order_string,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 302
    assert orders.by_number(sim.state, trade.out_trade_no).channel == "app"


@pytest.mark.parametrize("mode", ["key", "certificate"])
@pytest.mark.parametrize("subject", ['a}"b', "{[\\", "图文问诊 & 挂号/复诊=1"])
def test_answers_are_believed_whatever_the_subject(sim: Sim, mode: str, subject: str) -> None:
    more = alipay_certificates(sim.keys) if mode == "certificate" else {}
    client, trade = sim.alipay(**more), sim.trade(subject=subject)

    client.precreate(trade)
    orders.pay(sim.state, trade.out_trade_no)

    found = client.query(trade.out_trade_no)
    assert found.status is TradeStatus.SUCCESS
    assert found.paid_at is not None
    assert abs(found.paid_at - sim.clock()) < timedelta(minutes=1)


def test_raw_node_is_taken_as_it_stands() -> None:
    body = b'{ "sign" : "x}" ,\n"a_response":{"s":"}\\"{", "n": [1 , 2]} }'

    assert raw_node(body, "a_response") == b'{"s":"}\\"{", "n": [1 , 2]}'


def test_certificate_mode_refuses_an_unknown_certificate(sim: Sim) -> None:
    more = alipay_certificates(sim.keys)
    more["alipay_certificates_pem"] = (sim.keys.alipay_app_certificate_pem,)

    with pytest.raises(TransientError, match="signature refused"):
        sim.alipay(**more).query(_scanned(sim).out_trade_no)
    own = certificate_serial(sim.keys.alipay_app_certificate_pem)
    assert own != certificate_serial(sim.keys.alipay_certificate_pem)


def test_close_tells_closed_from_paid(sim: Sim) -> None:
    client, unpaid, paid = sim.alipay(), _scanned(sim), _paid(sim)

    assert client.close(unpaid.out_trade_no) is CloseResult.CLOSED
    assert client.close(unpaid.out_trade_no) is CloseResult.CLOSED
    assert client.close(paid.out_trade_no) is CloseResult.ALREADY_PAID
    client.refund(_refund(paid, refund_fen=3900))
    assert client.close(paid.out_trade_no) is CloseResult.ALREADY_PAID


def test_partial_refunds_and_their_repeats(sim: Sim) -> None:
    client, trade = sim.alipay(), _paid(sim)

    first = client.refund(_refund(trade))
    again = client.refund(_refund(trade))

    assert first.status is RefundStatus.SUCCESS
    assert again.status is RefundStatus.NOT_CONFIRMED
    found = client.query_refund(trade.out_trade_no, first.out_request_no)
    assert (found.status, found.refund_fen) == (RefundStatus.SUCCESS, 1000)
    assert client.query(trade.out_trade_no).status is TradeStatus.SUCCESS
    assert len(refunds.of_order(sim.state, trade.out_trade_no)) == 1


def test_a_full_refund_closes_a_trade_that_was_paid(sim: Sim) -> None:
    client, trade = sim.alipay(), _paid(sim)

    client.refund(_refund(trade, refund_fen=trade.amount_fen))

    found = client.query(trade.out_trade_no)
    assert (found.status, found.was_paid) == (TradeStatus.CLOSED, True)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"refund_fen": 1001}, "ACQ.DISCORDANT_REPEAT_REQUEST"),
        ({"out_request_no": "OTHER", "refund_fen": 2901}, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"),
    ],
)
def test_wrong_refunds_are_refused(sim: Sim, changes: dict[str, Any], word: str) -> None:
    client, trade = sim.alipay(), _paid(sim)
    client.refund(_refund(trade))

    with pytest.raises(DefiniteError) as caught:
        client.refund(_refund(trade, **changes))

    assert caught.value.code == word


def test_a_finished_trade_cannot_be_refunded(sim: Sim) -> None:
    client, trade = sim.alipay(), _paid(sim)
    orders.finish(sim.state, trade.out_trade_no)

    with pytest.raises(DefiniteError, match="TRADE_HAS_FINISHED"):
        client.refund(_refund(trade))

    assert client.query(trade.out_trade_no).was_paid


@pytest.mark.parametrize("kind", [FaultKind.REFUND_SLOW, FaultKind.REFUND_ABNORMAL])
def test_a_refund_that_takes_time_is_confirmed_by_query_alone(sim: Sim, kind: FaultKind) -> None:
    client, trade = sim.alipay(), _paid(sim)
    sim.state.inject(kind, scope=trade.out_trade_no, times=1)

    asked = client.refund(_refund(trade))
    before = client.query_refund(trade.out_trade_no, asked.out_request_no)
    refunds.settle(sim.state, asked.out_request_no, RefundState.SUCCESS)
    after = client.query_refund(trade.out_trade_no, asked.out_request_no)

    assert asked.status is before.status is RefundStatus.NOT_CONFIRMED
    assert after.status is RefundStatus.SUCCESS


def test_a_refund_never_asked_for_is_not_confirmed(sim: Sim) -> None:
    trade = _paid(sim)

    found = sim.alipay().query_refund(trade.out_trade_no, "NEVER")

    assert found.status is RefundStatus.NOT_CONFIRMED


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.ERROR_AFTER_COMMIT,
        FaultKind.RESET_ANSWER,
        FaultKind.UNSIGNED_ANSWER,
        FaultKind.FORGED_ANSWER,
    ],
)
def test_an_unbelieved_answer_to_a_refund_is_unknown_and_repeating_is_harmless(
    sim: Sim, kind: FaultKind
) -> None:
    client, trade = sim.alipay(), _paid(sim)
    sim.state.inject(kind, operation="refund", times=1)

    with pytest.raises(UnknownOutcomeError):
        client.refund(_refund(trade))
    client.refund(_refund(trade))

    assert len(refunds.of_order(sim.state, trade.out_trade_no)) == 1
    confirmed = client.query_refund(trade.out_trade_no, f"R{trade.out_trade_no}")
    assert confirmed.status is RefundStatus.SUCCESS


@pytest.mark.parametrize("kind", [FaultKind.FORGED_ANSWER, FaultKind.ERROR_BEFORE_COMMIT])
def test_an_unbelieved_answer_to_a_question_is_transient(sim: Sim, kind: FaultKind) -> None:
    client, trade = sim.alipay(), _paid(sim)
    sim.state.inject(kind, operation="query", times=1)

    with pytest.raises(TransientError):
        client.query(trade.out_trade_no)

    assert client.query(trade.out_trade_no).was_paid


def test_too_many_calls_mean_later(sim: Sim) -> None:
    sim.state.inject(FaultKind.RATE_LIMITED, operation="create", times=1)

    with pytest.raises(TransientError):
        sim.alipay().precreate(sim.trade())


def test_the_same_number_with_other_contents_is_refused(sim: Sim) -> None:
    client, trade = sim.alipay(), sim.trade()
    qr_code = client.precreate(trade).qr_code

    assert client.precreate(trade).qr_code == qr_code
    with pytest.raises(DefiniteError, match="CONTEXT_INCONSISTENT"):
        client.precreate(sim.trade(out_trade_no=trade.out_trade_no, amount_fen=1))


def test_wechat_and_alipay_do_not_see_each_others_orders(sim: Sim) -> None:
    trade, order = _paid(sim), sim.order()
    sim.client().create_native(order)

    with pytest.raises(NotExistError):
        sim.client().query_by_out_trade_no(trade.out_trade_no)
    with pytest.raises(NotExistError):
        sim.alipay().query(order.out_trade_no)


def _spoiled(sim: Sim, **changes: str) -> dict[str, Any]:
    """Send a query with some signed fields changed afterwards; return the answer's node."""
    form = sim.alipay().page_form(sim.trade())
    fields = dict(parse_qsl(urlsplit(form.action).query)) | dict(form.fields) | changes
    answer = sim.http.post(f"{sim.base_url}/gateway.do", data=fields)
    return {"status": answer.status_code, "text": answer.text}


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("sign", "AAAA", "isv.invalid-signature"),
        ("biz_content", "{}", "isv.invalid-signature"),
        ("notify_url", "http://127.0.0.1/other/", "isv.invalid-signature"),
        ("sign_type", "RSA", "isv.invalid-sign-type"),
        ("charset", "GBK", "isv.invalid-charset"),
        ("timestamp", "2020-01-01 00:00:00", "isv.invalid-timestamp"),
        ("app_id", "2021000000000002", "isv.invalid-app-id"),
        ("method", "alipay.nonsense", "isv.invalid-method"),
        ("app_cert_sn", "00", "isv.invalid-app-cert-sn"),
    ],
)
def test_the_gateway_refuses_us_strictly(sim: Sim, name: str, value: str, word: str) -> None:
    found = _spoiled(sim, **{name: value})

    assert word in found["text"]
    assert sim.state.store.find(orders.Order) == []


def test_the_gateway_refuses_a_parameter_that_comes_twice(sim: Sim) -> None:
    form = sim.alipay().page_form(sim.trade())

    answer = sim.http.post(f"{form.action}&charset=utf-8", data=dict(form.fields))

    assert "isv.duplicate-parameter" in answer.text


def test_a_clock_in_another_zone_is_refused(sim: Sim) -> None:
    client = AlipayClient(
        sim.alipay_config(), http=sim.http, now=lambda: sim.clock() - timedelta(hours=8)
    )

    with pytest.raises(DefiniteError, match="invalid-timestamp"):
        client.precreate(sim.trade())


def test_an_unreachable_gateway_means_nothing_was_sent(sim: Sim) -> None:
    with httpx2.Client(trust_env=False) as http:
        client = AlipayClient(
            sim.alipay_config(gateway_url="http://127.0.0.1:9/gateway.do"), http=http
        )
        with pytest.raises(TransientError):
            client.precreate(sim.trade())


def test_secrets_do_not_show_in_the_configuration(sim: Sim) -> None:
    assert "BEGIN" not in repr(sim.alipay_config(**alipay_certificates(sim.keys)))
