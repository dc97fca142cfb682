"""Payments and refunds as WeChat Pay v2 writes them: text alone."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from clinic.adapters.wechatpay.facts import CURRENCY, GATEWAY_ZONE
from clinic.embedded.simulator import facts
from clinic.embedded.simulator.model import Order, Refund, RefundState
from clinic.embedded.simulator.state import SimulatorState

Document = dict[str, object]

TRADE_TYPES = {"native": "NATIVE", "jsapi": "JSAPI", "h5": "MWEB", "app": "APP"}
REFUND_WORDS = {
    RefundState.PROCESSING: "PROCESSING",
    RefundState.SUCCESS: "SUCCESS",
    RefundState.ABNORMAL: "CHANGE",
    RefundState.CLOSED: "REFUNDCLOSE",
}


def compact_time(moment: datetime) -> str:
    """Return a moment in digits alone, +08:00."""
    return moment.astimezone(GATEWAY_ZONE).strftime("%Y%m%d%H%M%S")


def spaced_time(moment: datetime) -> str:
    """Return a moment as refunds write it, +08:00."""
    return moment.astimezone(GATEWAY_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def payment(order: Order) -> Document:
    """Return what a paid order tells everywhere."""
    if order.paid_at is None:
        return {"out_trade_no": order.out_trade_no, "total_fee": str(order.total_fen)}
    return {
        "openid": order.openid,
        "is_subscribe": "N",
        "trade_type": TRADE_TYPES[order.channel],
        "bank_type": "OTHERS",
        "total_fee": str(order.total_fen),
        "cash_fee": str(order.total_fen),
        "fee_type": CURRENCY,
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "attach": order.attach,
        "time_end": compact_time(order.paid_at),
    }


def order_answer(order: Order) -> Document:
    """Return the order as a query answers it."""
    words = facts.STATE_WORDS[order.state]
    return {**payment(order), "trade_state": order.state.value, "trade_state_desc": words}


def payment_notice(state: SimulatorState, order: Order) -> Document:
    """Return what a notification of a payment tells; it is signed when it is sent."""
    return {
        "appid": state.keys.appid,
        "mch_id": state.keys.mchid,
        "nonce_str": secrets.token_hex(16),
        "result_code": "SUCCESS",
        "return_code": "SUCCESS",
        **payment(order),
    }


def refund_answer(order: Order, refund: Refund) -> Document:
    """Return the accepted refund as the call answers it."""
    return {
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "out_refund_no": refund.out_refund_no,
        "refund_id": refund.refund_id,
        "refund_fee": str(refund.amount_fen),
        "total_fee": str(order.total_fen),
        "cash_fee": str(order.total_fen),
    }


def refunds_answer(order: Order, found: Sequence[Refund]) -> Document:
    """Return refunds as their query answers them: numbered members."""
    document: Document = {
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "total_fee": str(order.total_fen),
        "cash_fee": str(order.total_fen),
        "refund_count": str(len(found)),
    }
    for number, refund in enumerate(found):
        document |= {
            f"out_refund_no_{number}": refund.out_refund_no,
            f"refund_id_{number}": refund.refund_id,
            f"refund_channel_{number}": "ORIGINAL",
            f"refund_fee_{number}": str(refund.amount_fen),
            f"refund_status_{number}": REFUND_WORDS[refund.state],
            f"refund_recv_accout_{number}": "支付用户零钱",
        }
        if refund.success_at is not None:
            document[f"refund_success_time_{number}"] = spaced_time(refund.success_at)
    return document


def refund_notice(order: Order, refund: Refund) -> Document:
    """Return what a notification of a refund hides in its encrypted part."""
    return {
        **refund_answer(order, refund),
        "refund_status": REFUND_WORDS[refund.state],
        "settlement_refund_fee": str(refund.amount_fen),
        "settlement_total_fee": str(order.total_fen),
        "success_time": spaced_time(refund.success_at) if refund.success_at else "",
        "refund_recv_accout": "支付用户零钱",
        "refund_account": "REFUND_SOURCE_RECHARGE_FUNDS",
        "refund_request_source": "API",
    }
