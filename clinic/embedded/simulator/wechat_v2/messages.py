"""Notifications of WeChat Pay v2: signed for payments, encrypted alone for refunds."""

import base64
import hashlib
import json
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from clinic.embedded.simulator.model import GatewayRefusal, Notification
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wechat_v2.xml import MD5, read, signature, write

FOREIGN_KEY = "0123456789abcdef0123456789abcdef"
_FORGED = frozenset({FaultKind.FOREIGN_KEY, FaultKind.UNKNOWN_SERIAL, FaultKind.SIGNTEST})
_SPOILED = {
    FaultKind.WRONG_APPID: {"appid": "wx0000000000000bad"},
    FaultKind.WRONG_MCHID: {"mch_id": "1900000000"},
}


def encode(
    state: SimulatorState, notification: Notification, spoiled: FaultKind | None
) -> tuple[dict[str, str], bytes]:
    """Return headers and body of one try."""
    values: dict[str, str] = json.loads(notification.resource)
    if spoiled is FaultKind.WRONG_AMOUNT:
        values["total_fee"] = str(int(values["total_fee"]) + 1)
    key = FOREIGN_KEY if spoiled in _FORGED else state.keys.api_v2_key
    if notification.event_type.startswith("REFUND"):
        values = _sealed(state, values, key)
    values |= _SPOILED.get(spoiled or FaultKind.DROP, {})
    if not notification.event_type.startswith("REFUND"):
        values["sign"] = signature(values, key, notification.sign_type or MD5)
    headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
    return headers, write(values).encode()


def _sealed(state: SimulatorState, values: dict[str, str], key: str) -> dict[str, str]:
    return {
        "return_code": "SUCCESS",
        "appid": state.keys.appid,
        "mch_id": state.keys.mchid,
        "nonce_str": secrets.token_hex(16),
        "req_info": seal(key, write(values, "root")),
    }


def seal(key: str, text: str) -> str:
    """Return the text under AES-256-ECB with the hex MD5 of the key."""
    secret = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest().encode()
    padder = PKCS7(128).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(secret), modes.ECB()).encryptor()  # noqa: S305 - the protocol
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def is_acknowledgement(body: bytes) -> bool:
    """Return whether the merchant's answer means heard."""
    try:
        return read(body).get("return_code") == "SUCCESS"
    except GatewayRefusal:
        return False
