"""Rules of orders at the gateway: create, look up, pay, decline, expire, close."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clinic.adapters.wechatpay.facts import GATEWAY_ZONE
from clinic.embedded.simulator import facts
from clinic.embedded.simulator.documents import payment_resource
from clinic.embedded.simulator.model import (
    OPEN_STATES,
    PAID_STATES,
    Gateway,
    GatewayRefusal,
    Order,
    OrderState,
    SignedBy,
)
from clinic.embedded.simulator.notices import announce_payment
from clinic.embedded.simulator.state import FaultKind, SimulatorState


@dataclass(frozen=True, kw_only=True)
class OrderRequest:
    """A checked request to create an order; the fingerprint covers its whole body."""

    channel: str
    out_trade_no: str
    description: str
    attach: str
    total_fen: int
    openid: str
    notify_url: str
    expires_at: datetime | None
    fingerprint: str
    signed_by: SignedBy
    gateway: Gateway = Gateway.WECHAT_V3
    return_url: str = ""
    sign_type: str = ""


def create(state: SimulatorState, request: OrderRequest) -> Order:
    """Return the new order, or the open one made by the very same request before."""
    with state.change():
        known = state.store.get(Order, request.out_trade_no)
        if known is not None:
            return _repeated(_fresh(state, known), request)
        if request.expires_at is not None and request.expires_at <= state.now():
            raise GatewayRefusal(400, "PARAM_ERROR", "time_expire 已过期")
        token = secrets.token_urlsafe(9).replace("-", "x").replace("_", "y")
        stamp = state.now().astimezone(GATEWAY_ZONE).strftime("%d%H%M%S")
        order = Order(
            **vars(request),
            token=token,
            prepay_id=f"wx{stamp}{secrets.token_hex(13)}",
            created_at=state.now(),
        )
        state.store.save(order)
        return order


def _repeated(order: Order, request: OrderRequest) -> Order:
    if order.fingerprint != request.fingerprint:
        raise GatewayRefusal(403, "OUT_TRADE_NO_USED", "商户订单号重复")
    _refuse_unless_open(order)
    return order


def _refuse_unless_open(order: Order) -> None:
    if order.state in PAID_STATES:
        raise GatewayRefusal(400, "ORDERPAID", "该订单已支付")
    if order.state not in OPEN_STATES:
        raise GatewayRefusal(400, "ORDER_CLOSED", "订单已关闭")


def _fresh(state: SimulatorState, order: Order) -> Order:
    """Return the order as of now: an unpaid one past its end is closed."""
    is_over = order.expires_at is not None and order.expires_at <= state.now()
    if order.state in OPEN_STATES and is_over:
        order = replace(order, state=OrderState.CLOSED)
        state.store.save(order)
    return order


def by_number(state: SimulatorState, out_trade_no: str) -> Order:
    """Return the order of the merchant's number."""
    with state.store.change():
        found = state.store.get(Order, out_trade_no)
        if found is None:
            raise GatewayRefusal(404, "ORDER_NOT_EXIST", "订单不存在")
        return _fresh(state, found)


def of_wechat(state: SimulatorState, out_trade_no: str) -> Order:
    """Return an order of either version of WeChat Pay: they share their numbers."""
    order = by_number(state, out_trade_no)
    if order.gateway is Gateway.ALIPAY:
        raise GatewayRefusal(404, "ORDER_NOT_EXIST", "订单不存在")
    return order


def of_alipay(state: SimulatorState, out_trade_no: str) -> Order:
    """Return a trade of Alipay; it exists only once somebody scanned it or logged in."""
    order = by_number(state, out_trade_no)
    if order.gateway is not Gateway.ALIPAY or not order.is_scanned:
        raise GatewayRefusal(404, "ORDER_NOT_EXIST", "交易不存在")
    return order


def by_transaction(state: SimulatorState, transaction_id: str) -> Order:
    """Return the paid order of the gateway's number."""
    found = state.store.find(Order, "transaction_id = ? AND transaction_id != ''", [transaction_id])
    if not found:
        raise GatewayRefusal(404, "ORDER_NOT_EXIST", "订单不存在")
    return found[0]


def by_token(state: SimulatorState, token: str) -> Order:
    """Return the order of a payment address or a prepay id."""
    found = state.store.find(Order, "token = ? OR prepay_id = ?", [token, token])
    if not found:
        raise GatewayRefusal(404, "ORDER_NOT_EXIST", "订单不存在")
    return by_number(state, found[0].out_trade_no)


def recent(state: SimulatorState, limit: int = 50) -> list[Order]:
    """Return the newest orders first."""
    found = state.store.find(Order, "1=1 ORDER BY created_at DESC LIMIT ?", [limit])
    with state.store.change():
        return [_fresh(state, order) for order in found]


def scan(state: SimulatorState, out_trade_no: str) -> Order:
    """The payer scans the code or logs in: at Alipay this makes the trade."""
    with state.change():
        order = by_number(state, out_trade_no)
        _refuse_unless_open(order)
        return _scanned(state, order)


def _scanned(state: SimulatorState, order: Order) -> Order:
    if order.is_scanned:
        return order
    number = order.transaction_id
    if order.gateway is Gateway.ALIPAY:
        number = _gateway_number(state, "", 28)
    order = replace(order, is_scanned=True, transaction_id=number)
    state.store.save(order)
    return order


def finish(state: SimulatorState, out_trade_no: str) -> Order:
    """End the time in which a paid trade of Alipay can be refunded."""
    with state.change():
        order = by_number(state, out_trade_no)
        if order.gateway is not Gateway.ALIPAY or order.state not in PAID_STATES:
            raise GatewayRefusal(400, "INVALID_REQUEST", "交易状态不合法")
        order = replace(order, state=OrderState.FINISHED)
        state.store.save(order)
        announce_payment(state, order, payment_resource(state, order))
        return order


def pay(state: SimulatorState, out_trade_no: str) -> Order:
    """Take the money of an open order and announce it."""
    with state.change():
        order = by_number(state, out_trade_no)
        _refuse_unless_open(order)
        return _paid(state, order)


def pay_late(state: SimulatorState, out_trade_no: str) -> Order:
    """Take the money even if the order is closed: the race every gateway has."""
    with state.change():
        order = by_number(state, out_trade_no)
        if order.state in PAID_STATES:
            raise GatewayRefusal(400, "ORDERPAID", "该订单已支付")
        return _paid(state, order)


def _paid(state: SimulatorState, order: Order) -> Order:
    order = _scanned(state, order)
    order = replace(
        order,
        state=OrderState.SUCCESS,
        transaction_id=order.transaction_id or _gateway_number(state, "4200", 28),
        paid_at=state.now(),
        pay_at=None,
        openid=order.openid or facts.SIMULATED_OPENID,
    )
    state.store.save(order)
    announce_payment(state, order, payment_resource(state, order))
    return order


def decline(state: SimulatorState, out_trade_no: str) -> Order:
    """The payer's bank says no; the order can still be paid or closed."""
    with state.change():
        order = by_number(state, out_trade_no)
        _refuse_unless_open(order)
        order = replace(order, state=OrderState.PAYERROR)
        state.store.save(order)
        return order


def expire(state: SimulatorState, out_trade_no: str) -> Order:
    """End an unpaid order now."""
    with state.change():
        order = by_number(state, out_trade_no)
        _refuse_unless_open(order)
        order = replace(order, state=OrderState.CLOSED, expires_at=state.now())
        state.store.save(order)
        return order


def close(state: SimulatorState, out_trade_no: str) -> Order:
    """Close an order for its merchant. Closing twice is harmless."""
    with state.change():
        order = by_number(state, out_trade_no)
        if order.state is OrderState.CLOSED:
            return order
        _refuse_unless_open(order)
        min_age = timedelta(seconds=state.setting("min_close_age_seconds"))
        if state.now() - order.created_at < min_age:
            raise GatewayRefusal(400, "INVALID_REQUEST", "下单后5分钟内不可关单")
        pay_at = None
        if state.take_fault(FaultKind.PAY_AFTER_CLOSE, out_trade_no):
            pay_at = state.later(facts.PAY_AFTER_CLOSE_SECONDS)
        order = replace(order, state=OrderState.CLOSED, pay_at=pay_at)
        state.store.save(order)
        if order.gateway is Gateway.ALIPAY:  # it alone tells of closed trades
            announce_payment(state, order, payment_resource(state, order))
        return order


def pay_scheduled(state: SimulatorState) -> None:
    """Pay the closed orders whose late money is due."""
    due = state.store.find(Order, "pay_at IS NOT NULL AND pay_at <= ?", [state.now()])
    for order in due:
        with state.change():
            _paid(state, order)


def payment_address(order: Order) -> str:
    """Return what the payer's QR code says."""
    if order.gateway is Gateway.ALIPAY:
        return f"https://qr.alipay.com/{order.token}"
    return f"weixin://wxpay/bizpayurl?pr={order.token}"


def _gateway_number(state: SimulatorState, prefix: str, length: int) -> str:
    day = state.now().astimezone(GATEWAY_ZONE).strftime("%Y%m%d")
    digits = length - len(prefix) - len(day)
    return f"{prefix}{day}{secrets.randbelow(10**digits):0{digits}d}"


def new_refund_id(state: SimulatorState) -> str:
    """Return a fresh refund number of the gateway."""
    return _gateway_number(state, "5030", 29)
