"""Notifications of Alipay: the genuine believed, the hostile refused with a typed reason."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.adapters.alipay.notifications import NoticeRefused, Refusal, parse_notification
from clinic.adapters.alipay.types import NewRefund, PaymentNotice, RefundNotice, TradeStatus
from clinic.embedded.simulator import orders, refunds
from clinic.embedded.simulator.alipay.messages import plain_text
from clinic.embedded.simulator.crypto import foreign_private_key, private_key, sign_message
from clinic.embedded.simulator.keys import GatewayKeys
from clinic.embedded.simulator.state import FaultKind
from tests.simulator.support import Received, Sim, alipay_certificates, alipay_config

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def _fields(keys: GatewayKeys, **changes: str) -> dict[str, str]:
    return {
        "app_id": keys.alipay_app_id,
        "seller_id": keys.alipay_seller_id,
        "out_trade_no": "ORDER0000001",
        "trade_no": "2026112122001400000000000001",
        "trade_status": "TRADE_SUCCESS",
        "total_amount": "39.00",
        "subject": "图文 + 问诊&=%",
        "notify_id": "N1",
        "notify_type": "trade_status_sync",
        "notify_time": "2026-11-21 12:00:00",
        "gmt_payment": "2026-11-21 11:59:58",
        "charset": "utf-8",
        "version": "1.0",
        "empty": "",
    } | changes


def _signed(keys: GatewayKeys, fields: dict[str, str], *, key: Any = None, **more: str) -> bytes:
    key = key or private_key(keys.alipay_private_key_pem)
    signature = sign_message(key, plain_text(fields).encode())
    return urlencode(fields | {"sign_type": "RSA2", "sign": signature} | more).encode()


def test_a_genuine_notification_is_believed(gateway_keys: GatewayKeys) -> None:
    body = _signed(gateway_keys, _fields(gateway_keys))

    notice = parse_notification(alipay_config(gateway_keys), FORM, body, NOW)

    assert isinstance(notice, PaymentNotice)
    assert notice.trade.amount_fen == 3900
    assert notice.trade.paid_at == NOW - timedelta(seconds=2)
    assert notice.trade.was_paid


Spoil = Callable[[GatewayKeys], bytes]


def _with(**changes: str) -> Spoil:
    return lambda keys: _signed(keys, _fields(keys, **changes))


def _afterwards(**more: str) -> Spoil:
    return lambda keys: _signed(keys, _fields(keys), **more)


HOSTILE: dict[str, tuple[Spoil, Refusal]] = {
    "another application": (_with(app_id="2021000000000002"), Refusal.MERCHANT),
    "another seller": (_with(seller_id="2088000000000002"), Refusal.MERCHANT),
    "another kind": (_with(notify_type="batch_trans_notify"), Refusal.EVENT),
    "unknown state": (_with(trade_status="PAID"), Refusal.FIELD),
    "amount with exponent": (_with(total_amount="1e3"), Refusal.FIELD),
    "amount in Arabic digits": (_with(total_amount="٣٩.00"), Refusal.FIELD),
    "negative amount": (_with(total_amount="-39.00"), Refusal.FIELD),
    "three decimals": (_with(total_amount="39.001"), Refusal.FIELD),
    "no number": (_with(out_trade_no=""), Refusal.FIELD),
    "number with a line break": (_with(out_trade_no="A\nB"), Refusal.FIELD),
    "paid without time": (_with(gmt_payment=""), Refusal.FIELD),
    "no sending time": (_with(notify_time=""), Refusal.FIELD),
    "a day old": (_with(notify_time="2026-11-20 12:00:00"), Refusal.STALE),
    "from the future": (_with(notify_time="2026-11-21 13:00:00"), Refusal.STALE),
    "other charset": (_with(charset="GBK"), Refusal.ALGORITHM),
    "changed amount": (_afterwards(total_amount="0.01"), Refusal.SIGNATURE),
    "added field": (_afterwards(more="x"), Refusal.SIGNATURE),
    "weak algorithm": (_afterwards(sign_type="RSA"), Refusal.ALGORITHM),
    "empty signature": (_afterwards(sign=""), Refusal.SIGNATURE),
    "not base64": (_afterwards(sign="!!!"), Refusal.SIGNATURE),
    "foreign key": (
        lambda keys: _signed(keys, _fields(keys), key=foreign_private_key()),
        Refusal.SIGNATURE,
    ),
    "field twice": (
        lambda keys: _signed(keys, _fields(keys)) + b"&total_amount=39.00",
        Refusal.DUPLICATE_FIELD,
    ),
    "too large": (lambda _keys: b"a=" + b"x" * 70_000, Refusal.TOO_LARGE),
    "no form": (lambda _keys: b"{}", Refusal.FORM),
    "empty": (lambda _keys: b"", Refusal.ALGORITHM),
    "raw bytes": (lambda _keys: b"a=\xff", Refusal.FORM),
    "broken text": (lambda _keys: b"a=%ff", Refusal.FORM),
    "a thousand fields": (
        lambda _keys: b"&".join(b"a%d=1" % number for number in range(1000)),
        Refusal.FORM,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_notifications_are_refused(gateway_keys: GatewayKeys, name: str) -> None:
    spoil, reason = HOSTILE[name]

    with pytest.raises(NoticeRefused) as caught:
        parse_notification(alipay_config(gateway_keys), FORM, spoil(gateway_keys), NOW)

    assert caught.value.reason is reason
    assert (caught.value.notice is not None) == (reason is Refusal.STALE)


def test_another_content_type_is_refused(gateway_keys: GatewayKeys) -> None:
    body = _signed(gateway_keys, _fields(gateway_keys))

    with pytest.raises(NoticeRefused) as caught:
        parse_notification(
            alipay_config(gateway_keys), {"content-type": "application/json"}, body, NOW
        )

    assert caught.value.reason is Refusal.CONTENT_TYPE


@given(body=st.binary(max_size=300))
def test_any_bytes_are_refused_without_another_error(
    gateway_keys: GatewayKeys, body: bytes
) -> None:
    with pytest.raises(NoticeRefused):
        parse_notification(alipay_config(gateway_keys), FORM, body, NOW)


def _parse(sim: Sim, received: Received, **changes: Any) -> PaymentNotice | RefundNotice:
    config = sim.alipay_config(**changes)
    return parse_notification(config, received.headers, received.body, sim.clock())


@pytest.mark.parametrize("mode", ["key", "certificate"])
def test_the_gateway_announces_payment_and_refunds_at_one_address(sim: Sim, mode: str) -> None:
    more = alipay_certificates(sim.keys) if mode == "certificate" else {}
    client, trade = sim.alipay(**more), sim.trade()
    client.precreate(trade)
    orders.pay(sim.state, trade.out_trade_no)
    paid = _parse(sim, sim.shop.next(), **more)
    client.refund(NewRefund(out_trade_no=trade.out_trade_no, out_request_no="P1", refund_fen=900))
    partly = _parse(sim, sim.shop.next(), **more)
    refunds.refund_rest(sim.state, trade.out_trade_no)
    fully = _parse(sim, sim.shop.next(), **more)

    assert isinstance(paid, PaymentNotice)
    assert isinstance(partly, RefundNotice)
    assert isinstance(fully, RefundNotice)
    assert paid.trade == client.query(trade.out_trade_no).__class__(**vars(paid.trade))
    assert (partly.out_request_no, partly.refunded_total_fen) == ("P1", 900)
    assert partly.trade.status is TradeStatus.SUCCESS
    assert (fully.trade.status, fully.refunded_total_fen) == (TradeStatus.CLOSED, 3900)
    assert fully.trade.was_paid


def test_the_end_of_an_unpaid_trade_is_not_a_payment(sim: Sim) -> None:
    client, trade = sim.alipay(), sim.trade()
    client.precreate(trade)
    orders.scan(sim.state, trade.out_trade_no)
    client.close(trade.out_trade_no)

    notice = _parse(sim, sim.shop.next())

    assert isinstance(notice, PaymentNotice)
    assert (notice.trade.status, notice.trade.was_paid) == (TradeStatus.CLOSED, False)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (FaultKind.WRONG_APPID, Refusal.MERCHANT),
        (FaultKind.WRONG_MCHID, Refusal.MERCHANT),
        (FaultKind.FOREIGN_KEY, Refusal.SIGNATURE),
        (FaultKind.SIGNTEST, Refusal.SIGNATURE),
        (FaultKind.STALE, Refusal.STALE),
        (FaultKind.FUTURE, Refusal.STALE),
    ],
)
def test_faults_of_the_gateway_are_refused(sim: Sim, kind: FaultKind, reason: Refusal) -> None:
    trade = sim.trade()
    sim.alipay().precreate(trade)
    sim.state.inject(kind, times=1)
    orders.pay(sim.state, trade.out_trade_no)

    with pytest.raises(NoticeRefused) as caught:
        _parse(sim, sim.shop.next())

    assert caught.value.reason is reason
