"""Notifications of version 2. Pure: no network, no database.

A payment's is signed and believed. A refund's is only encrypted, under a mode that can be cut and
pasted: it is a hint which number to query, nothing more.
"""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from clinic.adapters.wechatpay.facts import OUT_REFUND_NO, OUT_TRADE_NO
from clinic.adapters.wechatpay.strict_json import StrictJsonError
from clinic.adapters.wechatpay.types import TradeState, Transaction
from clinic.adapters.wechatpay_v2.config import MerchantV2Config
from clinic.adapters.wechatpay_v2.reading import read_transaction
from clinic.adapters.wechatpay_v2.signing import is_signed
from clinic.adapters.wechatpay_v2.xml import MAX_BYTES, StrictXmlError, read_flat

_TYPES = frozenset({"text/xml", "application/xml", "text/plain"})
_BLOCK_BITS = 128


class Refusal(StrEnum):
    """Why a notification is not believed. For our logs: the sender is never told."""

    TOO_LARGE = "too_large"
    CONTENT_TYPE = "content_type"
    XML = "xml"
    SIGNATURE = "signature"
    CIPHER = "cipher"
    EVENT = "event"
    FIELD = "field"
    MERCHANT = "merchant"


class NoticeRefused(Exception):  # noqa: N818 - a refusal is an outcome, not a fault
    """The notification is not believed: answer `FAIL` without saying why."""

    def __init__(self, reason: Refusal) -> None:
        """Keep the reason."""
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class PaymentNotice:
    """A believed notification. It carries no time: a replay looks the same as a retry."""

    transaction: Transaction


@dataclass(frozen=True, kw_only=True)
class RefundHint:
    """Numbers somebody who knows our key once wrote about. Query the refund; believe nothing."""

    out_trade_no: str
    out_refund_no: str


Notice = PaymentNotice | RefundHint


def parse_notification(config: MerchantV2Config, headers: Mapping[str, str], body: bytes) -> Notice:
    """Return what a notification for this merchant says, or raise NoticeRefused.

    Content-Type is checked when present. Amount, order and replay are the caller's to check;
    acknowledge with `facts.ACKNOWLEDGEMENT`.
    """
    members = _members(headers, body)
    if "req_info" in members and "sign" not in members:
        _check_merchant(config, members)
        return _hint(config, members["req_info"])
    if not is_signed(config, members):
        raise NoticeRefused(Refusal.SIGNATURE)
    _check_merchant(config, members)
    if (members.get("return_code"), members.get("result_code")) != ("SUCCESS", "SUCCESS"):
        raise NoticeRefused(Refusal.EVENT)
    try:
        return PaymentNotice(transaction=read_transaction(members, state=TradeState.SUCCESS))
    except StrictJsonError as error:
        raise NoticeRefused(Refusal.FIELD) from error


def _members(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    if len(body) > MAX_BYTES:
        raise NoticeRefused(Refusal.TOO_LARGE)
    for name, value in headers.items():
        family = value.partition(";")[0].strip().lower()
        if name.lower() == "content-type" and family not in _TYPES:
            raise NoticeRefused(Refusal.CONTENT_TYPE)
    try:
        return read_flat(body)
    except StrictXmlError as error:
        raise NoticeRefused(Refusal.XML) from error


def _check_merchant(config: MerchantV2Config, members: Mapping[str, str]) -> None:
    if (members.get("mch_id"), members.get("appid")) != (config.mchid, config.appid):
        raise NoticeRefused(Refusal.MERCHANT)


def _hint(config: MerchantV2Config, sealed: str) -> RefundHint:
    try:
        members = read_flat(_opened(config, sealed))
    except (ValueError, StrictXmlError) as error:
        raise NoticeRefused(Refusal.CIPHER) from error
    trade, refund = members.get("out_trade_no", ""), members.get("out_refund_no", "")
    if not OUT_TRADE_NO.fullmatch(trade) or not OUT_REFUND_NO.fullmatch(refund):
        raise NoticeRefused(Refusal.FIELD)
    return RefundHint(out_trade_no=trade, out_refund_no=refund)


def _opened(config: MerchantV2Config, sealed: str) -> bytes:
    """Return the text under AES-256-ECB with the lower-case hex MD5 of the API key."""
    secret = hashlib.md5(config.api_key.encode(), usedforsecurity=False).hexdigest().encode()
    try:
        raw = b64decode(sealed, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    decryptor = Cipher(algorithms.AES(secret), modes.ECB()).decryptor()  # noqa: S305 - the protocol
    unpadder = PKCS7(_BLOCK_BITS).unpadder()
    plain = unpadder.update(decryptor.update(raw) + decryptor.finalize())
    return plain + unpadder.finalize()
