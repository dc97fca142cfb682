"""What the gateway tells the merchant: made, kept, retried on the real schedule, or spoiled."""

import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clinic.adapters.wechatpay.facts import ACKNOWLEDGED, RETRY_SECONDS
from clinic.embedded.simulator import facts
from clinic.embedded.simulator.crypto import (
    compact,
    foreign_private_key,
    private_key,
    seal,
    sign_message,
)
from clinic.embedded.simulator.model import (
    Attempt,
    NoticeState,
    Notification,
    Order,
    Refund,
    SignedBy,
)
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import wire_time

PROBE = "WECHATPAY/SIGNTEST/"

# The faults of one try, in the order in which they are looked for.
_SPOILERS = (
    FaultKind.DROP,
    FaultKind.WRONG_AMOUNT,
    FaultKind.WRONG_APPID,
    FaultKind.WRONG_MCHID,
    FaultKind.FOREIGN_KEY,
    FaultKind.UNKNOWN_SERIAL,
    FaultKind.SIGNTEST,
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
            event_type="TRANSACTION.SUCCESS",
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
            event_type=f"REFUND.{refund.state}",
            out_trade_no=order.out_trade_no,
            number=refund.out_refund_no,
            url=refund.notify_url or order.notify_url,
            resource=compact(resource),
            summary="退款通知",
            signed_by=order.signed_by,
            created_at=state.now(),
            next_at=state.now(),
        ),
    )


def _queue(state: SimulatorState, notification: Notification) -> Notification:
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
    family = "transaction" if notification.event_type.startswith("TRANSACTION") else "refund"
    resource = seal(state.keys.apiv3_key, _spoiled_resource(notification, spoiled), family)
    body = compact(
        {
            "id": notification.id,
            "create_time": wire_time(notification.created_at),
            "event_type": notification.event_type,
            "resource_type": "encrypt-resource",
            "resource": {"original_type": family, **resource},
            "summary": notification.summary,
        }
    ).encode()
    return Outgoing(
        notification_id=notification.id,
        url=notification.url,
        headers={
            "Content-Type": "application/json",
            "User-Agent": "Mozilla/4.0",
            **signed_headers(state, body, notification.signed_by, spoiled),
        },
        body=body,
        spoiled=spoiled,
    )


def _spoiled_resource(notification: Notification, spoiled: FaultKind | None) -> str:
    resource = json.loads(notification.resource)
    if spoiled is FaultKind.WRONG_AMOUNT:
        resource["amount"]["total"] += 1
    elif spoiled is FaultKind.WRONG_APPID:
        resource["appid"] = "wx0000000000000bad"
    elif spoiled is FaultKind.WRONG_MCHID:
        resource["mchid"] = "1900000000"
    return compact(resource)


def signed_headers(
    state: SimulatorState, body: bytes, signed_by: SignedBy, spoiled: FaultKind | None = None
) -> dict[str, str]:
    """Return the five signature headers for a body, true or spoiled in one way."""
    keys = state.keys
    if signed_by is SignedBy.PUBLIC_KEY:
        serial, pem = keys.platform_key_id, keys.platform_private_key_pem
    else:
        serial, pem = keys.certificate_serial, keys.certificate_private_key_pem
    stamp = str(int(_signing_moment(state, spoiled).timestamp()))
    nonce = secrets.token_hex(16)
    key = foreign_private_key() if spoiled in _FORGED else private_key(pem)
    signature = sign_message(key, f"{stamp}\n{nonce}\n".encode() + body + b"\n")
    if spoiled in {FaultKind.SIGNTEST, FaultKind.SIGNTEST_ANSWER}:
        signature = PROBE + signature[len(PROBE) :]
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": _FOREIGN_SERIAL if spoiled is FaultKind.UNKNOWN_SERIAL else serial,
        "Wechatpay-Signature": signature,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


_FORGED = frozenset({FaultKind.FOREIGN_KEY, FaultKind.FORGED_ANSWER, FaultKind.UNKNOWN_SERIAL})
_FOREIGN_SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"


def _signing_moment(state: SimulatorState, spoiled: FaultKind | None) -> datetime:
    if spoiled in {FaultKind.STALE, FaultKind.STALE_ANSWER}:
        return state.now() - timedelta(days=1)
    if spoiled in {FaultKind.FUTURE, FaultKind.FUTURE_ANSWER}:
        return state.now() + timedelta(hours=1)
    return state.now()


def record(state: SimulatorState, outgoing: Outgoing, *, status: int, note: str) -> None:
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
        state.store.save(_after_attempt(state, replace(notification, attempts=number), status))
        _free_held(state, notification)


def _after_attempt(state: SimulatorState, notification: Notification, status: int) -> Notification:
    if status in ACKNOWLEDGED:
        return replace(notification, state=NoticeState.DELIVERED, next_at=None, held=False)
    if notification.attempts > len(RETRY_SECONDS):
        return replace(notification, state=NoticeState.GIVEN_UP, next_at=None, held=False)
    wait = RETRY_SECONDS[notification.attempts - 1]
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
