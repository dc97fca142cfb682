"""Version 2 against the gateway: both signatures, hostile XML, unsigned refund notifications."""

import secrets
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.adapters.errors import (
    AdapterError,
    DefiniteError,
    NotExistError,
    NotReachedError,
    TransientError,
    UnknownOutcomeError,
)
from clinic.adapters.wechatpay.types import CloseResult, RefundResult, RefundStatus, TradeState
from clinic.adapters.wechatpay_v2.callbacks import (
    NoticeRefused,
    PaymentNotice,
    RefundHint,
    Refusal,
    parse_notification,
)
from clinic.adapters.wechatpay_v2.client import WeChatPayV2Client
from clinic.adapters.wechatpay_v2.config import SignType
from clinic.adapters.wechatpay_v2.xml import StrictXmlError, read_flat, write_flat
from clinic.embedded.simulator import orders, refunds
from clinic.embedded.simulator.keys import GatewayKeys
from clinic.embedded.simulator.model import RefundState
from clinic.embedded.simulator.state import FaultKind
from clinic.embedded.simulator.wechat_v2.messages import seal
from clinic.embedded.simulator.wechat_v2.xml import signature, write
from tests.simulator.support import Sim, v2_config

BOTH = pytest.mark.parametrize("sign_type", list(SignType))


@BOTH
def test_an_order_is_paid_refunded_and_announced(sim: Sim, sign_type: SignType) -> None:
    client, order = sim.v2(sign_type=sign_type), sim.v2_order()

    assert client.create_native(order).code_url == client.create_native(order).code_url
    assert client.query_by_out_trade_no(order.out_trade_no).state is TradeState.NOTPAY
    orders.pay(sim.state, order.out_trade_no)
    received = sim.shop.next()
    notice = parse_notification(client.config, received.headers, received.body)

    assert isinstance(notice, PaymentNotice)
    assert notice.transaction == client.query_by_out_trade_no(order.out_trade_no)
    assert notice.transaction.amount_fen == 3900

    address = sim.shop.address("wechat_v2")
    accepted = client.refund(sim.refund_of(order, notify_url=address))
    sim.advance(seconds=3)
    received = sim.shop.next()
    hint = parse_notification(client.config, received.headers, received.body)
    found = client.query_refund(accepted.out_refund_no)

    assert accepted.status is RefundStatus.PROCESSING
    assert hint == RefundHint(out_trade_no=order.out_trade_no, out_refund_no=accepted.out_refund_no)
    assert (found.status, found.refund_fen, found.total_fen) == (RefundStatus.SUCCESS, 1000, 3900)
    assert client.query_by_out_trade_no(order.out_trade_no).state is TradeState.REFUND


def test_every_channel_is_prepared(sim: Sim) -> None:
    client = sim.v2()

    prepay = client.create_jsapi(sim.v2_order(), "oUser1")
    app = client.create_app(sim.v2_order())
    h5 = client.create_h5(sim.v2_order(), "127.0.0.1")

    params = client.jsapi_client_params(prepay.prepay_id, nonce="NONCE").as_client_dict()
    signed = {name: value for name, value in params.items() if name != "paySign"}
    assert params["paySign"] == signature(signed, sim.keys.api_v2_key, "HMAC-SHA256")
    in_app = client.app_client_params(app.prepay_id).as_client_dict()
    assert in_app["sign"] == signature(in_app, sim.keys.api_v2_key, "HMAC-SHA256")
    assert sim.http.get(h5.h5_url).status_code == 200


def test_close_tells_closed_paid_and_unknown(sim: Sim) -> None:
    client, unpaid, paid = sim.v2(), sim.v2_order(), sim.v2_order()
    client.create_native(unpaid)
    client.create_native(paid)
    orders.pay(sim.state, paid.out_trade_no)

    assert client.close(unpaid.out_trade_no) is CloseResult.CLOSED
    assert client.close(unpaid.out_trade_no) is CloseResult.CLOSED
    assert client.close(paid.out_trade_no) is CloseResult.ALREADY_PAID
    assert client.close("NOSUCH000001") is CloseResult.NOT_EXIST


def test_both_versions_see_one_order(sim: Sim) -> None:
    order = sim.v2_order()
    sim.v2().create_native(order)

    assert sim.client().query_by_out_trade_no(order.out_trade_no).state is TradeState.NOTPAY


def test_refund_states_are_those_of_the_newer_version(sim: Sim) -> None:
    client, order = sim.v2(), sim.v2_order()
    client.create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    refund = client.refund(sim.refund_of(order, notify_url=""))

    refunds.settle(sim.state, refund.out_refund_no, RefundState.ABNORMAL)
    assert client.query_refund(refund.out_refund_no).status is RefundStatus.ABNORMAL
    refunds.settle(sim.state, refund.out_refund_no, RefundState.CLOSED)
    assert client.query_refund(refund.out_refund_no).status is RefundStatus.CLOSED
    with pytest.raises(NotExistError):
        client.query_refund("NOSUCH")
    with pytest.raises(DefiniteError, match="INVALID_REQUEST"):
        client.refund(sim.refund_of(order, refund_fen=1))


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.ERROR_AFTER_COMMIT,
        FaultKind.RESET_ANSWER,
        FaultKind.UNSIGNED_ANSWER,
        FaultKind.FORGED_ANSWER,
    ],
)
def test_an_unbelieved_answer_to_a_change_is_unknown(sim: Sim, kind: FaultKind) -> None:
    client, order = sim.v2(), sim.v2_order()
    sim.state.inject(kind, operation="create", times=1)

    with pytest.raises(UnknownOutcomeError):
        client.create_native(order)

    assert client.query_by_out_trade_no(order.out_trade_no).state is TradeState.NOTPAY


def test_the_wrong_key_is_refused_without_a_signature(sim: Sim) -> None:
    client = sim.v2(api_key="0" * 32)

    with pytest.raises(TransientError, match="not understood"):
        client.query_by_out_trade_no("NOSUCH000001")


@BOTH
def test_a_used_nonce_is_refused(sim: Sim, sign_type: SignType) -> None:
    values = {
        "appid": sim.keys.appid,
        "mch_id": sim.keys.mchid,
        "nonce_str": secrets.token_hex(16),
        "out_trade_no": "NOSUCH000001",
        "sign_type": sign_type.value,
    }
    values["sign"] = signature(values, sim.keys.api_v2_key, sign_type.value)
    answers = [
        sim.http.post(f"{sim.base_url}/pay/orderquery", content=write_flat(values)).text
        for _ in range(2)
    ]

    assert "ORDERNOTEXIST" in answers[0]
    assert "nonce_str" in answers[1]


HOSTILE_XML = {
    "doctype": b'<!DOCTYPE x [<!ENTITY a "b">]><xml><a>&a;</a></xml>',
    "external": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x"><xml/>',
    "deep": b"<xml><a><b>1</b></a></xml>",
    "twice": b"<xml><a>1</a><a>2</a></xml>",
    "attribute": b'<xml><a b="1">1</a></xml>',
    "text between": b"<xml>x<a>1</a></xml>",
    "instruction": b"<xml><?php x?><a>1</a></xml>",
    "unknown entity": b"<xml><a>&nbsp;</a></xml>",
    "half": b"<xml><a>1</a>",
    "two documents": b"<xml/><xml/>",
    "empty": b"",
    "other encoding": '<?xml version="1.0" encoding="utf-16"?><xml/>'.encode("utf-16"),
    "large": b"<xml><a>" + b"x" * 70_000 + b"</a></xml>",
}


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_hostile_xml_is_refused(name: str) -> None:
    with pytest.raises(StrictXmlError):
        read_flat(HOSTILE_XML[name])


@given(
    values=st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        st.text(
            st.characters(
                min_codepoint=32, exclude_characters="\r", exclude_categories=("Cs", "Cn")
            ),
            min_size=1,
        ),
    )
)
def test_flat_documents_survive_the_way_there_and_back(values: dict[str, str]) -> None:
    assert read_flat(write_flat(values)) == values


@given(body=st.binary(max_size=200))
def test_any_bytes_are_refused_without_another_error(
    gateway_keys: GatewayKeys, body: bytes
) -> None:
    with pytest.raises(NoticeRefused):
        parse_notification(v2_config(gateway_keys), {}, body)


def _payment(keys: GatewayKeys, **changes: str) -> dict[str, str]:
    return {
        "return_code": "SUCCESS",
        "result_code": "SUCCESS",
        "appid": keys.appid,
        "mch_id": keys.mchid,
        "nonce_str": "NONCE",
        "out_trade_no": "ORDER0000001",
        "transaction_id": "4200002026112100000000000001",
        "total_fee": "3900",
        "cash_fee": "3900",
        "fee_type": "CNY",
        "time_end": "20261121115958",
    } | changes


def _signed(keys: GatewayKeys, way: str = "HMAC-SHA256", **changes: str) -> bytes:
    values = _payment(keys, **changes)
    return write(values | {"sign": signature(values, keys.api_v2_key, way)}).encode()


def _refusal(keys: GatewayKeys, body: bytes) -> Refusal:
    with pytest.raises(NoticeRefused) as caught:
        parse_notification(v2_config(keys), {}, body)
    return caught.value.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"appid": "wx0000000000000002"}, Refusal.MERCHANT),
        ({"mch_id": "1900000002"}, Refusal.MERCHANT),
        ({"result_code": "FAIL"}, Refusal.EVENT),
        ({"total_fee": "39.00"}, Refusal.FIELD),
        ({"total_fee": "٣٩"}, Refusal.FIELD),
        ({"time_end": "2026"}, Refusal.FIELD),
        ({"transaction_id": ""}, Refusal.FIELD),
    ],
)
def test_signed_but_wrong_notifications_are_refused(
    gateway_keys: GatewayKeys, changes: dict[str, str], reason: Refusal
) -> None:
    assert _refusal(gateway_keys, _signed(gateway_keys, **changes)) is reason


def test_the_signature_is_the_one_chosen_when_ordering(gateway_keys: GatewayKeys) -> None:
    weaker = _signed(gateway_keys, "MD5", sign_type="MD5")
    unsigned = write(_payment(gateway_keys)).encode()
    tampered = _signed(gateway_keys).replace(b"3900", b"0001")

    for body in (weaker, unsigned, tampered):
        assert _refusal(gateway_keys, body) is Refusal.SIGNATURE
    with pytest.raises(NoticeRefused, match=Refusal.CONTENT_TYPE.value):
        parse_notification(
            v2_config(gateway_keys), {"Content-Type": "application/json"}, _signed(gateway_keys)
        )


def _refund_notice(keys: GatewayKeys, sealed: str) -> bytes:
    values = {"return_code": "SUCCESS", "appid": keys.appid, "mch_id": keys.mchid}
    return write(values | {"req_info": sealed}).encode()


def test_a_refund_notification_under_another_key_is_refused(gateway_keys: GatewayKeys) -> None:
    hidden = write({"out_trade_no": "ORDER0000001", "out_refund_no": "R1"}, "root")

    for sealed in (seal("f" * 32, hidden), "AAAA", "!!", ""):
        expected = {Refusal.CIPHER, Refusal.SIGNATURE}
        assert _refusal(gateway_keys, _refund_notice(gateway_keys, sealed)) in expected


def test_a_refund_notification_carries_no_money_we_would_believe(
    gateway_keys: GatewayKeys,
) -> None:
    hidden: dict[str, Any] = {
        "out_trade_no": "ORDER0000001",
        "out_refund_no": "R1",
        "refund_status": "SUCCESS",
        "refund_fee": "999999",
    }
    body = _refund_notice(gateway_keys, seal(gateway_keys.api_v2_key, write(hidden, "root")))

    notice = parse_notification(v2_config(gateway_keys), {}, body)

    assert vars(notice) == {"out_trade_no": "ORDER0000001", "out_refund_no": "R1"}


def test_secrets_do_not_show_in_the_configuration(gateway_keys: GatewayKeys) -> None:
    assert gateway_keys.api_v2_key not in repr(v2_config(gateway_keys))


def test_refunds_go_out_with_the_client_certificate(sim: Sim, tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_text(sim.keys.merchant_certificate_pem)
    key.write_text(sim.keys.merchant_private_key_pem)
    order = sim.v2_order()
    sim.v2().create_native(order)
    orders.pay(sim.state, order.out_trade_no)

    def refund_with(certificate: str, key: str, **more: str) -> RefundResult:
        paths = {"client_certificate_path": certificate, "client_key_path": key}
        client = WeChatPayV2Client(sim.v2_config(**paths, **more), now=sim.clock)
        return client.refund(sim.refund_of(order))

    for others in ((str(certificate), str(key)), ("", "")):
        with pytest.raises(AdapterError):
            refund_with(*others)
    with pytest.raises(AdapterError):  # without TLS the gateway does not even read it
        refund_with("", "", secure_base_url=sim.base_url)
    with pytest.raises(FileNotFoundError):
        refund_with("/nowhere", "/nowhere")
    with pytest.raises(NotReachedError):  # our authority must have signed the server
        refund_with(sim.keys.client_certificate_path, sim.keys.client_key_path, server_ca_path="")
    assert refunds.of_order(sim.state, order.out_trade_no) == []

    found = refund_with(sim.keys.client_certificate_path, sim.keys.client_key_path)

    assert found.status is RefundStatus.PROCESSING
