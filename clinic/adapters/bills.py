"""Bills of gateways as typed lines, read once or more from disk with flat memory."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from clinic.adapters.errors import AdapterError


class BillError(AdapterError):
    """The bill is not what it should be; fetch it again, then ask a person."""

    def __init__(self, message: str) -> None:
        """Keep what is wrong, without anything out of the bill."""
        super().__init__(message, permanent=False)


class LineKind(StrEnum):
    """What a line of a trade bill is about."""

    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One payment or refund. Amounts are never negative, except a fee that was given back.

    `state` is the gateway's own word. A gateway may give refunds no number of its own.
    """

    kind: LineKind
    at: datetime
    transaction_id: str
    out_trade_no: str
    amount_fen: int
    fee_fen: int
    state: str
    refund_id: str = ""
    out_refund_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillTotals:
    """What the bill itself says it adds up to; the lines were checked against it."""

    lines: int
    paid_fen: int
    refunded_fen: int
    fee_fen: int


class FlowKind(StrEnum):
    """Why money moved in a merchant's account. PAYOUT also is money that came from his bank."""

    PAYMENT = "payment"
    REFUND = "refund"
    FEE = "fee"
    PAYOUT = "payout"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLine:
    """One movement of the merchant's account: income is positive, expense negative.

    `word` is the gateway's own; one that is not known is OTHER.
    """

    at: datetime
    flow_id: str
    gateway_number: str
    own_number: str
    kind: FlowKind
    word: str
    amount_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTotals:
    """What the bill says came in and went out; both are not negative."""

    lines: int
    income_fen: int
    expense_fen: int


LineT = TypeVar("LineT")
TotalsT = TypeVar("TotalsT")


class Bill(Generic[LineT, TotalsT]):
    """A fetched bill. `totals` is set once `lines()` came to its end."""

    def __init__(self, read: Callable[[], Generator[LineT, None, TotalsT]]) -> None:
        """Keep how to read it from the start."""
        self._read = read
        self.totals: TotalsT | None = None

    def lines(self) -> Iterator[LineT]:
        """Yield every line. Raises BillError, also at the end when the totals do not fit."""
        self.totals = yield from self._read()


TradeBill = Bill[BillLine, BillTotals]
FlowBill = Bill[FlowLine, FlowTotals]


@dataclass(slots=True)
class TradeSums:
    """Adds up lines as they pass."""

    lines: int = 0
    paid_fen: int = 0
    refunded_fen: int = 0
    fee_fen: int = 0

    def add(self, line: BillLine) -> None:
        """Take one more line into the sums."""
        self.lines += 1
        self.fee_fen += line.fee_fen
        if line.kind is LineKind.PAYMENT:
            self.paid_fen += line.amount_fen
        else:
            self.refunded_fen += line.amount_fen

    def totals(self) -> BillTotals:
        """Return what was added."""
        return BillTotals(
            lines=self.lines,
            paid_fen=self.paid_fen,
            refunded_fen=self.refunded_fen,
            fee_fen=self.fee_fen,
        )


@dataclass(slots=True)
class FlowSums:
    """Adds up movements as they pass."""

    lines: int = 0
    income_fen: int = 0
    expense_fen: int = 0

    def add(self, line: FlowLine) -> None:
        """Take one more movement into the sums."""
        self.lines += 1
        if line.amount_fen > 0:
            self.income_fen += line.amount_fen
        else:
            self.expense_fen -= line.amount_fen

    def totals(self) -> FlowTotals:
        """Return what was added."""
        return FlowTotals(
            lines=self.lines, income_fen=self.income_fen, expense_fen=self.expense_fen
        )
