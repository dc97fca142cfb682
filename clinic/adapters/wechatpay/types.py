"""What goes into and comes out of the client: amounts in fen, times aware."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class TradeState(StrEnum):
    """State of a payment at the gateway. REFUND shows after any refund, also a partial one."""

    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"
    ACCEPT = "ACCEPT"


class RefundStatus(StrEnum):
    """State of a refund at the gateway; ABNORMAL needs a person."""

    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"
    PROCESSING = "PROCESSING"
    ABNORMAL = "ABNORMAL"


class CloseResult(StrEnum):
    """What a close call found."""

    CLOSED = "closed"
    ALREADY_PAID = "already_paid"
    NOT_EXIST = "not_exist"


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """A payment to be made. The notify URL must carry no query string."""

    out_trade_no: str
    description: str
    amount_fen: int
    expires_at: datetime
    notify_url: str
    attach: str = ""


@dataclass(frozen=True)
class NativePrepay:
    """The address to show as a QR code."""

    code_url: str


@dataclass(frozen=True)
class JsapiPrepay:
    """The prepared payment; valid for two hours."""

    prepay_id: str


@dataclass(frozen=True)
class H5Prepay:
    """The address that opens the payment in a phone's browser; valid for five minutes."""

    h5_url: str


@dataclass(frozen=True)
class AppPrepay:
    """The prepared payment of an app; valid for two hours."""

    prepay_id: str


@dataclass(frozen=True, kw_only=True)
class AppParams:
    """What an app hands to the WeChat SDK."""

    app_id: str
    partner_id: str
    prepay_id: str
    nonce_str: str
    time_stamp: str
    sign: str
    package: str = "Sign=WXPay"

    def as_client_dict(self) -> dict[str, str]:
        """Return the parameters under the names the SDK expects."""
        return {
            "appid": self.app_id,
            "partnerid": self.partner_id,
            "prepayid": self.prepay_id,
            "package": self.package,
            "noncestr": self.nonce_str,
            "timestamp": self.time_stamp,
            "sign": self.sign,
        }


@dataclass(frozen=True, kw_only=True)
class JsapiParams:
    """What the client hands to `wx.requestPayment`."""

    app_id: str
    time_stamp: str
    nonce_str: str
    package: str
    sign_type: str
    pay_sign: str

    def as_client_dict(self) -> dict[str, str]:
        """Return the parameters under the names the WeChat client expects."""
        return {
            "appId": self.app_id,
            "timeStamp": self.time_stamp,
            "nonceStr": self.nonce_str,
            "package": self.package,
            "signType": self.sign_type,
            "paySign": self.pay_sign,
        }


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """A payment as the gateway sees it. Amount and transaction id may be absent while unpaid."""

    mchid: str
    appid: str
    out_trade_no: str
    state: TradeState
    transaction_id: str = ""
    amount_fen: int | None = None
    payer_fen: int | None = None
    currency: str = ""
    trade_type: str = ""
    success_at: datetime | None = None
    openid: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class NewRefund:
    """Money to give back. Keep the number for every retry: a new number can refund twice."""

    out_trade_no: str
    out_refund_no: str
    refund_fen: int
    total_fen: int
    notify_url: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundResult:
    """A refund as the gateway sees it. PROCESSING means accepted, not done."""

    out_trade_no: str
    transaction_id: str
    out_refund_no: str
    refund_id: str
    status: RefundStatus
    refund_fen: int
    total_fen: int
    success_at: datetime | None = None


class AbnormalRefundPayee(StrEnum):
    """Where the money of an abnormal refund goes; the patient's card needs encrypted details."""

    PATIENT_CARD = "USER_BANK_CARD"
    MERCHANT_CARD = "MERCHANT_BANK_CARD"


@dataclass(frozen=True, kw_only=True)
class BankCard:
    """A payee's card. Sent encrypted under the platform's key, never logged, never kept."""

    bank_type: str
    account: str = field(repr=False)
    holder: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class PlatformCertificate:
    """A certificate of the gateway that came encrypted under our own key."""

    serial: str
    pem: str = field(repr=False)
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class AnnouncedBill:
    """Where a bill can be fetched, and the SHA-1 of its unzipped text in hex."""

    url: str
    sha1: str


@dataclass(frozen=True, kw_only=True)
class PaymentNotice:
    """A believed callback about a payment."""

    event_id: str
    created_at: datetime
    transaction: Transaction


@dataclass(frozen=True, kw_only=True)
class RefundNotice:
    """A believed callback about a refund."""

    event_id: str
    created_at: datetime
    refund: RefundResult


Notice = PaymentNotice | RefundNotice
