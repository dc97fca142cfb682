"""Lines of any provider's trade bill in the words of this room."""

from collections.abc import Iterator

from clinic.adapters import bills
from payments.enums import BillKind, MovementKind
from payments.gateways.types import BillLine, Movement

# WeChat Pay also lists refunds that are only asked for; Alipay writes a word of its own.
_NOT_MOVED = frozenset({"PROCESSING", "CHANGE", "ABNORMAL", "CLOSED", "FAIL"})

_MOVEMENTS = {
    bills.FlowKind.PAYMENT: MovementKind.TRADE,
    bills.FlowKind.REFUND: MovementKind.TRADE,
    bills.FlowKind.FEE: MovementKind.FEE,
    bills.FlowKind.PAYOUT: MovementKind.BANK,
    bills.FlowKind.OTHER: MovementKind.OTHER,
}


def moved_money(bill: bills.TradeBill) -> Iterator[BillLine]:
    """Return the payments and finished refunds of a bill; raises BillError when it is damaged."""
    for line in bill.lines():
        if line.kind is bills.LineKind.PAYMENT:
            yield BillLine(
                kind=BillKind.PAYMENT,
                number=line.out_trade_no,
                trade_number=line.out_trade_no,
                gateway_number=line.transaction_id,
                amount_fen=line.amount_fen,
                fee_fen=line.fee_fen,
            )
        elif line.state not in _NOT_MOVED:
            yield BillLine(
                kind=BillKind.REFUND,
                number=line.out_refund_no or line.refund_id,
                trade_number=line.out_trade_no,
                gateway_number=line.refund_id or line.out_refund_no,
                amount_fen=line.amount_fen,
                fee_fen=line.fee_fen,
            )


def account_movements(bill: bills.FlowBill) -> Iterator[Movement]:
    """Return what moved in an account; raises BillError when the bill is damaged."""
    for line in bill.lines():
        yield Movement(
            kind=_MOVEMENTS[line.kind],
            word=line.word,
            number=line.flow_id,
            gateway_number=line.gateway_number,
            amount_fen=line.amount_fen,
        )
