"""What providers tell, in the words of this room."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from payments.enums import AccountKind, BillKind, Channel, MovementKind
from payments.models import MerchantConfig, PaymentAttempt, Refund


class TradeState(StrEnum):
    """Where a payment stands at the provider."""

    PAID = "paid"
    UNPAID = "unpaid"
    CLOSED = "closed"
    NOT_EXIST = "not_exist"


class CloseOutcome(StrEnum):
    """What closing a payment found. RETRY: not possible yet."""

    CLOSED = "closed"
    PAID = "paid"
    NOT_EXIST = "not_exist"
    RETRY = "retry"


class RefundState(StrEnum):
    """Where a refund stands at the provider."""

    SUCCEEDED = "succeeded"
    PROCESSING = "processing"
    CLOSED = "closed"
    ABNORMAL = "abnormal"


@dataclass(frozen=True, kw_only=True)
class TradeSnapshot:
    """A payment as a callback, a query or staff saw it. Only a paid one has all fields."""

    state: TradeState
    out_trade_no: str
    merchant_number: str = ""
    app_id: str = ""
    amount_fen: int | None = None
    currency: str = ""
    transaction_id: str = ""
    paid_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RefundSnapshot:
    """A refund as a callback or a query saw it."""

    state: RefundState
    out_refund_no: str
    refund_id: str
    amount_fen: int
    out_trade_no: str = ""


@dataclass(frozen=True, kw_only=True)
class BillLine:
    """One line of a provider's daily bill: money that moved. ``number`` is ours."""

    kind: BillKind
    number: str
    trade_number: str
    gateway_number: str
    amount_fen: int
    fee_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One line of a provider's bill of movements; expense is negative, ``word`` is his own."""

    kind: MovementKind
    word: str
    number: str
    gateway_number: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class VerifiedEvent:
    """A genuine message: about a payment or a refund.

    ``is_hint``: nothing proves who sent it, so it only makes us ask.
    """

    event_id: str
    kind: str
    dedup_key: str
    trade: TradeSnapshot | None = None
    refund: RefundSnapshot | None = None
    is_hint: bool = False


class Refused(Exception):  # noqa: N818 - a refusal is an outcome, not a fault
    """A message is not believed. ``stale`` is set when only its age is wrong: query its number."""

    def __init__(
        self, reason: str, *, is_probe: bool = False, stale: VerifiedEvent | None = None
    ) -> None:
        """Keep the reason for the log; the sender never hears it."""
        super().__init__(reason)
        self.reason = reason
        self.is_probe = is_probe
        self.stale = stale


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a provider can do. Internal ones settle in our own database, without a network."""

    channels: frozenset[Channel]
    is_internal: bool = False
    has_bills: bool = False
    max_refunds: int = 50
    refund_within: timedelta = timedelta(days=365)
    prepay_valid: timedelta = timedelta(hours=2)
    prepay_valid_of: Mapping[Channel, timedelta] = field(default_factory=dict)
    # A payment that nobody has opened yet cannot be ended there: only its time ends it.
    is_unseen_payable: bool = False


@dataclass(frozen=True, kw_only=True)
class NewPayment:
    """What a provider needs beside the attempt. ``openid`` and address are never stored."""

    attempt: PaymentAttempt
    title: str
    openid: str = field(default="", repr=False)
    payer_ip: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a provider takes for "heard"."""

    status: int = 204
    body: bytes = b""
    content_type: str = "application/json"


class PaymentGateway(Protocol):
    """One provider. Network calls raise the errors of ``clinic.adapters.errors``."""

    capabilities: Capabilities
    acknowledgement: Acknowledgement

    def funds(self, attempt: PaymentAttempt) -> tuple[AccountKind, object] | None:
        """Return the ledger account the money comes from; None when no money moves."""

    def create(self, payment: NewPayment) -> dict[str, Any]:
        """Announce the payment; return what must be kept to show it to the payer."""

    def client_params(self, attempt: PaymentAttempt) -> dict[str, Any]:
        """Return what the payer's device needs, from the kept parts, without a network."""

    def query(self, attempt: PaymentAttempt) -> TradeSnapshot:
        """Return the payment as the provider sees it."""

    def close(self, attempt: PaymentAttempt) -> CloseOutcome:
        """End the payment at the provider."""

    def refund(self, refund: Refund) -> RefundSnapshot:
        """Ask for the money back; asking again with the same number is harmless."""

    def query_refund(self, refund: Refund) -> RefundSnapshot:
        """Return the refund as the provider sees it."""

    def find_refund(self, attempt: PaymentAttempt, number: str) -> RefundSnapshot:
        """Return a refund that is perhaps not ours, by the number somebody told.

        PROCESSING also when the provider does not know it (yet). Asking changes nothing.
        """

    def parse_callback(
        self, merchant: MerchantConfig, headers: dict[str, str], body: bytes, now: datetime
    ) -> VerifiedEvent:
        """Return the message in a callback. Pure: no database, no network; raises Refused alone."""

    def bill(self, merchant: MerchantConfig, day: date) -> Iterator[BillLine]:
        """Return what moved on a day (Asia/Shanghai), line by line; the bill's hash was checked.

        Raises NotExistError when there is no bill yet.
        """

    def movements(self, merchant: MerchantConfig, day: date) -> Iterator[Movement]:
        """Return what moved in the merchant's account on a day: fees and payouts beside trades.

        Raises NotExistError when nothing moved, or the bill is not there yet.
        """
