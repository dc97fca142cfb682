"""What a notification is about, in the protocol of its order."""

from clinic.embedded.simulator import wechat_v3_documents as wechat_v3
from clinic.embedded.simulator.alipay import documents as alipay
from clinic.embedded.simulator.model import Gateway, Order, Refund
from clinic.embedded.simulator.state import SimulatorState
from clinic.embedded.simulator.wechat_v2 import documents as wechat_v2

Document = dict[str, object]


def payment_resource(state: SimulatorState, order: Order) -> Document:
    """Return what tells the merchant that an order was paid or, at Alipay, closed."""
    if order.gateway is Gateway.ALIPAY:
        return alipay.trade_notice(state, order)
    if order.gateway is Gateway.WECHAT_V2:
        return wechat_v2.payment_notice(state, order)
    return wechat_v3.transaction_document(state, order)


def refund_resource(state: SimulatorState, order: Order, refund: Refund) -> Document:
    """Return what tells the merchant that a refund ended."""
    if order.gateway is Gateway.ALIPAY:
        return alipay.refund_notice(state, order, refund)
    if order.gateway is Gateway.WECHAT_V2:
        return wechat_v2.refund_notice(order, refund)
    return wechat_v3.refund_resource(state, order, refund)
