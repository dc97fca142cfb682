"""An independent library for version 2, unchanged, against the gateway."""

from typing import Any

import pytest
from wechatpy.exceptions import WeChatPayException
from wechatpy.pay import WeChatPay

from clinic.adapters.wechatpay.facts import GATEWAY_ZONE
from clinic.embedded.simulator import notices, orders
from clinic.embedded.simulator.model import NoticeState
from tests.simulator.support import Sim


def _judge(sim: Sim, address: str = "") -> Any:
    class Judge(WeChatPay):  # type: ignore[misc]
        API_BASE_URL = f"{address or sim.base_url}/"

    keys = sim.keys
    return Judge(
        keys.appid,
        keys.api_v2_key,
        keys.mchid,
        mch_cert=keys.client_certificate_path,
        mch_key=keys.client_key_path,
        timeout=5,
    )


def _created(sim: Sim, number: str) -> Any:
    judge = _judge(sim)
    answer = judge.order.create(
        "NATIVE",
        "图文问诊",
        3900,
        sim.shop.address("wechat_v2"),
        client_ip="127.0.0.1",
        out_trade_no=number,
    )
    assert answer["code_url"].startswith("weixin://")
    return judge


def test_order_query_and_notification(sim: Sim) -> None:
    judge = _created(sim, "WECHATPY0001")

    before = judge.order.query(out_trade_no="WECHATPY0001")
    orders.pay(sim.state, "WECHATPY0001")
    notice = judge.parse_payment_result(sim.shop.next().body)
    after = judge.order.query(out_trade_no="WECHATPY0001")

    assert (before["trade_state"], after["trade_state"]) == ("NOTPAY", "SUCCESS")
    assert (notice["out_trade_no"], notice["total_fee"]) == ("WECHATPY0001", 3900)


def test_close_of_open_and_paid(sim: Sim) -> None:
    judge = _created(sim, "WECHATPY0002")
    _created(sim, "WECHATPY0003")
    orders.pay(sim.state, "WECHATPY0003")

    assert judge.order.close("WECHATPY0002")["result_code"] == "SUCCESS"
    with pytest.raises(WeChatPayException, match="ORDERPAID"):
        judge.order.close("WECHATPY0003")


def test_refund_its_query_and_its_encrypted_notification(
    sim: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", sim.keys.tls_ca_path)
    judge = _created(sim, "WECHATPY0004")
    orders.pay(sim.state, "WECHATPY0004")
    sim.shop.next()

    _judge(sim, sim.secure_base_url).refund.apply(
        3900, 900, "WR4", out_trade_no="WECHATPY0004", notify_url=sim.shop.address("wechat_v2")
    )
    sim.advance(seconds=3)
    hidden = judge.parse_refund_notify_result(sim.shop.next().body)
    found = judge.refund.query(out_refund_no="WR4")

    assert hidden["refund_status"] == found["refund_status_0"] == "SUCCESS"
    assert str(hidden["refund_fee"]) == str(found["refund_fee_0"]) == "900"


def test_only_signed_xml_with_success_ends_the_retries(sim: Sim) -> None:
    _created(sim, "WECHATPY0005")
    sim.shop.answers.put((200, b"success"))
    orders.pay(sim.state, "WECHATPY0005")
    assert sim.tried("WECHATPY0005", 1).state is NoticeState.WAITING

    sim.advance(seconds=16)

    assert sim.tried("WECHATPY0005", 2).state is NoticeState.DELIVERED
    assert len(notices.attempts_of(sim.state, sim.tried("WECHATPY0005", 2).id)) == 2


def test_the_bill_is_downloaded(sim: Sim) -> None:
    sim.state.set_setting("bills_of_today", 1)
    judge = _created(sim, "WECHATPY0006")
    paid_at = orders.pay(sim.state, "WECHATPY0006").paid_at
    assert paid_at is not None

    bill = judge.tools.download_bill(paid_at.astimezone(GATEWAY_ZONE).date())

    assert "`WECHATPY0006" in str(bill)
