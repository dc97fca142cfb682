"""An independent client library, unchanged, against the gateway."""

import gzip
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from clinic.adapters.wechatpay.facts import GATEWAY_ZONE
from clinic.embedded.simulator import orders, refunds
from clinic.embedded.simulator.crypto import is_signed_by
from clinic.embedded.simulator.model import RefundState
from tests.simulator.support import Sim


def _judge(sim: Sim, *, cert_dir: str | None = None) -> Any:
    keys = sim.keys
    mode = (
        {"cert_dir": cert_dir}
        if cert_dir
        else {"public_key": keys.platform_public_key_pem, "public_key_id": keys.platform_key_id}
    )
    judge = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=keys.mchid,
        private_key=keys.merchant_private_key_pem,
        cert_serial_no=keys.merchant_serial,
        appid=keys.appid,
        apiv3_key=keys.apiv3_key,
        notify_url=sim.shop.notify_url,
        proxy={"http": None, "https": None},
        **mode,
    )
    judge._core._gate_way = sim.base_url
    return judge


def _pay(judge: Any, number: str, **more: Any) -> tuple[int, Any]:
    code, text = judge.pay("图文问诊", number, {"total": 100}, **more)
    return code, json.loads(text)


def _created(sim: Sim, number: str) -> Any:
    judge = _judge(sim)
    assert _pay(judge, number)[0] == 200
    return judge


def test_native(sim: Sim) -> None:
    expires = (sim.clock() + timedelta(hours=1)).isoformat(timespec="seconds")

    code, answer = _pay(_judge(sim), "ORACLE000001", time_expire=expires)

    assert code == 200
    assert answer["code_url"].startswith("weixin://")


def test_jsapi_and_pay_sign(sim: Sim) -> None:
    judge = _judge(sim)

    code, answer = _pay(
        judge, "ORACLE000002", payer={"openid": "oUser1"}, pay_type=WeChatPayType.JSAPI
    )
    lines = [sim.keys.appid, "1700000000", "NONCE", f"prepay_id={answer['prepay_id']}"]

    assert code == 200
    message = "".join(f"{line}\n" for line in lines).encode()
    assert is_signed_by(sim.keys.merchant_certificate_pem, message, judge.sign(lines))
    ours = sim.client().jsapi_client_params(answer["prepay_id"], now=sim.clock(), nonce="NONCE")
    again = [sim.keys.appid, ours.time_stamp, "NONCE", ours.package]
    assert ours.pay_sign == judge.sign(again)


def test_query_by_both_numbers(sim: Sim) -> None:
    judge = _created(sim, "ORACLE000003")
    paid = orders.pay(sim.state, "ORACLE000003")

    code, text = judge.query(out_trade_no="ORACLE000003")
    same_code, same = judge.query(transaction_id=paid.transaction_id)

    assert (code, same_code) == (200, 200)
    assert json.loads(text) == json.loads(same)
    assert json.loads(text)["trade_state"] == "SUCCESS"


def test_close_and_close_of_paid(sim: Sim) -> None:
    judge = _created(sim, "ORACLE000004")
    _pay(judge, "ORACLE000005")
    orders.pay(sim.state, "ORACLE000005")

    assert judge.close("ORACLE000004")[0] == 204
    code, text = judge.close("ORACLE000005")
    assert (code, json.loads(text)["code"]) == (400, "ORDERPAID")


def test_refund_and_its_query(sim: Sim) -> None:
    judge = _created(sim, "ORACLE000006")
    orders.pay(sim.state, "ORACLE000006")
    amount = {"refund": 40, "total": 100, "currency": "CNY"}

    code, text = judge.refund("OR6", amount, out_trade_no="ORACLE000006")
    again_code, again = judge.refund("OR6", amount, out_trade_no="ORACLE000006")
    more_code, _ = judge.refund("OR7", {**amount, "refund": 61}, out_trade_no="ORACLE000006")

    assert (code, again_code, more_code) == (200, 200, 400)
    assert json.loads(text)["refund_id"] == json.loads(again)["refund_id"]
    assert json.loads(judge.query_refund("OR6")[1])["status"] == "PROCESSING"


def test_callbacks_of_payment_and_refund(sim: Sim) -> None:
    judge = _created(sim, "ORACLE000008")
    orders.pay(sim.state, "ORACLE000008")
    paid = sim.shop.next()
    judge.refund(
        "OR8", {"refund": 100, "total": 100, "currency": "CNY"}, out_trade_no="ORACLE000008"
    )
    sim.advance(seconds=3)
    refunded = sim.shop.next()

    first = judge.callback(paid.headers, paid.body)
    second = judge.callback(refunded.headers, refunded.body)

    assert first["event_type"] == "TRANSACTION.SUCCESS"
    assert first["resource"]["amount"]["total"] == 100
    assert second["event_type"] == "REFUND.SUCCESS"
    assert second["resource"]["refund_status"] == "SUCCESS"


def test_certificates_are_downloaded_and_decrypted(
    sim: Sim, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("certificates")
    path = folder / f"{sim.keys.certificate_serial}.pem"
    path.write_text(sim.keys.certificate_pem)
    judge = _judge(sim, cert_dir=str(folder))

    path.unlink()
    judge._core._update_certificates()
    code, _ = _pay(judge, "ORACLE000009")

    assert code == 200
    assert path.read_text() == sim.keys.certificate_pem


def test_h5_and_app(sim: Sim) -> None:
    judge = _judge(sim)
    scene = {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}

    h5_code, h5 = _pay(judge, "ORACLE000010", scene_info=scene, pay_type=WeChatPayType.H5)
    app_code, app = _pay(judge, "ORACLE000011", pay_type=WeChatPayType.APP)

    assert (h5_code, app_code) == (200, 200)
    assert h5["h5_url"].startswith(sim.base_url)
    assert app["prepay_id"].startswith("wx")


def test_abnormal_refund_to_a_card_encrypted_by_the_library(sim: Sim) -> None:
    judge = _created(sim, "ORACLE000012")
    orders.pay(sim.state, "ORACLE000012")
    _, text = judge.refund(
        "OR12", {"refund": 100, "total": 100, "currency": "CNY"}, out_trade_no="ORACLE000012"
    )
    refunds.settle(sim.state, "OR12", RefundState.ABNORMAL)

    code, answer = judge.abnormal_refund(
        json.loads(text)["refund_id"],
        "OR12",
        "USER_BANK_CARD",
        bank_type="ICBC_DEBIT",
        bank_account="6222000000000000",
        real_name="林小月",
    )

    assert (code, json.loads(answer)["status"]) == (200, "PROCESSING")


@pytest.mark.parametrize("kind", ["trade", "flow"])
def test_bills_are_announced_and_downloaded(sim: Sim, kind: str) -> None:
    sim.state.set_setting("bills_of_today", 1)
    judge = _created(sim, "ORACLE000013")
    paid_at = orders.pay(sim.state, "ORACLE000013").paid_at
    assert paid_at is not None
    day = paid_at.astimezone(GATEWAY_ZONE).date().isoformat()

    ask = judge.trade_bill if kind == "trade" else judge.fundflow_bill
    code, text = ask(day)
    announced = json.loads(text)
    file_code, zipped = judge.download_bill(announced["download_url"])

    assert (code, file_code) == (200, 200)
    plain = gzip.decompress(zipped)
    assert hashlib.sha1(plain, usedforsecurity=False).hexdigest() == announced["hash_value"]
    assert plain.startswith("\ufeff".encode())
