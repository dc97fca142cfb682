"""Strict reading of merchants' bodies: every limit of the protocol, each with its refusal."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from clinic.adapters.wechatpay import facts
from clinic.embedded.simulator import platform
from clinic.embedded.simulator.crypto import can_open, compact
from clinic.embedded.simulator.keys import GatewayKeys
from clinic.embedded.simulator.model import GatewayRefusal, SignedBy
from clinic.embedded.simulator.orders import OrderRequest
from clinic.embedded.simulator.refunds import RefundRequest
from clinic.embedded.simulator.state import SimulatorState


def order_request(
    keys: GatewayKeys, channel: str, body: dict[str, Any], signed_by: SignedBy
) -> OrderRequest:
    """Return the checked body of a create call."""
    check_mchid(keys, body)
    if body.get("appid") != keys.appid:
        raise GatewayRefusal(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    if channel == "h5":
        _check_scene(body)
    return OrderRequest(
        channel=channel,
        out_trade_no=_matching(body, "out_trade_no", facts.OUT_TRADE_NO),
        description=_text(body, "description", facts.DESCRIPTION_MAX),
        attach=_optional_text(body, "attach", facts.ATTACH_MAX),
        total_fen=_amount(body, "total"),
        openid=_payer(body) if channel == "jsapi" else "",
        notify_url=_notify_url(_text(body, "notify_url", facts.NOTIFY_URL_MAX)),
        expires_at=_expiry(body),
        fingerprint=_fingerprint(channel, body),
        signed_by=signed_by,
    )


def refund_request(body: dict[str, Any], out_trade_no: str) -> RefundRequest:
    """Return the checked body of a refund call for an order found by either number."""
    notify_url = _optional_text(body, "notify_url", facts.NOTIFY_URL_MAX)
    return RefundRequest(
        out_trade_no=out_trade_no,
        out_refund_no=_matching(body, "out_refund_no", facts.OUT_REFUND_NO),
        amount_fen=_amount(body, "refund"),
        total_fen=_amount(body, "total"),
        reason=_optional_text(body, "reason", facts.REASON_MAX),
        notify_url=_notify_url(notify_url) if notify_url else "",
        fingerprint=_fingerprint("refund", body),
    )


def check_mchid(keys: GatewayKeys, body: Mapping[str, Any]) -> None:
    """Refuse a merchant number that is not the signer's."""
    if body.get("mchid") != keys.mchid:
        raise GatewayRefusal(400, "PARAM_ERROR", "商户号与签名的商户号不一致")


def order_numbers(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return (out_trade_no, transaction_id), exactly one of them set."""
    ours = _optional_text(body, "out_trade_no", 32)
    theirs = _optional_text(body, "transaction_id", 32)
    if bool(ours) == bool(theirs):
        raise _wrong("out_trade_no和transaction_id二选一")
    return ours, theirs


def _text(body: Mapping[str, Any], name: str, limit: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value or len(value) > limit or not value.isprintable():
        raise _wrong(name)
    return value


def _optional_text(body: Mapping[str, Any], name: str, limit: int) -> str:
    return "" if body.get(name) is None else _text(body, name, limit)


def _matching(body: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _wrong(name)
    return value


def _amount(body: Mapping[str, Any], name: str) -> int:
    amount = body.get("amount")
    if not isinstance(amount, dict) or amount.get("currency", facts.CURRENCY) != facts.CURRENCY:
        raise _wrong("amount")
    value = amount.get(name)
    if type(value) is not int or not 1 <= value <= facts.MAX_TOTAL_FEN:
        raise _wrong(f"amount.{name}")
    return value


def _payer(body: Mapping[str, Any]) -> str:
    payer = body.get("payer")
    return _matching(payer if isinstance(payer, dict) else {}, "openid", facts.OPENID)


def _check_scene(body: Mapping[str, Any]) -> None:
    scene = body.get("scene_info")
    scene = scene if isinstance(scene, dict) else {}
    try:
        ip_address(_text(scene, "payer_client_ip", 45))
    except ValueError as error:
        raise _wrong("scene_info.payer_client_ip") from error
    info = scene.get("h5_info")
    if not isinstance(info, dict) or info.get("type") not in {"Wap", "iOS", "Android"}:
        raise _wrong("scene_info.h5_info.type")


def check_abnormal_refund(state: SimulatorState, body: Mapping[str, Any]) -> None:
    """Refuse an application for an abnormal refund that misses the payee it needs.

    Personal fields must be encrypted under the platform key that the call names.
    """
    kind = body.get("type")
    if kind == "MERCHANT_BANK_CARD":
        return
    if kind != "USER_BANK_CARD":
        raise _wrong("type")
    _text(body, "bank_type", 16)
    keys = [key for kind in SignedBy for key in platform.all_of(state, kind)]
    for name in ("bank_account", "real_name"):
        sealed = _text(body, name, 1024)
        if not any(can_open(key.private_pem, sealed) for key in keys):
            raise _wrong(name)


def notify_url(url: str) -> str:
    """Return a checked address for notifications."""
    return _notify_url(url)


def _notify_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError as error:
        raise _wrong("notify_url") from error
    if not is_right or parts.query or parts.fragment or parts.username:
        raise _wrong("notify_url")
    return url


def _expiry(body: Mapping[str, Any]) -> datetime | None:
    value = _optional_text(body, "time_expire", 64)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _wrong("time_expire") from error
    if moment.tzinfo is None or not 2000 < moment.year < 9000:
        raise _wrong("time_expire")
    return moment


def _fingerprint(family: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"{family}{compact(sorted(body.items()))}".encode()).hexdigest()


def _wrong(name: str) -> GatewayRefusal:
    return GatewayRefusal(400, "PARAM_ERROR", f"参数错误: {name}")
