"""From the raw form of a notification to a believed notice. Pure: no network, no database."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl

from clinic.adapters.alipay import facts, reading
from clinic.adapters.alipay.config import AlipayConfig
from clinic.adapters.alipay.signing import is_signed_by_alipay, signed_text
from clinic.adapters.alipay.types import Notice, PaymentNotice, RefundNotice, Trade, TradeStatus
from clinic.adapters.wechatpay.strict_json import StrictJsonError, optional_text, text

_FORM = "application/x-www-form-urlencoded"
_MAX_FIELDS = 100
_UNSIGNED = frozenset({"sign", "sign_type"})


class Refusal(StrEnum):
    """Why a notification is not believed. For our logs: the sender is never told."""

    TOO_LARGE = "too_large"
    CONTENT_TYPE = "content_type"
    FORM = "form"
    DUPLICATE_FIELD = "duplicate_field"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    STALE = "stale"
    EVENT = "event"
    FIELD = "field"
    MERCHANT = "merchant"


class NoticeRefused(Exception):  # noqa: N818 - a refusal is an outcome, not a fault
    """The notification is not believed: answer 4xx without saying why.

    `notice` is set with STALE alone: the message is genuine but old, so query its number.
    """

    def __init__(self, reason: Refusal, *, notice: Notice | None = None) -> None:
        """Keep the reason, and the notice of a message that is only stale."""
        super().__init__(reason.value)
        self.reason = reason
        self.notice = notice


def parse_notification(
    config: AlipayConfig, headers: Mapping[str, str], body: bytes, now: datetime
) -> Notice:
    """Return the notice that Alipay signed for this merchant, or raise NoticeRefused.

    Content-Type is checked when present. Amount, order and replay are the caller's to check;
    acknowledge with exactly `facts.ACKNOWLEDGEMENT`.
    """
    fields = _fields(headers, body)
    _check_signature(config, fields)
    try:
        notice = _read_notice(config, fields)
    except StrictJsonError as error:
        raise NoticeRefused(Refusal.FIELD) from error
    if abs(now - notice.sent_at) > facts.NOTICE_WINDOW:
        raise NoticeRefused(Refusal.STALE, notice=notice)
    return notice


def _fields(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    if len(body) > facts.NOTICE_MAX_BYTES:
        raise NoticeRefused(Refusal.TOO_LARGE)
    for name, value in headers.items():
        if name.lower() == "content-type" and value.partition(";")[0].strip().lower() != _FORM:
            raise NoticeRefused(Refusal.CONTENT_TYPE)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError as error:
        raise NoticeRefused(Refusal.FORM) from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise NoticeRefused(Refusal.DUPLICATE_FIELD)
    return fields


def _check_signature(config: AlipayConfig, fields: Mapping[str, str]) -> None:
    charset = fields.get("charset", facts.CHARSET).lower()
    if fields.get("sign_type") != facts.SIGN_TYPE or charset != facts.CHARSET:
        raise NoticeRefused(Refusal.ALGORITHM)
    message = signed_text(fields, without=_UNSIGNED).encode()
    serial = fields.get("alipay_cert_sn", "")
    if not is_signed_by_alipay(config, message, fields.get("sign", ""), serial):
        raise NoticeRefused(Refusal.SIGNATURE)


def _read_notice(config: AlipayConfig, fields: Mapping[str, str]) -> Notice:
    if fields.get("notify_type") != facts.NOTIFY_TYPE:
        raise NoticeRefused(Refusal.EVENT)
    trade = _read_trade(fields)
    if (trade.app_id, trade.seller_id) != (config.app_id, config.seller_id):
        raise NoticeRefused(Refusal.MERCHANT)
    notify_id = text(fields, "notify_id", limit=128)
    sent_at = reading.moment(fields, "notify_time")
    if not optional_text(fields, "refund_fee", limit=16):
        if trade.status is TradeStatus.SUCCESS and trade.paid_at is None:
            raise StrictJsonError("gmt_payment")
        return PaymentNotice(notify_id=notify_id, sent_at=sent_at, trade=trade)
    return RefundNotice(
        notify_id=notify_id,
        sent_at=sent_at,
        trade=trade,
        out_request_no=optional_text(fields, "out_biz_no", limit=64),
        refunded_total_fen=reading.fen(fields, "refund_fee"),
        refunded_at=reading.optional_moment(fields, "gmt_refund"),
    )


def _read_trade(fields: Mapping[str, str]) -> Trade:
    return Trade(
        app_id=text(fields, "app_id", limit=32),
        seller_id=text(fields, "seller_id", limit=32),
        out_trade_no=reading.number(fields),
        trade_no=text(fields, "trade_no", limit=64),
        status=reading.status(fields),
        amount_fen=reading.fen(fields, "total_amount"),
        paid_at=reading.optional_moment(fields, "gmt_payment"),
    )
