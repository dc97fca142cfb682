"""The merchant's accounts at the gateways: what moved in them, what is left, what was paid out."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from clinic.embedded.simulator.bills import (
    ALIPAY,
    WECHAT,
    Movement,
    movements,
    movements_between,
    start_of,
)
from clinic.embedded.simulator.model import GatewayRefusal, Payout
from clinic.embedded.simulator.state import FaultKind, SimulatorState

HOUSES = {"wechat": WECHAT, "alipay": ALIPAY}
ODD_FEN = 100
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One movement of an account; `kind` is payment, refund, fee, fee_back, payout or odd."""

    at: datetime
    kind: str
    amount_fen: int
    gateway_number: str
    own_number: str
    description: str
    balance_fen: int = 0


def flows(state: SimulatorState, house: str, day: date) -> list[Flow]:
    """Return what moved in an account on a day, oldest first, each with what was left after it."""
    start = start_of(day)
    found = [flow for move in movements(state, HOUSES[house], day) for flow in _flows_of(move)]
    found += [_paid_out(item) for item in _payouts(state, house, start, start + timedelta(days=1))]
    if found and FaultKind.BILL_ODD_MOVEMENT in {fault.kind for fault in state.faults()}:
        found.append(_odd(day))
    left, counted = balance(state, house, until=start), []
    for flow in sorted(found, key=lambda item: item.at):
        left += flow.amount_fen
        counted.append(replace(flow, balance_fen=left))
    return counted


def balance(state: SimulatorState, house: str, *, until: datetime | None = None) -> int:
    """Return what is in an account, or was before a moment."""
    end = until or state.now() + timedelta(days=1)
    moved = movements_between(state, HOUSES[house], _BEGINNING, end)
    came = sum(flow.amount_fen for move in moved for flow in _flows_of(move))
    return came - sum(item.amount_fen for item in _payouts(state, house, _BEGINNING, end))


def pay_out(state: SimulatorState, house: str, amount_fen: int = 0) -> Payout:
    """Send money of an account to the merchant's bank; nought means all of it."""
    with state.change():
        left = balance(state, house)
        amount = amount_fen or left
        if not 0 < amount <= left:
            raise GatewayRefusal(400, "NOT_ENOUGH", "There is nothing to pay out.")
        item = Payout(
            id=f"PO{secrets.token_hex(12)}", house=house, amount_fen=amount, at=state.now()
        )
        state.store.save(item)
    return item


def _payouts(state: SimulatorState, house: str, start: datetime, end: datetime) -> list[Payout]:
    return state.store.find(Payout, "house = ? AND at >= ? AND at < ?", [house, start, end])


def _flows_of(move: Movement) -> Iterator[Flow]:
    order, refund = move.order, move.refund
    sign = -1 if refund else 1
    flow = Flow(
        at=move.at,
        kind="refund" if refund else "payment",
        amount_fen=sign * move.amount_fen,
        gateway_number=refund.refund_id if refund else order.transaction_id,
        own_number=refund.out_refund_no if refund else order.out_trade_no,
        description=order.description,
    )
    yield flow
    if move.fee_fen:
        yield replace(flow, kind="fee_back" if refund else "fee", amount_fen=-sign * move.fee_fen)


def _paid_out(item: Payout) -> Flow:
    return Flow(
        at=item.at,
        kind="payout",
        amount_fen=-item.amount_fen,
        gateway_number=item.id,
        own_number=item.id,
        description="",
    )


def _odd(day: date) -> Flow:
    return Flow(
        at=start_of(day) + timedelta(hours=1),
        kind="odd",
        amount_fen=-ODD_FEN,
        gateway_number=f"ODD{day:%Y%m%d}",
        own_number="",
        description="",
    )
