"""An independent Alipay library, unchanged, against the gateway; and the gateway's retries."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from alipay import AliPay, DCAliPay
from alipay.utils import AliPayConfig

from clinic.adapters.alipay.facts import RETRY_SECONDS
from clinic.adapters.alipay.signing import certificate_serial, root_serial
from clinic.embedded.simulator import orders
from clinic.embedded.simulator.model import NoticeState
from tests.simulator.support import Received, Sim


@pytest.fixture(autouse=True)
def _chinese_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The library writes the machine's own zone into its timestamps."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _judge(sim: Sim, mode: str = "key") -> Any:
    keys = sim.keys
    common = {
        "appid": keys.alipay_app_id,
        "app_notify_url": sim.shop.address("alipay"),
        "app_private_key_string": keys.alipay_app_private_key_pem,
        "sign_type": "RSA2",
    }
    judge: Any
    if mode == "key":
        judge = AliPay(
            alipay_public_key_string=keys.alipay_public_key_pem,
            config=AliPayConfig(timeout=5),
            **common,
        )
    else:
        judge = DCAliPay(
            app_public_key_cert_string=keys.alipay_app_certificate_pem,
            alipay_public_key_cert_string=keys.alipay_certificate_pem,
            alipay_root_cert_string=keys.alipay_root_certificates_pem,
            **common,
        )
    judge._gateway = f"{sim.base_url}/gateway.do"
    return judge


def _precreated(judge: Any, number: str) -> Any:
    return judge.api_alipay_trade_precreate(
        subject="图文问诊", out_trade_no=number, total_amount="39.00"
    )


@pytest.mark.parametrize("mode", ["key", "certificate"])
def test_precreate_scan_pay_and_query(sim: Sim, mode: str) -> None:
    judge = _judge(sim, mode)

    made = _precreated(judge, "JUDGE1")
    before = judge.api_alipay_trade_query(out_trade_no="JUDGE1")
    orders.pay(sim.state, "JUDGE1")
    after = judge.api_alipay_trade_query(out_trade_no="JUDGE1")

    assert made["code"] == "10000"
    assert before["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert (after["trade_status"], after["total_amount"]) == ("TRADE_SUCCESS", "39.00")


def test_serials_are_the_librarys(sim: Sim) -> None:
    judge = _judge(sim, "certificate")

    assert certificate_serial(sim.keys.alipay_app_certificate_pem) == judge.app_cert_sn
    assert root_serial(sim.keys.alipay_root_certificates_pem) == judge.alipay_root_cert_sn


def test_refund_and_its_query(sim: Sim) -> None:
    judge = _judge(sim)
    _precreated(judge, "JUDGE2")
    orders.pay(sim.state, "JUDGE2")

    first = judge.api_alipay_trade_refund("10.00", out_trade_no="JUDGE2", out_request_no="JR2")
    again = judge.api_alipay_trade_refund("10.00", out_trade_no="JUDGE2", out_request_no="JR2")
    found = judge.api_alipay_trade_fastpay_refund_query("JR2", out_trade_no="JUDGE2")

    assert (first["fund_change"], again["fund_change"]) == ("Y", "N")
    assert found["refund_status"] == "REFUND_SUCCESS"


def test_close(sim: Sim) -> None:
    judge = _judge(sim)
    _precreated(judge, "JUDGE3")

    unscanned = judge.api_alipay_trade_close(out_trade_no="JUDGE3")
    orders.scan(sim.state, "JUDGE3")
    scanned = judge.api_alipay_trade_close(out_trade_no="JUDGE3")

    assert unscanned["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert scanned["code"] == "10000"


def test_page_pay_address_opens_the_page(sim: Sim) -> None:
    query = _judge(sim).api_alipay_trade_page_pay(
        subject="问诊", out_trade_no="JUDGE4", total_amount="1.00"
    )

    answer = sim.http.get(f"{sim.base_url}/gateway.do?{query}")

    assert answer.status_code == 302
    assert orders.by_number(sim.state, "JUDGE4").total_fen == 100


def _verified(judge: Any, received: Received) -> bool:
    values = dict(parse_qsl(received.body.decode(), keep_blank_values=True))
    return bool(judge.verify(values, values.pop("sign")))


def test_notifications_verify(sim: Sim) -> None:
    judge = _judge(sim)
    _precreated(judge, "JUDGE5")

    orders.pay(sim.state, "JUDGE5")
    paid = sim.shop.next()
    judge.api_alipay_trade_refund("39.00", out_trade_no="JUDGE5")
    refunded = sim.shop.next()

    assert _verified(judge, paid)
    assert _verified(judge, refunded)
    assert b"refund_fee=39.00" in refunded.body


@pytest.mark.parametrize(
    "heard", [(200, b"success\n"), (200, b"SUCCESS"), (204, b""), (302, b"success")]
)
def test_only_the_seven_bytes_end_the_retries(sim: Sim, heard: tuple[int, bytes]) -> None:
    sim.shop.answers.put(heard)
    trade = sim.trade()
    sim.alipay().precreate(trade)

    orders.pay(sim.state, trade.out_trade_no)
    assert sim.tried(trade.out_trade_no, 1).state is NoticeState.WAITING
    sim.advance(seconds=RETRY_SECONDS[0] + 1)

    assert sim.tried(trade.out_trade_no, 2).state is NoticeState.DELIVERED


def test_the_ladder_is_climbed_to_its_end(sim: Sim) -> None:
    for _ in range(len(RETRY_SECONDS) + 1):
        sim.shop.answers.put((200, b"fail"))
    trade = sim.trade()
    sim.alipay().precreate(trade)
    orders.pay(sim.state, trade.out_trade_no)

    for number, wait in enumerate(RETRY_SECONDS, 1):
        assert sim.tried(trade.out_trade_no, number).state is NoticeState.WAITING
        sim.advance(seconds=wait + 1)

    assert sim.tried(trade.out_trade_no, 8).state is NoticeState.GIVEN_UP
