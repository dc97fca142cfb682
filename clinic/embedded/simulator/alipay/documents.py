"""Trades and refunds as Alipay writes them."""

from clinic.adapters.alipay.reading import wire_time
from clinic.adapters.money import yuan_of_fen
from clinic.embedded.simulator import facts
from clinic.embedded.simulator.model import Order, OrderState, Refund, RefundState
from clinic.embedded.simulator.state import SimulatorState

Document = dict[str, object]


def trade_status(state: SimulatorState, order: Order) -> str:
    """Return the trade's state: a full refund closes it like a time that ran out."""
    if order.state is OrderState.FINISHED:
        return "TRADE_FINISHED"
    if order.paid_at is None:
        return "TRADE_CLOSED" if order.state is OrderState.CLOSED else "WAIT_BUYER_PAY"
    is_returned = refunded_fen(state, order) == order.total_fen
    return "TRADE_CLOSED" if is_returned else "TRADE_SUCCESS"


def refunded_fen(state: SimulatorState, order: Order) -> int:
    """Return the money that went back."""
    found = state.store.find(
        Refund, "out_trade_no = ? AND state = ?", [order.out_trade_no, RefundState.SUCCESS]
    )
    return sum(refund.amount_fen for refund in found)


def trade_answer(state: SimulatorState, order: Order) -> Document:
    """Return the trade as a query answers it."""
    document: Document = {
        "trade_no": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "trade_status": trade_status(state, order),
        "total_amount": yuan_of_fen(order.total_fen),
        "buyer_logon_id": "sim***@alipay.example",
        "buyer_user_id": facts.SIMULATED_BUYER,
        "receipt_amount": yuan_of_fen(order.total_fen if order.paid_at else 0),
        "point_amount": "0.00",
        "invoice_amount": "0.00",
        "subject": order.description,
    }
    if order.paid_at is not None:
        document["send_pay_date"] = wire_time(order.paid_at)
    return document


def trade_notice(state: SimulatorState, order: Order) -> Document:
    """Return the trade as a notification tells it."""
    document: Document = {
        "trade_no": order.transaction_id,
        "app_id": state.keys.alipay_app_id,
        "auth_app_id": state.keys.alipay_app_id,
        "out_trade_no": order.out_trade_no,
        "buyer_id": facts.SIMULATED_BUYER,
        "seller_id": state.keys.alipay_seller_id,
        "trade_status": trade_status(state, order),
        "total_amount": yuan_of_fen(order.total_fen),
        "receipt_amount": yuan_of_fen(order.total_fen),
        "buyer_pay_amount": yuan_of_fen(order.total_fen),
        "invoice_amount": yuan_of_fen(order.total_fen),
        "point_amount": "0.00",
        "subject": order.description,
        "gmt_create": wire_time(order.created_at),
    }
    if order.paid_at is not None:
        document["gmt_payment"] = wire_time(order.paid_at)
    if order.state is OrderState.CLOSED:
        document["gmt_close"] = wire_time(state.now())
    return document


def refund_notice(state: SimulatorState, order: Order, refund: Refund) -> Document:
    """Return the trade after a refund, at the payment's address."""
    return trade_notice(state, order) | {
        "out_biz_no": refund.out_refund_no,
        "refund_fee": yuan_of_fen(refunded_fen(state, order)),
        "gmt_refund": wire_time(refund.success_at or state.now()) + ".000",
    }
