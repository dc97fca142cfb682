"""Aliyun number protection as its customers meet it: bindings, and calls that tests dial."""

import json
import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from clinic.adapters.aliyun_calls import FROM_A, FROM_B, VENDOR_TIME, VENDOR_ZONE, sign_report
from clinic.embedded.simulator.model import GatewayRefusal, Notification, NumberBinding
from clinic.embedded.simulator.state import FaultKind, SimulatorState

POOL_KEY = "FC100000000000001"
LONGEST = timedelta(days=30)
RELAYS = 50  # numbers of the pool
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_UNANSWERED = 1  # unconnected_cause: nobody took it


def bind(state: SimulatorState, values: dict[str, str]) -> dict[str, Any]:
    """Answer `BindAxb`."""
    _check_pool(values)
    phones = values.get("PhoneNoA", ""), values.get("PhoneNoB", "")
    if not all(_PHONE.fullmatch(phone) for phone in phones):
        raise GatewayRefusal(200, "isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")
    if phones[0] == phones[1]:
        raise GatewayRefusal(200, "isv.NO_A_EQUALS_NO_B", "AB号码不能相同")
    if values.get("IsRecordingEnabled", "false") not in {"true", "false"}:
        raise GatewayRefusal(200, "isv.PARAMS_ILLEGAL", "IsRecordingEnabled")
    if state.take_fault(FaultKind.CALLS_AWAY, "*"):
        raise GatewayRefusal(200, "isp.SYSTEM_ERROR", "系统错误")
    made = NumberBinding(
        sub_id=f"{secrets.randbelow(9 * 10**14) + 10**14}",
        phone_a=phones[0],
        phone_b=phones[1],
        relay_number=_free_relay(state, phones),
        out_id=values.get("OutId", "")[:256],
        is_recorded=values.get("IsRecordingEnabled") == "true",
        expires_at=_expiration(state, values.get("Expiration", "")),
        at=state.now(),
    )
    with state.change():
        state.store.save(made)
    return {
        "SecretBindDTO": {"SubsId": made.sub_id, "SecretNo": made.relay_number, "Extension": ""}
    }


def unbind(state: SimulatorState, values: dict[str, str]) -> dict[str, Any]:
    """Answer `UnbindSubscription`."""
    _check_pool(values)
    found = state.store.get(NumberBinding, values.get("SubsId", ""))
    if found is None or found.relay_number != values.get("SecretNo") or not is_alive(state, found):
        raise GatewayRefusal(200, "isv.SUBS_NOT_EXIST", "绑定关系不存在")
    with state.change():
        state.store.save(replace(found, released_at=state.now()))
    return {}


def dial(state: SimulatorState, sub_id: str, told: dict[str, Any]) -> dict[str, Any]:
    """Let one side dial the relay number and return the report of it.

    `told`: by "a" or "b", seconds talked (0: nobody took it).
    """
    found = state.store.get(NumberBinding, sub_id)
    if found is None or not is_alive(state, found):
        raise GatewayRefusal(404, "NOT_FOUND", "no such binding")
    seconds = told.get("seconds", 0)
    if type(seconds) is not int or not 0 <= seconds <= 7200 or told.get("by") not in {"a", "b"}:
        raise GatewayRefusal(400, "PARAM_ERROR", "by, seconds")
    return _report(state, found, is_from_a=told["by"] == "a", seconds=seconds)


def encode(
    state: SimulatorState, notification: Notification, spoiled: FaultKind | None
) -> tuple[dict[str, str], bytes]:
    """Return headers and body of one try to tell of calls."""
    moment = state.now()
    if spoiled is FaultKind.STALE:
        moment -= timedelta(days=1)
    body = notification.resource.encode()
    timestamp, nonce = str(int(moment.timestamp())), secrets.token_hex(8)
    is_forged = spoiled in {FaultKind.FOREIGN_KEY, FaultKind.OTHER_KEY, FaultKind.SIGNTEST}
    secret = "forged" if is_forged else state.keys.sms_access_key_secret
    headers = {
        "Content-Type": "application/json",
        "X-Call-Timestamp": timestamp,
        "X-Call-Nonce": nonce,
        "X-Call-Signature": sign_report(secret, timestamp=timestamp, nonce=nonce, body=body),
    }
    return headers, body


def is_heard(body: bytes) -> bool:
    """Say whether the answer to a push means heard."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("code") == 0


def bindings(state: SimulatorState, limit: int = 50) -> list[NumberBinding]:
    """Return the newest bindings first."""
    return state.store.find(NumberBinding, "1=1 ORDER BY at DESC LIMIT ?", [limit])


def is_alive(state: SimulatorState, found: NumberBinding) -> bool:
    """Say whether the binding connects its two sides now."""
    return found.released_at is None and found.expires_at > state.now()


def _check_pool(values: dict[str, str]) -> None:
    if values.get("PoolKey") != POOL_KEY:
        raise GatewayRefusal(200, "isv.POOL_KEY_ILLEGAL", "号池Key不合法")


def _expiration(state: SimulatorState, text: str) -> datetime:
    try:
        found = datetime.strptime(text, VENDOR_TIME).replace(tzinfo=VENDOR_ZONE)
    except ValueError as error:
        raise GatewayRefusal(200, "isv.EXPIRATION_ILLEGAL", "Expiration") from error
    if not state.now() < found <= state.now() + LONGEST:
        raise GatewayRefusal(200, "isv.EXPIRATION_ILLEGAL", "Expiration")
    return found


def _free_relay(state: SimulatorState, phones: tuple[str, str]) -> str:
    """Return a number of the pool that neither side reaches somebody else by."""
    rows = state.store.find(
        NumberBinding,
        "(phone_a IN (?, ?) OR phone_b IN (?, ?)) AND released_at IS NULL",
        [*phones, *phones],
    )
    used = {row.relay_number for row in rows if is_alive(state, row)}
    free = (f"170{number:08d}" for number in range(RELAYS))
    found = next((number for number in free if number not in used), None)
    if found is None:
        raise GatewayRefusal(200, "isv.NO_AVAILABLE_NUMBER", "号池无可用号码")
    return found


def _report(
    state: SimulatorState, found: NumberBinding, *, is_from_a: bool, seconds: int
) -> dict[str, Any]:
    ended = state.now()
    answered = ended - timedelta(seconds=seconds)
    recording = f"https://records.invalid/{secrets.token_hex(8)}.mp3"
    return {
        "pool_key": POOL_KEY,
        "sub_id": int(found.sub_id),
        "call_id": secrets.token_hex(12),
        "phone_no": found.phone_a,
        "peer_no": found.phone_b,
        "secret_no": found.relay_number,
        "call_type": FROM_A if is_from_a else FROM_B,
        "call_time": _wire(answered - timedelta(seconds=5)),
        "start_time": _wire(answered),
        "release_time": _wire(ended),
        "release_dir": 1,
        "release_cause": 16 if seconds else 19,
        "unconnected_cause": 0 if seconds else _UNANSWERED,
        "out_id": found.out_id,
        **({"record_url": recording} if found.is_recorded and seconds else {}),
    }


def _wire(moment: datetime) -> str:
    return moment.astimezone(VENDOR_ZONE).strftime(VENDOR_TIME)
