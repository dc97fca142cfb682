"""The text of WeChat Pay's bills as typed lines. Pure: any iterable of lines will do."""

from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

from clinic.adapters.bills import (
    BillError,
    BillLine,
    BillTotals,
    FlowKind,
    FlowLine,
    FlowSums,
    FlowTotals,
    LineKind,
    TradeSums,
)
from clinic.adapters.money import fen_of_yuan
from clinic.adapters.wechatpay.facts import GATEWAY_ZONE

T = TypeVar("T")

_TRADE_SUMMARY = "总交易单数"
_FLOW_SUMMARY = "资金流水总笔数"
_GOODS = "商品名称"
_NOTHING = frozenset({"", "0"})
_REFUND_STATES = frozenset({"REFUND", "REVOKED"})
_FLOW_KINDS = {
    "交易": FlowKind.PAYMENT,
    "退款": FlowKind.REFUND,
    "扣除交易手续费": FlowKind.FEE,
    "退回交易手续费": FlowKind.FEE,
    "提现": FlowKind.PAYOUT,
    "充值": FlowKind.PAYOUT,
}
# Older bills print the brackets of a head in full width.
_NARROW = str.maketrans("（）", "()")


class _Table:
    """Rows of a table by the names of its head; knows its place for messages."""

    def __init__(self, lines: Iterable[str], summary_name: str) -> None:
        self._lines = iter(lines)
        self._summary_name = summary_name
        self.number = 0
        self._names = self._head(self._next())

    def rows(self) -> Iterator[dict[str, str]]:
        """Yield the rows up to the head of the summary."""
        while True:
            line = self._next()
            if line.startswith(self._summary_name):
                self._names = self._head(line)
                return
            yield self._row(line)

    def summary(self) -> dict[str, str]:
        """Return the one row below the second head; nothing may follow."""
        row = self._row(self._next())
        if any(line.strip() for line in self._lines):
            raise BillError("text after the summary")
        return row

    @staticmethod
    def _head(line: str) -> list[str]:
        return line.translate(_NARROW).split(",")

    def _row(self, line: str) -> dict[str, str]:
        # A cell begins after comma and backtick; the name of goods may hold even both.
        cells = line.removeprefix("`").split(",`")
        surplus = len(cells) - len(self._names)
        if surplus > 0 and _GOODS in self._names:
            start = self._names.index(_GOODS)
            cells[start : start + surplus + 1] = [",`".join(cells[start : start + surplus + 1])]
        if not line.startswith("`") or len(cells) != len(self._names):
            raise BillError(f"line {self.number} has not the cells of its head")
        return dict(zip(self._names, cells, strict=True))

    def _next(self) -> str:
        self.number += 1
        line = next(self._lines, None)
        if line is None:
            raise BillError("the bill ends too early")
        return line.rstrip("\r\n")


def read_trade_bill(lines: Iterable[str]) -> Generator[BillLine, None, BillTotals]:
    """Yield payments and refunds; return the totals, which were checked against the lines."""
    table, sums = _Table(lines, _TRADE_SUMMARY), TradeSums()
    for row in table.rows():
        line = _read(table, row, _trade_line)
        sums.add(line)
        yield line
    stated = _read(table, table.summary(), _trade_totals)
    if stated != sums.totals():
        raise BillError("the lines do not add up to the summary")
    return stated


def read_flow_bill(lines: Iterable[str]) -> Generator[FlowLine, None, FlowTotals]:
    """Yield movements of the account; return the totals, checked against the lines."""
    table, sums = _Table(lines, _FLOW_SUMMARY), FlowSums()
    for row in table.rows():
        line = _read(table, row, _flow_line)
        sums.add(line)
        yield line
    stated = _read(table, table.summary(), _flow_totals)
    if stated != sums.totals():
        raise BillError("the lines do not add up to the summary")
    return stated


def _read(table: _Table, row: dict[str, str], reader: Callable[[dict[str, str]], T]) -> T:
    try:
        return reader(row)
    except (KeyError, ValueError) as error:
        raise BillError(f"line {table.number} cannot be read") from error


def _trade_line(row: dict[str, str]) -> BillLine:
    is_refund = row["交易状态"] in _REFUND_STATES
    return BillLine(
        kind=LineKind.REFUND if is_refund else LineKind.PAYMENT,
        at=_moment(row["交易时间"]),
        transaction_id=row["微信订单号"],
        out_trade_no=row["商户订单号"],
        amount_fen=fen_of_yuan(row["申请退款金额" if is_refund else "订单金额"]),
        fee_fen=fen_of_yuan(row["手续费"]),
        state=row["退款状态"] if is_refund else row["交易状态"],
        refund_id=row["微信退款单号"] if is_refund else "",
        out_refund_no=_number(row["商户退款单号"]) if is_refund else "",
    )


def _trade_totals(row: dict[str, str]) -> BillTotals:
    return BillTotals(
        lines=_count(row["总交易单数"]),
        paid_fen=fen_of_yuan(row["订单总金额"]),
        refunded_fen=fen_of_yuan(row["申请退款总金额"]),
        fee_fen=fen_of_yuan(row["手续费总金额"]),
    )


def _count(text: str) -> int:
    """Return a number of lines; the bills of movements print it as "20.0"."""
    return int(text.removesuffix(".0"))


def _flow_line(row: dict[str, str]) -> FlowLine:
    amount = fen_of_yuan(row["收支金额(元)"])
    return FlowLine(
        at=_moment(row["记账时间"]),
        flow_id=row["资金流水单号"],
        gateway_number=row["微信支付业务单号"],
        own_number=_number(row["业务凭证号"]),
        kind=_FLOW_KINDS.get(row["业务类型"], FlowKind.OTHER),
        word=row["业务类型"],
        amount_fen={"收入": amount, "支出": -amount}[row["收支类型"]],
        balance_fen=fen_of_yuan(row["账户结余(元)"]),
    )


def _flow_totals(row: dict[str, str]) -> FlowTotals:
    return FlowTotals(
        lines=_count(row["资金流水总笔数"]),
        income_fen=fen_of_yuan(row["收入金额"]),
        expense_fen=fen_of_yuan(row["支出金额"]),
    )


def _number(value: str) -> str:
    return "" if value in _NOTHING else value


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=GATEWAY_ZONE).astimezone(UTC)
