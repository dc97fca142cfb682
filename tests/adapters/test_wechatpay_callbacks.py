"""Hostile callbacks: every one refused with a typed reason, none with another error."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from clinic.adapters.wechatpay.callbacks import CallbackRefused, parse_callback
from clinic.adapters.wechatpay.signing import Refusal
from clinic.adapters.wechatpay.types import PaymentNotice, RefundNotice
from clinic.embedded.simulator.crypto import foreign_private_key, private_key, sign_message
from clinic.embedded.simulator.keys import GatewayKeys
from tests.simulator.support import merchant_config

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def _payment(keys: GatewayKeys) -> dict[str, Any]:
    return {
        "mchid": keys.mchid,
        "appid": keys.appid,
        "out_trade_no": "ORDER0000001",
        "transaction_id": "4200002026112100000000000001",
        "trade_type": "NATIVE",
        "trade_state": "SUCCESS",
        "success_time": "2026-11-21T11:59:58+08:00",
        "payer": {"openid": "oUser1"},
        "amount": {"total": 3900, "payer_total": 3900, "currency": "CNY"},
    }


@dataclass
class Forge:
    """A genuine callback in parts, each of which a test may spoil before it is signed."""

    keys: GatewayKeys
    resource: dict[str, Any] = field(default_factory=dict)
    resource_text: str | None = None
    envelope: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    stamp: str = str(int(NOW.timestamp()))
    key: rsa.RSAPrivateKey | None = None
    nonce: str = "0123456789ab"
    sealed_under: str = "transaction"
    apiv3_key: str | None = None
    headers: dict[str, str | None] = field(default_factory=dict)

    def build(self) -> tuple[dict[str, str], bytes]:
        body = self.body if self.body is not None else self._body()
        key = self.key or private_key(self.keys.platform_private_key_pem)
        message = f"{self.stamp}\nN0NCE\n".encode() + body + b"\n"
        headers: dict[str, str | None] = {
            "Content-Type": "application/json",
            "Wechatpay-Timestamp": self.stamp,
            "Wechatpay-Nonce": "N0NCE",
            "Wechatpay-Serial": self.keys.platform_key_id,
            "Wechatpay-Signature": sign_message(key, message),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }
        chosen = headers | self.headers
        return {name: value for name, value in chosen.items() if value is not None}, body

    def _body(self) -> bytes:
        text = self.resource_text or json.dumps(_payment(self.keys) | self.resource)
        cipher = AESGCM((self.apiv3_key or self.keys.apiv3_key).encode())
        sealed = cipher.encrypt(self.nonce.encode(), text.encode(), self.sealed_under.encode())
        resource = {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": self.nonce,
            "associated_data": "transaction",
            "ciphertext": base64.b64encode(sealed).decode(),
            "original_type": "transaction",
        }
        envelope = {
            "id": "EV-1",
            "create_time": "2026-11-21T12:00:00+08:00",
            "event_type": "TRANSACTION.SUCCESS",
            "resource_type": "encrypt-resource",
            "resource": resource | self.sealed,
        }
        return json.dumps(envelope | self.envelope).encode()


@pytest.fixture
def forge(gateway_keys: GatewayKeys) -> Forge:
    """A genuine payment callback until spoiled."""
    return Forge(gateway_keys)


def _parse(forge: Forge, **config: Any) -> PaymentNotice | RefundNotice:
    headers, body = forge.build()
    return parse_callback(merchant_config(forge.keys, **config), headers, body, NOW)


def _set(**values: Any) -> Callable[[Forge], None]:
    def spoil(forge: Forge) -> None:
        for name, value in values.items():
            setattr(forge, name, value)

    return spoil


def _header(name: str, value: str | None) -> Callable[[Forge], None]:
    return _set(headers={f"Wechatpay-{name}": value})


def _stamp(moment: timedelta) -> str:
    return str(int((NOW + moment).timestamp()))


def _foreign(forge: Forge) -> None:
    forge.key = foreign_private_key()


def _certificate_key(forge: Forge) -> None:
    forge.key = private_key(forge.keys.certificate_private_key_pem)


def _probe(forge: Forge) -> None:
    forge.headers = {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/" + "A" * 325}


def _flipped_body(forge: Forge) -> None:
    headers, body = forge.build()
    forge.headers = {"Wechatpay-Signature": headers["Wechatpay-Signature"]}
    forge.body = body.replace(b"EV-1", b"EV-2")


def _duplicate_key(forge: Forge) -> None:
    _, body = forge.build()
    forge.body = body.replace(b'{"id"', b'{"id": "EV-0", "id"', 1)


def _duplicate_inside(forge: Forge) -> None:
    text = json.dumps(_payment(forge.keys))
    forge.resource_text = text.replace('"total": 3900', '"total": 1, "total": 3900', 1)


def _amount(**values: Any) -> Callable[[Forge], None]:
    return _set(resource={"amount": {"total": 3900, "currency": "CNY"} | values})


HOSTILE: dict[str, tuple[Callable[[Forge], None], Refusal]] = {
    "no headers": (
        _set(headers=dict.fromkeys(f"Wechatpay-{n}" for n in ("Timestamp", "Nonce", "Signature"))),
        Refusal.TIMESTAMP,
    ),
    "no nonce": (_header("Nonce", None), Refusal.HEADER),
    "no serial": (_header("Serial", None), Refusal.HEADER),
    "no signature": (_header("Signature", None), Refusal.HEADER),
    "very long header": (_header("Nonce", "A" * 5000), Refusal.HEADER),
    "line break in a header": (_header("Nonce", "A\nB"), Refusal.HEADER),
    "form body": (_set(headers={"Content-Type": "text/plain"}), Refusal.CONTENT_TYPE),
    "70 kB": (_set(body=b"{" + b" " * 70_000 + b"}"), Refusal.TOO_LARGE),
    "a day old": (_set(stamp=_stamp(-timedelta(days=1))), Refusal.STALE),
    "301 s old": (_set(stamp=_stamp(-timedelta(seconds=301))), Refusal.STALE),
    "an hour ahead": (_set(stamp=_stamp(timedelta(hours=1))), Refusal.STALE),
    "Arabic digits": (_set(stamp="١٧٠٠٠٠٠٠٠٠"), Refusal.TIMESTAMP),
    "signed time": (_set(stamp="-1700000000"), Refusal.TIMESTAMP),
    "time with fraction": (_set(stamp="1700000000.5"), Refusal.TIMESTAMP),
    "huge time": (_set(stamp="9" * 400), Refusal.TIMESTAMP),
    "unknown serial": (_header("Serial", "5157F09EFDC096DE"), Refusal.UNKNOWN_SERIAL),
    "odd serial": (_header("Serial", "ZZZ"), Refusal.UNKNOWN_SERIAL),
    "other algorithm": (_header("Signature-Type", "WECHATPAY2-SM2-WITH-SM3"), Refusal.ALGORITHM),
    "probe": (_probe, Refusal.PROBE),
    "foreign key": (_foreign, Refusal.SIGNATURE),
    "the other platform key": (_certificate_key, Refusal.SIGNATURE),
    "signature not base64": (_header("Signature", "!!!!"), Refusal.SIGNATURE),
    "signature of nothing": (_header("Signature", "AAAA"), Refusal.SIGNATURE),
    "body changed afterwards": (_flipped_body, Refusal.SIGNATURE),
    "empty body": (_set(body=b""), Refusal.JSON),
    "list body": (_set(body=b"[]"), Refusal.JSON),
    "not UTF-8": (_set(body=b'{"id": "\xff"}'), Refusal.JSON),
    "deep nesting": (_set(body=b'{"a":' * 9000 + b"1" + b"}" * 9000), Refusal.JSON),
    "huge number": (_set(body=b'{"a":' + b"9" * 9000 + b"}"), Refusal.JSON),
    "duplicate key": (_duplicate_key, Refusal.JSON),
    "duplicate key inside": (_duplicate_inside, Refusal.JSON),
    "unknown event": (_set(envelope={"event_type": "TRANSACTION.FAIL"}), Refusal.EVENT),
    "event is a number": (_set(envelope={"event_type": 1}), Refusal.FIELD),
    "plain resource": (_set(envelope={"resource_type": "plain"}), Refusal.EVENT),
    "resource is a list": (_set(envelope={"resource": []}), Refusal.FIELD),
    "no event id": (_set(envelope={"id": None}), Refusal.FIELD),
    "time without zone": (_set(envelope={"create_time": "2026-11-21T12:00:00"}), Refusal.FIELD),
    "other cipher": (_set(sealed={"algorithm": "AES_128_ECB"}), Refusal.ALGORITHM),
    "short GCM nonce": (_set(sealed={"nonce": "1"}), Refusal.CIPHER),
    "swapped GCM nonce": (_set(sealed={"nonce": "ba9876543210"}), Refusal.CIPHER),
    "swapped AAD": (_set(sealed_under="refund"), Refusal.CIPHER),
    "other family": (_set(sealed={"original_type": "refund"}), Refusal.EVENT),
    "other APIv3 key": (_set(apiv3_key="x" * 32), Refusal.CIPHER),
    "ciphertext not base64": (_set(sealed={"ciphertext": "***"}), Refusal.CIPHER),
    "ciphertext shorter than a tag": (_set(sealed={"ciphertext": "AAAA"}), Refusal.CIPHER),
    "encrypted list": (_set(resource_text="[1]"), Refusal.JSON),
    "other merchant": (_set(resource={"mchid": "1900000000"}), Refusal.MERCHANT),
    "other app": (_set(resource={"appid": "wx0000000000000bad"}), Refusal.MERCHANT),
    "unpaid state": (_set(resource={"trade_state": "NOTPAY"}), Refusal.EVENT),
    "invented state": (_set(resource={"trade_state": "PAID"}), Refusal.FIELD),
    "amount as text": (_amount(total="3900"), Refusal.FIELD),
    "amount as fraction": (_amount(total=3900.0), Refusal.JSON),
    "amount as boolean": (_amount(total=True), Refusal.FIELD),
    "negative amount": (_amount(total=-1), Refusal.FIELD),
    "no amount": (_set(resource={"amount": None}), Refusal.FIELD),
    "other currency": (_amount(currency="USD"), Refusal.FIELD),
    "no transaction id": (_set(resource={"transaction_id": ""}), Refusal.FIELD),
    "number with a break": (_set(resource={"out_trade_no": "ORDER\n00001"}), Refusal.FIELD),
    "NUL in the number": (_set(resource={"out_trade_no": "ORDER\x0000001"}), Refusal.FIELD),
    "lone surrogate": (_set(resource={"payer": {"openid": "\ud800"}}), Refusal.FIELD),
}


@pytest.mark.parametrize(("spoil", "reason"), HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_callback_is_refused_with_its_reason(
    forge: Forge, spoil: Callable[[Forge], None], reason: Refusal
) -> None:
    spoil(forge)

    with pytest.raises(CallbackRefused) as caught:
        _parse(forge)

    assert caught.value.reason is reason
    assert caught.value.is_probe is (reason is Refusal.PROBE)


def test_genuine_callback_is_believed(forge: Forge) -> None:
    notice = _parse(forge)

    assert isinstance(notice, PaymentNotice)
    assert notice.event_id == "EV-1"
    assert notice.transaction.out_trade_no == "ORDER0000001"
    assert notice.transaction.success_at == NOW - timedelta(seconds=2)


def test_signature_type_header_may_be_absent_and_names_have_any_case(forge: Forge) -> None:
    forge.headers = {"Wechatpay-Signature-Type": None}
    headers, body = forge.build()
    lowered = {name.lower(): value for name, value in headers.items()}

    assert parse_callback(merchant_config(forge.keys), lowered, body, NOW)


def test_stale_but_genuine_callback_names_what_to_query(forge: Forge) -> None:
    forge.stamp = _stamp(-timedelta(hours=1))

    with pytest.raises(CallbackRefused) as caught:
        _parse(forge)

    assert isinstance(caught.value.notice, PaymentNotice)
    assert caught.value.notice.transaction.out_trade_no == "ORDER0000001"


def test_stale_forgery_names_nothing(forge: Forge) -> None:
    forge.stamp, forge.key = _stamp(-timedelta(hours=1)), foreign_private_key()

    with pytest.raises(CallbackRefused) as caught:
        _parse(forge)

    assert caught.value.reason is Refusal.SIGNATURE
    assert caught.value.notice is None


def test_expired_platform_certificate_is_no_key(forge: Forge) -> None:
    later = NOW + timedelta(days=4000)
    forge.stamp = str(int(later.timestamp()))
    forge.headers = {"Wechatpay-Serial": forge.keys.certificate_serial}
    _certificate_key(forge)
    headers, body = forge.build()

    with pytest.raises(CallbackRefused) as caught:
        parse_callback(merchant_config(forge.keys), headers, body, later)

    assert caught.value.reason is Refusal.KEY_EXPIRED


@pytest.mark.parametrize(
    ("event", "status", "is_believed"),
    [
        ("REFUND.SUCCESS", "SUCCESS", True),
        ("REFUND.ABNORMAL", "ABNORMAL", True),
        ("REFUND.CLOSED", "CLOSED", True),
        ("REFUND.SUCCESS", "ABNORMAL", False),
    ],
)
def test_refund_event_and_its_content_must_agree(
    forge: Forge, event: str, status: str, is_believed: bool
) -> None:
    forge.envelope = {"event_type": event}
    forge.sealed = {"original_type": "refund", "associated_data": "refund"}
    forge.sealed_under = "refund"
    forge.resource = {
        "out_refund_no": "R1",
        "refund_id": "5030",
        "refund_status": status,
        "amount": {"total": 3900, "refund": 100, "payer_total": 3900, "payer_refund": 100},
    }

    if is_believed:
        notice = _parse(forge)
        assert isinstance(notice, RefundNotice)
        assert notice.refund.refund_fen == 100
    else:
        with pytest.raises(CallbackRefused, match="event"):
            _parse(forge)


HEADER_NAMES = ["Timestamp", "Nonce", "Serial", "Signature", "Signature-Type"]


@given(
    headers=st.dictionaries(
        st.sampled_from([f"Wechatpay-{name}" for name in HEADER_NAMES]), st.text(max_size=30)
    ),
    body=st.binary(max_size=200),
)
def test_any_noise_is_refused_by_the_one_error(
    gateway_keys: GatewayKeys, headers: dict[str, str], body: bytes
) -> None:
    with pytest.raises(CallbackRefused):
        parse_callback(merchant_config(gateway_keys), headers, body, NOW)


@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "resource", "event_type", "resource_type", "nonce"]), inner
            )
        ),
    )
)
def test_any_signed_json_is_refused_by_the_one_error(
    gateway_keys: GatewayKeys, body: object
) -> None:
    forge = Forge(gateway_keys, body=json.dumps(body).encode())

    with pytest.raises(CallbackRefused):
        _parse(forge)
