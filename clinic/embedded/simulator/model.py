"""What the gateway remembers. Frozen rows; the first field is the key. Times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class GatewayRefusal(Exception):  # noqa: N818 - an answer of the protocol, not a fault
    """The request is refused with this HTTP status, code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep what is answered."""
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class Gateway(StrEnum):
    """Which protocol an order came by; notifications speak the same one."""

    WECHAT_V3 = "wechat_v3"
    WECHAT_V2 = "wechat_v2"
    ALIPAY = "alipay"
    ALIYUN_CALLS = "aliyun_calls"


class OrderState(StrEnum):
    """State of an order; REFUND after any refund, FINISHED when none is possible any more."""

    NOTPAY = "NOTPAY"
    PAYERROR = "PAYERROR"
    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    CLOSED = "CLOSED"
    FINISHED = "FINISHED"


OPEN_STATES = frozenset({OrderState.NOTPAY, OrderState.PAYERROR})
PAID_STATES = frozenset({OrderState.SUCCESS, OrderState.REFUND, OrderState.FINISHED})


class RefundState(StrEnum):
    """State of a refund."""

    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    ABNORMAL = "ABNORMAL"
    CLOSED = "CLOSED"


class NoticeState(StrEnum):
    """Where a notification stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class SignedBy(StrEnum):
    """Which of the two platform keys answers this merchant."""

    PUBLIC_KEY = "public_key"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order under the merchant's number. `token` is the last part of its payment address.

    An order of Alipay does not exist for its merchant until `is_scanned`. `sign_type` is that of
    WeChat Pay v2.
    """

    out_trade_no: str
    channel: str
    description: str
    attach: str
    total_fen: int
    openid: str
    notify_url: str
    expires_at: datetime | None
    token: str
    prepay_id: str
    fingerprint: str
    signed_by: SignedBy
    created_at: datetime
    state: OrderState = OrderState.NOTPAY
    transaction_id: str = ""
    paid_at: datetime | None = None
    pay_at: datetime | None = None
    gateway: Gateway = Gateway.WECHAT_V3
    is_scanned: bool = False
    return_url: str = ""
    sign_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Refund:
    """One refund under the merchant's number; `settles_at` is None once settled."""

    out_refund_no: str
    refund_id: str
    out_trade_no: str
    amount_fen: int
    total_fen: int
    reason: str
    notify_url: str
    fingerprint: str
    created_at: datetime
    settles_at: datetime | None
    settles_as: RefundState = RefundState.SUCCESS
    state: RefundState = RefundState.PROCESSING
    success_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Payout:
    """Money that left the merchant's account for his bank; `house` is wechat or alipay."""

    id: str
    house: str
    amount_fen: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One thing to tell the merchant; `next_at` is None when nothing more will be tried.

    `held` waits for another notification to overtake it; `next_at` then is the latest moment.
    """

    id: str
    event_type: str
    out_trade_no: str
    number: str
    url: str
    resource: str
    summary: str
    signed_by: SignedBy
    created_at: datetime
    next_at: datetime | None
    attempts: int = 0
    state: NoticeState = NoticeState.WAITING
    held: bool = False
    gateway: Gateway = Gateway.WECHAT_V3
    sign_type: str = ""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try to deliver; status 0 means no answer."""

    id: str
    notification_id: str
    number: int
    at: datetime
    status: int
    note: str


@dataclass(frozen=True, kw_only=True)
class PlatformKey:
    """A key the gateway of WeChat Pay changed to; the youngest of its kind signs."""

    id: str
    kind: SignedBy
    public_pem: str
    private_pem: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Sms:
    """One accepted message. Holds a phone and often a code: shown on the page alone."""

    biz_id: str
    phone: str
    sign_name: str
    template_code: str
    params: str
    out_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NumberBinding:
    """Two numbers that reach each other by a third until a moment or their release."""

    sub_id: str
    phone_a: str
    phone_b: str
    relay_number: str
    out_id: str
    is_recorded: bool
    expires_at: datetime
    at: datetime
    released_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Citizen:
    """One ID number of the register and its name, both as keyed prints; `asks` since `since`."""

    number: str
    name: str
    asks: int
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that goes wrong on purpose.

    `scope` is an out_trade_no or `*`; `times` left, None without end; `operation` limits answer
    faults to one call; `value` is seconds or a count; `chance` 0-100 per cent.
    """

    id: str
    kind: str
    scope: str = "*"
    operation: str = "*"
    times: int | None = None
    value: int = 1
    chance: int = 100


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One named number of the gateway."""

    name: str
    value: int
