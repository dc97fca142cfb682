"""What goes into and comes out of the client: amounts in fen, times aware."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode


class TradeStatus(StrEnum):
    """State of a trade. CLOSED is an unpaid one that ended *or* a paid one refunded in full."""

    WAIT_BUYER_PAY = "WAIT_BUYER_PAY"
    SUCCESS = "TRADE_SUCCESS"
    FINISHED = "TRADE_FINISHED"
    CLOSED = "TRADE_CLOSED"


class RefundStatus(StrEnum):
    """What is known about a refund. NOT_CONFIRMED: ask again, or repeat the same refund."""

    SUCCESS = "success"
    NOT_CONFIRMED = "not_confirmed"


class CloseResult(StrEnum):
    """What a close call found. NOT_EXIST: nobody scanned; only the time of expiry ends it."""

    CLOSED = "closed"
    ALREADY_PAID = "already_paid"
    NOT_EXIST = "not_exist"


@dataclass(frozen=True, kw_only=True)
class NewTrade:
    """A payment to be made. `expires_at` is the order's own end: it alone ends an unscanned one."""

    out_trade_no: str
    subject: str
    amount_fen: int
    expires_at: datetime
    notify_url: str
    return_url: str = ""
    quit_url: str = ""


@dataclass(frozen=True)
class SignedForm:
    """What the payer's browser sends to the gateway: a POST of the fields to the action."""

    action: str
    fields: Mapping[str, str]

    def as_url(self) -> str:
        """Return the same as an address, for clients that can only follow links."""
        return f"{self.action}&{urlencode(self.fields)}"


@dataclass(frozen=True)
class QrPrepay:
    """The address to show as a QR code."""

    qr_code: str


@dataclass(frozen=True)
class AppOrder:
    """The signed order text the app hands to the Alipay SDK."""

    order_string: str


@dataclass(frozen=True, kw_only=True)
class Trade:
    """A payment as the gateway sees it; `paid_at` stays set after a full refund."""

    app_id: str
    seller_id: str
    out_trade_no: str
    trade_no: str
    status: TradeStatus
    amount_fen: int
    paid_at: datetime | None = None

    @property
    def was_paid(self) -> bool:
        """Whether money arrived, also when it has gone back since."""
        is_paid = self.status in {TradeStatus.SUCCESS, TradeStatus.FINISHED}
        return is_paid or self.paid_at is not None


@dataclass(frozen=True, kw_only=True)
class NewRefund:
    """Money to give back. Keep number and amount for every retry: a new number refunds twice."""

    out_trade_no: str
    out_request_no: str
    refund_fen: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundResult:
    """A refund as the gateway sees it; Alipay gives refunds no number of its own."""

    out_trade_no: str
    trade_no: str
    out_request_no: str
    status: RefundStatus
    refund_fen: int
    refunded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentNotice:
    """A believed notification about a payment or the end of an unpaid trade."""

    notify_id: str
    sent_at: datetime
    trade: Trade


@dataclass(frozen=True, kw_only=True)
class RefundNotice:
    """A believed notification, at the payment's address, that money went back.

    `refunded_total_fen` is the sum of all refunds of the trade so far.
    """

    notify_id: str
    sent_at: datetime
    trade: Trade
    out_request_no: str
    refunded_total_fen: int
    refunded_at: datetime | None


Notice = PaymentNotice | RefundNotice
