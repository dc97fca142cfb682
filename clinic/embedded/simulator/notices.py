"""What the gateway tells the merchant: made, kept, retried on the real schedule, or spoiled."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from clinic.adapters.alipay.facts import RETRY_SECONDS as ALIPAY_RETRY_SECONDS
from clinic.adapters.wechatpay.facts import ACKNOWLEDGED, RETRY_SECONDS
from clinic.embedded.simulator import calls, facts, wechat_v3_messages
from clinic.embedded.simulator.alipay import messages as alipay_messages
from clinic.embedded.simulator.crypto import compact
from clinic.embedded.simulator.model import (
    Attempt,
    Gateway,
    NoticeState,
    Notification,
    Order,
    OrderState,
    Refund,
    SignedBy,
)
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wechat_v2 import messages as wechat_v2_messages
from clinic.embedded.simulator.wechat_v3_messages import signed_headers

_OK = 200
__all__ = ["signed_headers"]

Encoder = Callable[[SimulatorState, Notification, FaultKind | None], tuple[dict[str, str], bytes]]

_ENCODERS: dict[Gateway, Encoder] = {
    Gateway.WECHAT_V3: wechat_v3_messages.encode,
    Gateway.WECHAT_V2: wechat_v2_messages.encode,
    Gateway.ALIPAY: alipay_messages.encode,
    Gateway.ALIYUN_CALLS: calls.encode,
}

# The faults of one try, in the order in which they are looked for.
_SPOILERS = (
    FaultKind.DROP,
    FaultKind.WRONG_AMOUNT,
    FaultKind.WRONG_APPID,
    FaultKind.WRONG_MCHID,
    FaultKind.FOREIGN_KEY,
    FaultKind.UNKNOWN_SERIAL,
    FaultKind.SIGNTEST,
    FaultKind.OTHER_KEY,
    FaultKind.STALE,
    FaultKind.FUTURE,
)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One try, ready to be sent; `spoiled` names the fault in it."""

    notification_id: str
    url: str
    headers: dict[str, str]
    body: bytes
    spoiled: FaultKind | None


def announce_payment(
    state: SimulatorState, order: Order, resource: dict[str, object]
) -> Notification:
    """Queue the news that an order was paid."""
    return _queue(
        state,
        Notification(
            id=secrets.token_hex(16),
            gateway=order.gateway,
            sign_type=order.sign_type,
            event_type=_event_of(order),
            out_trade_no=order.out_trade_no,
            number=order.out_trade_no,
            url=order.notify_url,
            resource=compact(resource),
            summary="支付成功",
            signed_by=order.signed_by,
            created_at=state.now(),
            next_at=state.now(),
        ),
    )


def announce_refund(
    state: SimulatorState, order: Order, refund: Refund, resource: dict[str, object]
) -> Notification:
    """Queue the news that a refund ended."""
    return _queue(
        state,
        Notification(
            id=secrets.token_hex(16),
            gateway=order.gateway,
            sign_type=order.sign_type,
            event_type=f"REFUND.{refund.state}",
            out_trade_no=order.out_trade_no,
            number=refund.out_refund_no,
            url=_refund_url(order, refund),
            resource=compact(resource),
            summary="退款通知",
            signed_by=order.signed_by,
            created_at=state.now(),
            next_at=state.now(),
        ),
    )


def announce_call(
    state: SimulatorState, sub_id: str, report: dict[str, object], url: str
) -> Notification:
    """Queue the report of a call on a binding."""
    with state.change():
        return _queue(
            state,
            Notification(
                id=secrets.token_hex(16),
                gateway=Gateway.ALIYUN_CALLS,
                event_type="SecretReport",
                out_trade_no=sub_id,
                number=sub_id,
                url=url,
                resource=json.dumps([report]),
                summary="话单",
                signed_by=SignedBy.PUBLIC_KEY,
                created_at=state.now(),
                next_at=state.now(),
            ),
        )


def _event_of(order: Order) -> str:
    if order.state in {OrderState.CLOSED, OrderState.FINISHED}:
        return f"TRANSACTION.{order.state}"
    return "TRANSACTION.SUCCESS"


def _refund_url(order: Order, refund: Refund) -> str:
    if order.gateway is Gateway.ALIPAY:  # tells of refunds where it told of the payment
        return order.notify_url
    return refund.notify_url or order.notify_url


def _queue(state: SimulatorState, notification: Notification) -> Notification:
    if not notification.url:  # a refund of WeChat Pay v2 may come without an address
        return notification
    number = notification.out_trade_no
    if delay := state.take_fault(FaultKind.DELAY, number):
        notification = replace(notification, next_at=state.later(delay.value))
    if state.take_fault(FaultKind.REORDER, number):
        latest = state.later(facts.HOLD_SECONDS)
        notification = replace(notification, held=True, next_at=latest)
    state.store.save(notification)
    if more := state.take_fault(FaultKind.DUPLICATE, number):
        for _ in range(min(more.value, 100)):
            state.store.save(replace(notification, id=secrets.token_hex(16)))
    return notification


def claim_due(state: SimulatorState, limit: int = 32) -> list[Notification]:
    """Return the notifications to be sent now, leased so that nobody sends them twice."""
    with state.store.change():
        due = state.store.find(
            Notification,
            "next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, created_at LIMIT ?",
            [state.now(), limit],
        )
        for notification in due:
            lease = state.now() + facts.DELIVERY_LEASE
            state.store.save(replace(notification, next_at=lease))
        return due


def prepare(state: SimulatorState, notification: Notification) -> Outgoing:
    """Return the signed and encrypted request of one try; each try is signed afresh."""
    spoiled = next(
        (kind for kind in _SPOILERS if state.take_fault(kind, notification.out_trade_no)), None
    )
    headers, body = _ENCODERS[notification.gateway](state, notification, spoiled)
    return Outgoing(
        notification_id=notification.id,
        url=notification.url,
        headers=headers,
        body=body,
        spoiled=spoiled,
    )


def record(
    state: SimulatorState, outgoing: Outgoing, *, status: int, note: str, body: bytes = b""
) -> None:
    """Keep the answer of a try and plan the next one; the attempt frees those held back."""
    with state.change():
        notification = state.store.get(Notification, outgoing.notification_id)
        if notification is None:  # reset in between
            return
        number = notification.attempts + 1
        state.store.save(
            Attempt(
                id=f"{notification.id}:{number}",
                notification_id=notification.id,
                number=number,
                at=state.now(),
                status=status,
                note=note,
            )
        )
        is_heard = _is_acknowledged(notification.gateway, status, body)
        notification = replace(notification, attempts=number)
        state.store.save(_after_attempt(state, notification, is_heard=is_heard))
        _free_held(state, notification)


def _is_acknowledged(gateway: Gateway, status: int, body: bytes) -> bool:
    """Return whether the answer means heard; each protocol has its own word for it."""
    if gateway is Gateway.WECHAT_V3:
        return status in ACKNOWLEDGED
    if gateway is Gateway.ALIYUN_CALLS:
        return status == _OK and calls.is_heard(body)
    if gateway is Gateway.ALIPAY:
        return status == _OK and body == b"success"
    return status == _OK and wechat_v2_messages.is_acknowledgement(body)


def _after_attempt(
    state: SimulatorState, notification: Notification, *, is_heard: bool
) -> Notification:
    if is_heard:
        return replace(notification, state=NoticeState.DELIVERED, next_at=None, held=False)
    waits = ALIPAY_RETRY_SECONDS if notification.gateway is Gateway.ALIPAY else RETRY_SECONDS
    if notification.attempts > len(waits):
        return replace(notification, state=NoticeState.GIVEN_UP, next_at=None, held=False)
    wait = waits[notification.attempts - 1]
    return replace(notification, next_at=state.later(wait), held=False)


def _free_held(state: SimulatorState, sent: Notification) -> None:
    for held in state.store.find(Notification, "held = 1 AND id != ?", [sent.id]):
        state.store.save(replace(held, held=False, next_at=state.now()))


def resend(state: SimulatorState, notification_id: str) -> bool:
    """Begin a notification anew; return whether it exists."""
    with state.change():
        found = state.store.get(Notification, notification_id)
        if found is None:
            return False
        state.store.save(replace(found, state=NoticeState.WAITING, next_at=state.now()))
        return True


def recent(state: SimulatorState, limit: int = 50) -> list[Notification]:
    """Return the newest notifications first."""
    return state.store.find(Notification, "1=1 ORDER BY created_at DESC LIMIT ?", [limit])


def of_order(state: SimulatorState, out_trade_no: str) -> list[Notification]:
    """Return an order's notifications, oldest first."""
    return state.store.find(Notification, "out_trade_no = ? ORDER BY created_at", [out_trade_no])


def attempts_of(state: SimulatorState, notification_id: str) -> list[Attempt]:
    """Return the tries of one notification in order."""
    return state.store.find(Attempt, "notification_id = ? ORDER BY number", [notification_id])


def rescale(state: SimulatorState, old_factor: int, new_factor: int) -> None:
    """Shorten or stretch the waits already running after a change of the time factor."""
    now = state.now()
    with state.change():
        waiting = state.store.find(Notification, "next_at IS NOT NULL AND next_at > ?", [now])
        for notification in waiting:
            if notification.next_at is not None:
                left = (notification.next_at - now) * old_factor / new_factor
                state.store.save(replace(notification, next_at=now + left))
