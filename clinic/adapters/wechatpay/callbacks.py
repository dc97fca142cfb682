"""From the raw bytes of a callback to a believed notice. Pure: no network, no database."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clinic.adapters.wechatpay import facts
from clinic.adapters.wechatpay.config import MerchantConfig
from clinic.adapters.wechatpay.reading import read_refund, read_transaction
from clinic.adapters.wechatpay.signing import Refusal, SignatureRefused, check_signature
from clinic.adapters.wechatpay.strict_json import (
    Document,
    StrictJsonError,
    child,
    moment,
    optional_text,
    parse_object,
    text,
)
from clinic.adapters.wechatpay.types import (
    Notice,
    PaymentNotice,
    RefundNotice,
    RefundResult,
    RefundStatus,
    TradeState,
    Transaction,
)

PAYMENT_EVENT = "TRANSACTION.SUCCESS"
REFUND_EVENTS = {
    "REFUND.SUCCESS": RefundStatus.SUCCESS,
    "REFUND.ABNORMAL": RefundStatus.ABNORMAL,
    "REFUND.CLOSED": RefundStatus.CLOSED,
}
_ORIGINAL_TYPES = {PAYMENT_EVENT: "transaction"} | dict.fromkeys(REFUND_EVENTS, "refund")


class CallbackRefused(Exception):  # noqa: N818 - a refusal is an outcome, not a fault
    """The callback is not believed: answer 4xx without saying why.

    `is_probe` marks the gateway's deliberate test signatures: no alarm, no blocking. `notice` is
    set with STALE alone: the message is genuine but old, so query its number.
    """

    def __init__(self, reason: Refusal, *, notice: Notice | None = None) -> None:
        """Keep the reason, and the notice of a message that is only stale."""
        super().__init__(reason.value)
        self.reason = reason
        self.notice = notice

    @property
    def is_probe(self) -> bool:
        """Whether the gateway only tested that we verify."""
        return self.reason is Refusal.PROBE


def parse_callback(
    config: MerchantConfig, headers: Mapping[str, str], body: bytes, now: datetime
) -> Notice:
    """Return the notice in a callback that was signed for this merchant, or raise CallbackRefused.

    `headers` may be any mapping with the five Wechatpay-* names; Content-Type is checked when
    present. Amount, order and replay are the caller's to check.
    """
    _check_frame(headers, body)
    try:
        check_signature(config, headers, body, now)
    except SignatureRefused as refused:
        if refused.reason is Refusal.STALE:
            notice = _read_notice(config, body)
            raise CallbackRefused(Refusal.STALE, notice=notice) from refused
        raise CallbackRefused(refused.reason) from refused
    return _read_notice(config, body)


def _check_frame(headers: Mapping[str, str], body: bytes) -> None:
    if len(body) > facts.CALLBACK_MAX_BYTES:
        raise CallbackRefused(Refusal.TOO_LARGE)
    for name, value in headers.items():
        family = value.partition(";")[0].strip().lower()
        if name.lower() == "content-type" and family != "application/json":
            raise CallbackRefused(Refusal.CONTENT_TYPE)


def _read_notice(config: MerchantConfig, body: bytes) -> Notice:
    envelope = _parsed(body)
    try:
        event = text(envelope, "event_type", limit=32)
        if event not in _ORIGINAL_TYPES or envelope.get("resource_type") != "encrypt-resource":
            raise CallbackRefused(Refusal.EVENT)
        resource = _decrypted(config, child(envelope, "resource"), _ORIGINAL_TYPES[event])
        event_id = text(envelope, "id", limit=64)
        created_at = moment(envelope, "create_time")
        if event == PAYMENT_EVENT:
            transaction = _read_payment(config, resource)
            return PaymentNotice(event_id=event_id, created_at=created_at, transaction=transaction)
        refund = _read_refund(config, resource, REFUND_EVENTS[event])
        return RefundNotice(event_id=event_id, created_at=created_at, refund=refund)
    except StrictJsonError as error:
        raise CallbackRefused(Refusal.FIELD) from error


def _parsed(body: bytes) -> Document:
    try:
        return parse_object(body)
    except StrictJsonError as error:
        raise CallbackRefused(Refusal.JSON) from error


def _decrypted(config: MerchantConfig, resource: Document, original_type: str) -> Document:
    if resource.get("algorithm") != facts.CIPHER:
        raise CallbackRefused(Refusal.ALGORITHM)
    if resource.get("original_type", original_type) != original_type:
        raise CallbackRefused(Refusal.EVENT)
    nonce = text(resource, "nonce", limit=32).encode()
    associated = optional_text(resource, "associated_data", limit=32).encode()
    ciphertext = text(resource, "ciphertext", limit=facts.CALLBACK_MAX_BYTES)
    if len(nonce) != facts.GCM_NONCE_BYTES:
        raise CallbackRefused(Refusal.CIPHER)
    try:
        sealed = b64decode(ciphertext, validate=True)
        plain = AESGCM(config.apiv3_key.encode()).decrypt(nonce, sealed, associated)
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise CallbackRefused(Refusal.CIPHER) from error
    return _parsed(plain)


def _read_payment(config: MerchantConfig, resource: Document) -> Transaction:
    found = read_transaction(resource)
    if (found.mchid, found.appid) != (config.mchid, config.appid):
        raise CallbackRefused(Refusal.MERCHANT)
    # A success event whose payment was refunded in the meantime says REFUND.
    if found.state not in {TradeState.SUCCESS, TradeState.REFUND}:
        raise CallbackRefused(Refusal.EVENT)
    return found


def _read_refund(
    config: MerchantConfig, resource: Document, expected: RefundStatus
) -> RefundResult:
    if text(resource, "mchid", limit=32) != config.mchid:
        raise CallbackRefused(Refusal.MERCHANT)
    found = read_refund(resource, status_field="refund_status")
    if found.status is not expected:
        raise CallbackRefused(Refusal.EVENT)
    return found
