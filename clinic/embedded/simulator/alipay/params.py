"""Strict reading of merchants' calls to Alipay: every limit, each with its refusal."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from clinic.adapters.alipay import facts
from clinic.adapters.alipay.reading import moment
from clinic.adapters.money import fen_of_yuan
from clinic.adapters.wechatpay.strict_json import StrictJsonError
from clinic.embedded.simulator.alipay.certificates import serial_of
from clinic.embedded.simulator.alipay.messages import plain_text
from clinic.embedded.simulator.crypto import compact, is_signed_by
from clinic.embedded.simulator.model import Gateway, GatewayRefusal, SignedBy
from clinic.embedded.simulator.orders import OrderRequest
from clinic.embedded.simulator.params import notify_url
from clinic.embedded.simulator.refunds import RefundRequest
from clinic.embedded.simulator.state import SimulatorState
from clinic.embedded.simulator.wire import Request, json_object

Fields = Mapping[str, str]

PRODUCTS = {
    "page": facts.PAGE_PRODUCT,
    "wap": facts.WAP_PRODUCT,
    "app": facts.APP_PRODUCT,
    "qr": facts.QR_PRODUCT,
}
_TIMESTAMP_WINDOW_SECONDS = 300


def invalid(word: str) -> GatewayRefusal:
    """Return the refusal of a call that is not right in itself."""
    return GatewayRefusal(40002, word, "Invalid Arguments")


def failed(word: str) -> GatewayRefusal:
    """Return the refusal of a call that is right but cannot be done."""
    return GatewayRefusal(40004, f"ACQ.{word}", "Business Failed")


def fields_of(request: Request) -> dict[str, str]:
    """Return the parameters of address and form together; none may come twice."""
    try:
        form = request.body.decode("ascii")
        pairs = [
            pair
            for part in (request.query, form)
            for pair in parse_qsl(part, keep_blank_values=True, errors="strict")
        ]
    except ValueError as error:
        raise invalid("isv.invalid-encoding") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise invalid("isv.duplicate-parameter")
    return fields


def check_call(state: SimulatorState, fields: Fields) -> None:
    """Refuse what this application did not sign, for these parameters, now."""
    expected = {"charset": "utf-8", "sign_type": "RSA2", "version": "1.0"}
    for name, value in expected.items():
        if fields.get(name, "").lower() != value.lower():
            raise invalid(f"isv.invalid-{name.replace('_', '-')}")
    if fields.get("format", "JSON").upper() != "JSON":
        raise invalid("isv.invalid-format")
    try:
        sent_at = moment(fields, "timestamp")
    except StrictJsonError as error:
        raise invalid("isv.invalid-timestamp") from error
    if abs((state.now() - sent_at).total_seconds()) > _TIMESTAMP_WINDOW_SECONDS:
        raise invalid("isv.invalid-timestamp")
    _check_certificates(state, fields)
    unsigned = {name: value for name, value in fields.items() if name != "sign"}
    message = plain_text(unsigned).encode()
    certificate = state.keys.alipay_app_certificate_pem
    if not is_signed_by(certificate, message, fields.get("sign", "")):
        raise invalid("isv.invalid-signature")


def _check_certificates(state: SimulatorState, fields: Fields) -> None:
    app, root = fields.get("app_cert_sn", ""), fields.get("alipay_root_cert_sn", "")
    if not app and not root:
        return
    if app != serial_of(state.keys.alipay_app_certificate_pem):
        raise invalid("isv.invalid-app-cert-sn")
    if root != serial_of(state.keys.alipay_root_certificates_pem):
        raise invalid("isv.invalid-alipay-root-cert-sn")


def content_of(fields: Fields) -> dict[str, Any]:
    """Return the JSON of the call."""
    try:
        return json_object(fields.get("biz_content", "").encode())
    except GatewayRefusal as refusal:
        raise invalid("isv.invalid-biz-content") from refusal


def text(content: Mapping[str, Any], name: str, limit: int) -> str:
    """Return a text that must be there."""
    value = content.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit or not value.isprintable():
        raise failed("INVALID_PARAMETER")
    return value


def trade_number(content: Mapping[str, Any]) -> str:
    """Return the merchant's number of a trade."""
    value = text(content, "out_trade_no", 64)
    if not facts.OUT_TRADE_NO.fullmatch(value):
        raise failed("INVALID_PARAMETER")
    return value


def amount(content: Mapping[str, Any], name: str) -> int:
    """Return an amount in fen; the gateway takes yuan as text or whole number."""
    value = content.get(name)
    try:
        fen = fen_of_yuan(str(value)) if isinstance(value, str | int) else 0
    except ValueError as error:
        raise failed("INVALID_PARAMETER") from error
    if not 1 <= fen <= facts.MAX_TOTAL_FEN or isinstance(value, bool):
        raise failed("INVALID_PARAMETER")
    return fen


def order_request(fields: Fields, channel: str) -> OrderRequest:
    """Return the checked body of a call that prepares a payment."""
    content = content_of(fields)
    product = content.get("product_code", PRODUCTS[channel] if channel == "qr" else "")
    if product not in {PRODUCTS[channel], "QR_CODE_OFFLINE" if channel == "qr" else ""}:
        raise invalid("isv.invalid-product-code")
    subject = text(content, "subject", facts.SUBJECT_MAX)
    if set(subject) & facts.SUBJECT_FORBIDDEN:
        raise failed("INVALID_PARAMETER")
    return OrderRequest(
        channel=channel,
        out_trade_no=trade_number(content),
        description=subject,
        attach="",
        total_fen=amount(content, "total_amount"),
        openid="",
        notify_url=_address(fields.get("notify_url", "")),
        expires_at=_expiry(content),
        fingerprint=_fingerprint(channel, content),
        signed_by=SignedBy.PUBLIC_KEY,
        gateway=Gateway.ALIPAY,
        return_url=fields.get("return_url", ""),
    )


def refund_request(content: Mapping[str, Any], total_fen: int) -> RefundRequest:
    """Return the checked body of a refund; without a number of its own it is the whole trade's."""
    number = trade_number(content)
    amount_fen = amount(content, "refund_amount")
    request_no = content.get("out_request_no", number)
    if not isinstance(request_no, str) or not facts.OUT_REQUEST_NO.fullmatch(request_no):
        raise failed("INVALID_PARAMETER")
    return RefundRequest(
        out_trade_no=number,
        out_refund_no=request_no,
        amount_fen=amount_fen,
        total_fen=total_fen,
        reason=str(content.get("refund_reason", ""))[: facts.REASON_MAX],
        notify_url="",
        fingerprint=f"{number}:{request_no}:{amount_fen}",
    )


def _address(url: str) -> str:
    if not url:
        return ""
    try:
        return notify_url(url)
    except GatewayRefusal as refusal:
        raise invalid("isv.invalid-notify-url") from refusal


def _expiry(content: Mapping[str, Any]) -> datetime | None:
    if "time_expire" not in content:
        return None
    try:
        return moment(content, "time_expire")
    except StrictJsonError as error:
        raise failed("INVALID_PARAMETER") from error


def _fingerprint(channel: str, content: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{channel}{compact(sorted(content.items()))}".encode()).hexdigest()
