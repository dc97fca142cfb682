"""Rules of refunds at the gateway: ask once per number, settle later, announce."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from clinic.adapters.wechatpay.facts import MAX_PARTIAL_REFUNDS, REFUND_DAYS
from clinic.embedded.simulator import orders
from clinic.embedded.simulator.documents import refund_resource
from clinic.embedded.simulator.model import (
    PAID_STATES,
    Gateway,
    GatewayRefusal,
    Order,
    OrderState,
    Refund,
    RefundState,
)
from clinic.embedded.simulator.notices import announce_refund
from clinic.embedded.simulator.state import FaultKind, SimulatorState


@dataclass(frozen=True, kw_only=True)
class RefundRequest:
    """A checked request to refund; the fingerprint covers its whole body."""

    out_trade_no: str
    out_refund_no: str
    amount_fen: int
    total_fen: int
    reason: str
    notify_url: str
    fingerprint: str


def ask(state: SimulatorState, request: RefundRequest) -> Refund:
    """Return the accepted refund; the same number with the same body returns the first one."""
    with state.change():
        known = state.store.get(Refund, request.out_refund_no)
        if known is not None:
            if known.fingerprint != request.fingerprint:
                raise _invalid("退款单号已使用,参数与首次请求不一致")
            return known
        order = orders.by_number(state, request.out_trade_no)
        _check(state, order, request)
        return _accept(state, order, request)


def _check(state: SimulatorState, order: Order, request: RefundRequest) -> None:
    is_refundable = order.state in PAID_STATES and order.state is not OrderState.FINISHED
    if not is_refundable or order.paid_at is None:
        raise _invalid("订单未支付")
    if state.now() - order.paid_at > timedelta(days=REFUND_DAYS):
        raise _invalid("订单已超过可退款的最大期限")
    if request.amount_fen < 1 or request.total_fen != order.total_fen:
        raise _invalid("订单金额与原订单不一致")
    earlier = of_order(state, order.out_trade_no)
    if request.amount_fen > left(state, order):
        raise _invalid("退款金额大于可退余额")
    if len(earlier) >= MAX_PARTIAL_REFUNDS:
        raise _invalid("退款次数超过上限")
    spacing = timedelta(seconds=state.setting("refund_spacing_seconds"))
    if any(state.now() - refund.created_at < spacing for refund in earlier):
        raise GatewayRefusal(429, "FREQUENCY_LIMITED", "同一订单退款过于频繁")


def _taken(state: SimulatorState, out_trade_no: str) -> int:
    earlier = of_order(state, out_trade_no)
    return sum(refund.amount_fen for refund in earlier if refund.state is not RefundState.CLOSED)


def left(state: SimulatorState, order: Order) -> int:
    """Return what can still be refunded of an order, in fen."""
    return order.total_fen - _taken(state, order.out_trade_no)


def _accept(state: SimulatorState, order: Order, request: RefundRequest) -> Refund:
    refund = Refund(
        **vars(request),
        refund_id=orders.new_refund_id(state),
        created_at=state.now(),
        settles_at=state.later(state.setting("refund_delay_seconds")),
        settles_as=_destiny(state, order.out_trade_no),
    )
    state.store.save(refund)
    state.store.save(replace(order, state=OrderState.REFUND))
    if order.gateway is Gateway.ALIPAY and refund.settles_as is RefundState.SUCCESS:
        return _at_once(state, refund)
    return refund


def _at_once(state: SimulatorState, refund: Refund) -> Refund:
    """Alipay mostly moves the money within the call."""
    if state.take_fault(FaultKind.REFUND_SLOW, refund.out_trade_no):
        return refund
    return settle(state, refund.out_refund_no, RefundState.SUCCESS)


def _destiny(state: SimulatorState, out_trade_no: str) -> RefundState:
    if state.take_fault(FaultKind.REFUND_ABNORMAL, out_trade_no):
        return RefundState.ABNORMAL
    if state.take_fault(FaultKind.REFUND_CLOSED, out_trade_no):
        return RefundState.CLOSED
    return RefundState.SUCCESS


def refund_outside(state: SimulatorState, out_trade_no: str, amount_fen: int) -> Refund:
    """Refund on the gateway's own pages, without the merchant asking."""
    order = orders.by_number(state, out_trade_no)
    number = f"EXT{secrets.token_hex(8)}"
    request = RefundRequest(
        out_trade_no=out_trade_no,
        out_refund_no=number,
        amount_fen=amount_fen,
        total_fen=order.total_fen,
        reason="商户平台退款",
        notify_url=order.notify_url,
        fingerprint=number,
    )
    return ask(state, request)


def refund_rest(state: SimulatorState, out_trade_no: str) -> Refund:
    """Refund outside all that is left of an order."""
    order = orders.by_number(state, out_trade_no)
    return refund_outside(state, out_trade_no, left(state, order))


def by_number(state: SimulatorState, out_refund_no: str) -> Refund:
    """Return the refund of the merchant's number."""
    found = state.store.get(Refund, out_refund_no)
    if found is None:
        raise GatewayRefusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return found


def of_order(state: SimulatorState, out_trade_no: str) -> list[Refund]:
    """Return an order's refunds, oldest first."""
    return state.store.find(Refund, "out_trade_no = ? ORDER BY created_at", [out_trade_no])


def recent(state: SimulatorState, limit: int = 50) -> list[Refund]:
    """Return the newest refunds first."""
    return state.store.find(Refund, "1=1 ORDER BY created_at DESC LIMIT ?", [limit])


def settle(state: SimulatorState, out_refund_no: str, outcome: RefundState) -> Refund:
    """End a refund and announce it. ABNORMAL may still become SUCCESS or CLOSED."""
    with state.change():
        refund = by_number(state, out_refund_no)
        is_open = refund.state in {RefundState.PROCESSING, RefundState.ABNORMAL}
        if not is_open or outcome in {refund.state, RefundState.PROCESSING}:
            raise _invalid(f"{refund.state} → {outcome}")
        refund = replace(
            refund,
            state=outcome,
            settles_at=None,
            success_at=state.now() if outcome is RefundState.SUCCESS else None,
        )
        state.store.save(refund)
        order = orders.by_number(state, refund.out_trade_no)
        # Alipay tells of money that went back, never of a refund that failed.
        if order.gateway is not Gateway.ALIPAY or outcome is RefundState.SUCCESS:
            announce_refund(state, order, refund, refund_resource(state, order, refund))
        return refund


def retry_abnormal(state: SimulatorState, out_refund_no: str) -> Refund:
    """Send the money of an abnormal refund another way; it settles like any other."""
    with state.change():
        refund = by_number(state, out_refund_no)
        if refund.state is not RefundState.ABNORMAL:
            raise _invalid("退款单状态不是退款异常")
        refund = replace(
            refund,
            state=RefundState.PROCESSING,
            settles_at=state.later(state.setting("refund_delay_seconds")),
            settles_as=RefundState.SUCCESS,
        )
        state.store.save(refund)
        return refund


def settle_due(state: SimulatorState) -> None:
    """End the refunds whose time has come, each once, whoever else looks at the same moment."""
    for refund in _due(state):
        with state.change():
            if by_number(state, refund.out_refund_no).settles_at is not None:
                settle(state, refund.out_refund_no, refund.settles_as)


def _due(state: SimulatorState) -> list[Refund]:
    return state.store.find(
        Refund, "settles_at IS NOT NULL AND settles_at <= ? ORDER BY settles_at", [state.now()]
    )


def _invalid(message: str) -> GatewayRefusal:
    return GatewayRefusal(400, "INVALID_REQUEST", message)
