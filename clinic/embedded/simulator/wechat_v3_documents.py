"""Payments and refunds as WeChat Pay APIv3 writes them."""

from clinic.adapters.wechatpay.facts import CURRENCY
from clinic.embedded.simulator import facts
from clinic.embedded.simulator.model import Order, Refund
from clinic.embedded.simulator.state import SimulatorState
from clinic.embedded.simulator.wire import wire_time

Document = dict[str, object]
TRADE_TYPES = {"native": "NATIVE", "jsapi": "JSAPI", "h5": "MWEB", "app": "APP"}


def transaction_document(state: SimulatorState, order: Order) -> Document:
    """Return the order as a query answers it and a notification carries it."""
    document: Document = {
        "appid": state.keys.appid,
        "mchid": state.keys.mchid,
        "out_trade_no": order.out_trade_no,
        "trade_state": order.state.value,
        "trade_state_desc": facts.STATE_WORDS[order.state],
        "attach": order.attach,
        "amount": {"total": order.total_fen, "currency": CURRENCY},
    }
    if order.paid_at is not None:
        document |= {
            "transaction_id": order.transaction_id,
            "trade_type": TRADE_TYPES[order.channel],
            "bank_type": "OTHERS",
            "success_time": wire_time(order.paid_at),
            "payer": {"openid": order.openid},
            "amount": {
                "total": order.total_fen,
                "payer_total": order.total_fen,
                "currency": CURRENCY,
                "payer_currency": CURRENCY,
            },
        }
    return document


def refund_document(order: Order, refund: Refund) -> Document:
    """Return the refund as the calls answer it."""
    document: Document = {
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": order.transaction_id,
        "out_trade_no": refund.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": wire_time(refund.created_at),
        "status": refund.state.value,
        "funds_account": "AVAILABLE",
        "amount": {
            "total": refund.total_fen,
            "refund": refund.amount_fen,
            "payer_total": refund.total_fen,
            "payer_refund": refund.amount_fen,
            "settlement_refund": refund.amount_fen,
            "settlement_total": refund.total_fen,
            "discount_refund": 0,
            "currency": CURRENCY,
        },
    }
    if refund.success_at is not None:
        document["success_time"] = wire_time(refund.success_at)
    return document


def refund_resource(state: SimulatorState, order: Order, refund: Refund) -> Document:
    """Return the refund as a notification carries it."""
    document: Document = {
        "mchid": state.keys.mchid,
        "out_trade_no": order.out_trade_no,
        "transaction_id": order.transaction_id,
        "out_refund_no": refund.out_refund_no,
        "refund_id": refund.refund_id,
        "refund_status": refund.state.value,
        "user_received_account": "支付用户零钱",
        "amount": {
            "total": refund.total_fen,
            "refund": refund.amount_fen,
            "payer_total": refund.total_fen,
            "payer_refund": refund.amount_fen,
        },
    }
    if refund.success_at is not None:
        document["success_time"] = wire_time(refund.success_at)
    return document
