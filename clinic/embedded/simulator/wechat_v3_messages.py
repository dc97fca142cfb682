"""Notifications and signatures of WeChat Pay APIv3, true or spoiled in one way."""

import json
import secrets
from datetime import datetime, timedelta

from clinic.embedded.simulator import platform
from clinic.embedded.simulator.crypto import (
    compact,
    foreign_private_key,
    private_key,
    seal,
    sign_message,
)
from clinic.embedded.simulator.model import Notification, SignedBy
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import wire_time

PROBE = "WECHATPAY/SIGNTEST/"
_FORGED = frozenset({FaultKind.FOREIGN_KEY, FaultKind.FORGED_ANSWER, FaultKind.UNKNOWN_SERIAL})
_FOREIGN_SERIAL = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
_OTHER = {
    SignedBy.PUBLIC_KEY: SignedBy.CERTIFICATE,
    SignedBy.CERTIFICATE: SignedBy.PUBLIC_KEY,
}


def encode(
    state: SimulatorState, notification: Notification, spoiled: FaultKind | None
) -> tuple[dict[str, str], bytes]:
    """Return headers and body of one try."""
    family = "transaction" if notification.event_type.startswith("TRANSACTION") else "refund"
    resource = seal(state.keys.apiv3_key, _resource(notification, spoiled), family)
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
    signed_by = notification.signed_by
    if spoiled is FaultKind.OTHER_KEY:
        signed_by = _OTHER[signed_by]
    headers = {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0"}
    return headers | signed_headers(state, body, signed_by, spoiled), body


def _resource(notification: Notification, spoiled: FaultKind | None) -> str:
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
    signer = platform.current(state, signed_by)
    stamp = str(int(_signing_moment(state, spoiled).timestamp()))
    nonce = secrets.token_hex(16)
    key = foreign_private_key() if spoiled in _FORGED else private_key(signer.private_pem)
    signature = sign_message(key, f"{stamp}\n{nonce}\n".encode() + body + b"\n")
    if spoiled in {FaultKind.SIGNTEST, FaultKind.SIGNTEST_ANSWER}:
        signature = PROBE + signature[len(PROBE) :]
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": _FOREIGN_SERIAL if spoiled is FaultKind.UNKNOWN_SERIAL else signer.id,
        "Wechatpay-Signature": signature,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def _signing_moment(state: SimulatorState, spoiled: FaultKind | None) -> datetime:
    if spoiled in {FaultKind.STALE, FaultKind.STALE_ANSWER}:
        return state.now() - timedelta(days=1)
    if spoiled in {FaultKind.FUTURE, FaultKind.FUTURE_ANSWER}:
        return state.now() + timedelta(hours=1)
    return state.now()
