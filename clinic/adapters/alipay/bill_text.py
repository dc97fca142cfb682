"""The tables of Alipay's bills as typed lines. Pure: any iterable of text lines will do."""

import csv
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

from clinic.adapters.alipay.facts import GATEWAY_ZONE
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

T = TypeVar("T")
Row = dict[str, str]

# [known] the shape of the lines that add up
_TRADE_SUM = re.compile(r"#(交易|退款)合计：(\d+)笔，商家实收(?:退款)?共(-?[\d.]+)元")
_FLOW_SUM = re.compile(r"#(支出|收入)合计：(\d+)笔，共(-?[\d.]+)元")
_KINDS = {"交易": LineKind.PAYMENT, "退款": LineKind.REFUND}
_FLOW_KINDS = {
    "在线支付": FlowKind.PAYMENT,
    "交易付款": FlowKind.PAYMENT,
    "交易": FlowKind.PAYMENT,
    "交易退款": FlowKind.REFUND,
    "退款": FlowKind.REFUND,
    "收费": FlowKind.FEE,
    "退费": FlowKind.FEE,
    "提现": FlowKind.PAYOUT,
    "充值": FlowKind.PAYOUT,
}
# Some exports print the brackets of a head in half width.
_WIDE = str.maketrans("()", "（）")


class _Table:
    """Rows between the comments; remembers what the comments below say."""

    def __init__(self, lines: Iterable[str], sum_line: re.Pattern[str]) -> None:
        self._rows = csv.reader(lines)
        self._sum_line = sum_line
        self.stated: dict[str, tuple[int, int]] = {}

    @property
    def number(self) -> int:
        """The line being read."""
        return self._rows.line_num

    def rows(self) -> Iterator[Row]:
        """Yield the rows by the names of the head, to the end of the file."""
        names: list[str] = []
        try:
            for cells in self._rows:
                if not cells or cells[0].startswith("#"):
                    self._remember(",".join(cells))
                elif not names:
                    names = [cell.strip().translate(_WIDE) for cell in cells]
                else:
                    yield self._row(names, cells)
        except csv.Error as error:
            raise BillError(f"line {self.number} is no table") from error

    def _row(self, names: list[str], cells: list[str]) -> Row:
        # Every cell ends with a tab, and some lines with one more comma.
        values = [cell.strip() for cell in cells]
        if len(values) == len(names) + 1 and not values[-1]:
            values.pop()
        if len(values) != len(names):
            raise BillError(f"line {self.number} has not the cells of its head")
        return dict(zip(names, values, strict=True))

    def _remember(self, comment: str) -> None:
        if found := self._sum_line.match(comment.strip()):
            word, count, amount = found.groups()
            try:
                self.stated[word] = (int(count), abs(fen_of_yuan(amount)))
            except ValueError as error:
                raise BillError("a sum cannot be read") from error


def read_trade_bill(lines: Iterable[str]) -> Generator[BillLine, None, BillTotals]:
    """Yield payments and refunds; return the totals, checked against the bill's own sums."""
    table, sums, refunds = _Table(lines, _TRADE_SUM), TradeSums(), 0
    for row in table.rows():
        line = _read(table, row, _trade_line)
        refunds += line.kind is LineKind.REFUND
        sums.add(line)
        yield line
    added = {
        "交易": (sums.lines - refunds, sums.paid_fen),
        "退款": (refunds, sums.refunded_fen),
    }
    if table.stated != added:
        raise BillError("the lines do not add up to the summary")
    return sums.totals()


def read_flow_bill(lines: Iterable[str]) -> Generator[FlowLine, None, FlowTotals]:
    """Yield movements of the account; return the totals, checked against the bill's own sums."""
    table, sums, expenses = _Table(lines, _FLOW_SUM), FlowSums(), 0
    for row in table.rows():
        line = _read(table, row, _flow_line)
        expenses += line.amount_fen < 0
        sums.add(line)
        yield line
    added = {
        "支出": (expenses, sums.expense_fen),
        "收入": (sums.lines - expenses, sums.income_fen),
    }
    if table.stated != added:
        raise BillError("the lines do not add up to the summary")
    return sums.totals()


def _read(table: _Table, row: Row, reader: Callable[[Row], T]) -> T:
    try:
        return reader(row)
    except (KeyError, ValueError) as error:
        raise BillError(f"line {table.number} cannot be read") from error


def _trade_line(row: Row) -> BillLine:
    return BillLine(
        kind=_KINDS[row["业务类型"]],
        at=_moment(row["完成时间"]),
        transaction_id=row["支付宝交易号"],
        out_trade_no=row["商户订单号"],
        amount_fen=abs(fen_of_yuan(row["订单金额（元）"])),
        fee_fen=-fen_of_yuan(row["服务费（元）"]),
        state=row["业务类型"],
        out_refund_no=row["退款批次号/请求号"],
    )


def _flow_line(row: Row) -> FlowLine:
    # One of the two is empty or zero; an expense comes with or without its sign.
    income, expense = (_fen(row[name]) for name in ("收入金额（+元）", "支出金额（-元）"))
    return FlowLine(
        at=_moment(row["发生时间"]),
        flow_id=row["账务流水号"],
        gateway_number=row["业务流水号"],
        own_number=row["商户订单号"],
        kind=_FLOW_KINDS.get(row["业务类型"], FlowKind.OTHER),
        word=row["业务类型"],
        amount_fen=income - abs(expense),
        balance_fen=fen_of_yuan(row["账户余额（元）"]),
    )


def _fen(text: str) -> int:
    return fen_of_yuan(text.removeprefix("+")) if text else 0


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=GATEWAY_ZONE).astimezone(UTC)
