"""Orders that wait for money and the genuine messages that pay them, signed by the simulator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings

from bench import seed
from clinic.core.clock import now
from clinic.core.ids import random_code, random_digits, uuid7
from clinic.embedded.simulator.crypto import compact
from clinic.embedded.simulator.model import Notification, SignedBy
from clinic.embedded.simulator.state import SimulatorState
from clinic.embedded.simulator.store import Store
from clinic.embedded.simulator.wechat_v3_messages import encode
from clinic.embedded.simulator.wire import wire_time
from payments.enums import AttemptStatus, Channel, Provider
from payments.models import MerchantConfig, PaymentAttempt, PaymentOrder
from payments.services.merchants import ensure_embedded_merchant

AMOUNT_FEN = 2900
SUBJECT = "bench"  # no room above listens to it


@dataclass(frozen=True, slots=True)
class Message:
    """One notification as it comes over the wire; header names are lower case."""

    headers: dict[str, str]
    body: bytes


def orders(payer_id: int, count: int) -> list[PaymentOrder]:
    """Store orders that nobody has paid."""
    expires_at = now() + timedelta(hours=1)
    rows = [
        PaymentOrder(
            number=f"B{random_digits(20)}",
            payer_id=payer_id,
            subject_kind=SUBJECT,
            subject_public_id=uuid7(),
            title="bench",
            amount_fen=AMOUNT_FEN,
            expires_at=expires_at,
        )
        for _ in range(count)
    ]
    return PaymentOrder.objects.bulk_create(rows, seed.BATCH)


def attempts(found: Sequence[PaymentOrder]) -> list[PaymentAttempt]:
    """Store for each order an attempt that the gateway took."""
    merchant = ensure_embedded_merchant()
    rows = [
        PaymentAttempt(
            order=order,
            provider=Provider.WECHAT_V3,
            channel=Channel.NATIVE,
            merchant=merchant,
            out_trade_no=f"XC{random_code(26)}",
            amount_fen=order.amount_fen,
            status=AttemptStatus.SUBMITTED,
            time_expire=order.expires_at,
        )
        for order in found
    ]
    return PaymentAttempt.objects.bulk_create(rows, seed.BATCH)


def messages(paid: Sequence[PaymentAttempt]) -> list[Message]:
    """Return what the gateway sends when these attempts are paid, signed just now."""
    state = SimulatorState(settings.GATEWAY_KEYS, Store(":memory:"))
    return [_message(state, attempt) for attempt in paid]


def request_text(merchant: MerchantConfig, message: Message, port: int) -> str:
    """Return the HTTP request that brings a message."""
    path = f"/api/v1/payments/callbacks/wechat_v3/{merchant.public_id}/"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in message.headers.items())
    return f"{head}Content-Length: {len(message.body)}\r\n\r\n{message.body.decode()}"


def _message(state: SimulatorState, attempt: PaymentAttempt) -> Message:
    moment = state.now()
    notice = Notification(
        id=uuid4().hex,
        event_type="TRANSACTION.SUCCESS",
        out_trade_no=attempt.out_trade_no,
        number=attempt.out_trade_no,
        url="",
        resource=compact(_transaction(state, attempt)),
        summary="支付成功",
        signed_by=SignedBy.PUBLIC_KEY,
        created_at=moment,
        next_at=moment,
    )
    headers, body = encode(state, notice, None)
    return Message({name.lower(): value for name, value in headers.items()}, body)


def _transaction(state: SimulatorState, attempt: PaymentAttempt) -> dict[str, object]:
    total = attempt.amount_fen
    return {
        "appid": state.keys.appid,
        "mchid": state.keys.mchid,
        "out_trade_no": attempt.out_trade_no,
        "transaction_id": f"42{random_digits(26)}",
        "trade_type": "NATIVE",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "OTHERS",
        "attach": "",
        "success_time": wire_time(state.now()),
        "payer": {"openid": "oBench0001"},
        "amount": {
            "total": total,
            "payer_total": total,
            "currency": "CNY",
            "payer_currency": "CNY",
        },
    }
