"""Notifications and signed answers of Alipay, true or spoiled in one way."""

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from clinic.adapters.alipay.reading import wire_time
from clinic.embedded.simulator.crypto import foreign_private_key, private_key, sign_message
from clinic.embedded.simulator.model import Notification
from clinic.embedded.simulator.state import FaultKind, SimulatorState

_FORGED = frozenset({FaultKind.FOREIGN_KEY, FaultKind.UNKNOWN_SERIAL, FaultKind.SIGNTEST})
_SPOILED_FIELDS = {
    FaultKind.WRONG_AMOUNT: {"total_amount": "98765.43"},
    FaultKind.WRONG_APPID: {"app_id": "2021000000000bad"},
    FaultKind.WRONG_MCHID: {"seller_id": "2088000000000bad"},
}


def encode(
    state: SimulatorState, notification: Notification, spoiled: FaultKind | None
) -> tuple[dict[str, str], bytes]:
    """Return headers and body of one try."""
    moment = state.now()
    if spoiled is FaultKind.STALE:
        moment -= timedelta(days=1)
    elif spoiled is FaultKind.FUTURE:
        moment += timedelta(hours=1)
    fields = {
        **json.loads(notification.resource),
        "notify_id": notification.id,
        "notify_type": "trade_status_sync",
        "notify_time": wire_time(moment),
        "charset": "utf-8",
        "version": "1.0",
        **_SPOILED_FIELDS.get(spoiled or FaultKind.DROP, {}),
    }
    signature = sign(state, plain_text(fields), is_forged=spoiled in _FORGED)
    body = urlencode(fields | {"sign_type": "RSA2", "sign": signature}).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "User-Agent": "Mozilla/4.0",
    }
    return headers, body


def plain_text(fields: Mapping[str, str]) -> str:
    """Return what is signed of the fields: sorted, without empty ones, undecorated."""
    pairs = [f"{name}={value}" for name, value in sorted(fields.items()) if value != ""]
    return "&".join(pairs)


def sign(state: SimulatorState, text: str, *, is_forged: bool = False) -> str:
    """Return the gateway's signature of a text."""
    known = private_key(state.keys.alipay_private_key_pem)
    key = foreign_private_key() if is_forged else known
    return sign_message(key, text.encode())
