"""A day's payments and refunds, from which every bill is made, and the addresses of bills."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from clinic.adapters.wechatpay.facts import GATEWAY_ZONE
from clinic.embedded.simulator.model import Gateway, GatewayRefusal, Order, Refund, RefundState
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import Request

READY_HOUR = 10
KEPT_DAYS = 93
ALIPAY_LINK_SECONDS = 30
WECHAT = frozenset({Gateway.WECHAT_V3, Gateway.WECHAT_V2})
ALIPAY = frozenset({Gateway.ALIPAY})


@dataclass(frozen=True, kw_only=True)
class Movement:
    """Money that came (no refund) or went back, with the fee taken or returned."""

    at: datetime
    order: Order
    refund: Refund | None
    amount_fen: int
    fee_fen: int


def movements(state: SimulatorState, gateways: frozenset[Gateway], day: date) -> list[Movement]:
    """Return the movements of a day of the gateway's zone, oldest first, with faults at work."""
    found = sorted(_true_movements(state, gateways, day), key=lambda move: move.at)
    # Not counted down: a bill is read twice, for its hash and for its file.
    faults = {fault.kind for fault in state.faults()}
    if found and FaultKind.BILL_LINE_MISSING in faults:
        found.pop()
    if found and FaultKind.BILL_WRONG_AMOUNT in faults:
        found[0] = replace(found[0], amount_fen=found[0].amount_fen + 1)
    return found


def _true_movements(
    state: SimulatorState, gateways: frozenset[Gateway], day: date
) -> Iterator[Movement]:
    start = start_of(day)
    yield from movements_between(state, gateways, start, start + timedelta(days=1))


def start_of(day: date) -> datetime:
    """Return the first moment of a day in the gateway's zone."""
    return datetime.combine(day, time(), GATEWAY_ZONE).astimezone(UTC)


def movements_between(
    state: SimulatorState, gateways: frozenset[Gateway], start: datetime, end: datetime
) -> Iterator[Movement]:
    """Yield what came and went back in a time, in no order."""
    within = [start, end]
    points = state.setting("fee_basis_points")
    for order in state.store.find(Order, "paid_at >= ? AND paid_at < ?", within):
        if order.gateway in gateways and order.paid_at is not None:
            fee = _fee(order.total_fen, points)
            yield Movement(
                at=order.paid_at, order=order, refund=None, amount_fen=order.total_fen, fee_fen=fee
            )
    settled = "success_at >= ? AND success_at < ? AND state = ?"
    for refund in state.store.find(Refund, settled, [*within, RefundState.SUCCESS]):
        order_found = state.store.get(Order, refund.out_trade_no)
        if order_found and order_found.gateway in gateways and refund.success_at is not None:
            yield Movement(
                at=refund.success_at,
                order=order_found,
                refund=refund,
                amount_fen=refund.amount_fen,
                fee_fen=_fee(refund.amount_fen, points),
            )


def _fee(fen: int, basis_points: int) -> int:
    return (fen * basis_points + 5000) // 10_000


def bill_day(state: SimulatorState, value: str) -> date:
    """Return the day of a bill that is ready; refuses other days in the words of WeChat Pay."""
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise GatewayRefusal(400, "PARAM_ERROR", "bill_date") from error
    ready_at = datetime.combine(day + timedelta(days=1), time(READY_HOUR), GATEWAY_ZONE)
    is_early = state.now() < ready_at and not state.setting("bills_of_today")
    if is_early or state.take_fault(FaultKind.BILL_NOT_READY, "*", "bill"):
        raise GatewayRefusal(400, "STATEMENT_CREATING", "账单生成中")
    if state.now() - ready_at > timedelta(days=KEPT_DAYS):
        raise GatewayRefusal(400, "INVALID_REQUEST", "仅支持三个月内的账单")
    return day


def link(state: SimulatorState, path: str, **values: str) -> str:
    """Return an address that only this gateway can have made."""
    query = urlencode(values)
    return f"{path}?{query}&token={_token(state, path, query)}"


def check_link(state: SimulatorState, request: Request) -> dict[str, str]:
    """Return the values in an address, or refuse it."""
    query, _, token = request.query.rpartition("&token=")
    expected = _token(state, request.path, query)
    if not hmac.compare_digest(token.encode(), expected.encode()):
        raise GatewayRefusal(403, "NO_AUTH", "token")
    return request.parameters


def _token(state: SimulatorState, path: str, query: str) -> str:
    key = state.keys.control_token.encode()
    return hmac.new(key, f"bill:{path}?{query}".encode(), hashlib.sha256).hexdigest()


def alipay_path(state: SimulatorState, kind: str, day: date, *, is_empty: bool) -> str:
    """Return the path of a bill of Alipay; it is good for half a minute."""
    if is_empty:
        raise GatewayRefusal(40004, "isp.bill_not_exist", "账单不存在")
    until = state.now() + timedelta(seconds=ALIPAY_LINK_SECONDS)
    stamp = str(int(until.timestamp()))
    return link(state, "/alipay-bill", kind=kind, day=day.isoformat(), until=stamp)
