"""Aliyun's door as its customers meet it: signed calls by name, and `SendSms`.

The only place where a code may be printed.
"""

import hashlib
import hmac
import json
import logging
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

from clinic.embedded.simulator import aliyun_identity, calls
from clinic.embedded.simulator.model import GatewayRefusal, Sms
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import Answer, Request, json_answer

logger = logging.getLogger(__name__)

_ALGORITHM = "ACS3-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{_ALGORITHM} Credential=([^,]+),SignedHeaders=([a-z0-9;\-]+),Signature=([0-9a-f]{{64}})"
)
_MUST_BE_SIGNED = {
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
}
_WINDOW = timedelta(minutes=15)
_PHONE = re.compile(r"(?:1[0-9]{10}|\+?[0-9]{7,15})")
_TEMPLATE = re.compile(r"[A-Za-z]{2,8}_[0-9A-Za-z_]{1,40}")


def answer(state: SimulatorState, request: Request) -> Answer:
    """Return the answer to one RPC call."""
    request_id = secrets.token_hex(16).upper()
    try:
        _check_signature(state, request)
        found = _done(state, request)
    except GatewayRefusal as refusal:
        refused = {"Code": refusal.code, "Message": refusal.message, "RequestId": request_id}
        return json_answer(refusal.status, refused)
    done = {"Code": "OK", "Message": "OK", "RequestId": request_id}
    return json_answer(200, done | found)


def _done(state: SimulatorState, request: Request) -> dict[str, Any]:
    """Do what the key of this call may do: the identity service has one of its own."""
    action = request.headers.get("x-acs-action", "")
    is_for_identity = _key_id(request) == state.keys.identity_access_key_id
    if action == aliyun_identity.ACTION:
        if not is_for_identity:
            raise GatewayRefusal(200, "411", "RAM无权限")
        return aliyun_identity.compared(state, request)
    act = _ACTIONS.get(action)
    if act is None or is_for_identity:
        raise GatewayRefusal(404, "InvalidAction.NotFound", "Specified api is not found.")
    return act(state, request.parameters | request.form)


def _key_id(request: Request) -> str:
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    return found.group(1) if found else ""


def _check_signature(state: SimulatorState, request: Request) -> None:
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise GatewayRefusal(400, "IncompleteSignature", "The request signature is incomplete.")
    access_key, names, signature = found.groups()
    secret = _secrets(state).get(access_key)
    if secret is None:
        raise GatewayRefusal(404, "InvalidAccessKeyId.NotFound", "AccessKeyId is not found.")
    signed = names.split(";")
    present = {name for name in request.headers if name.startswith("x-acs-")} | {"host"}
    present |= {"content-type"} & set(request.headers)
    if not (_MUST_BE_SIGNED | present) <= set(signed) or signed != sorted(set(signed)):
        raise _mismatch()
    if not hmac.compare_digest(_signature(secret, request, signed), signature):
        raise _mismatch()
    _check_freshness(state, request)


def _secrets(state: SimulatorState) -> dict[str, str]:
    keys = state.keys
    return {
        keys.sms_access_key_id: keys.sms_access_key_secret,
        keys.identity_access_key_id: keys.identity_access_key_secret,
    }


def _signature(secret: str, request: Request, signed: list[str]) -> str:
    pairs = sorted(
        (quote(name, safe="~"), quote(value, safe="~"))
        for name, value in parse_qsl(request.query, keep_blank_values=True)
    )
    query = "&".join(f"{name}={value}" for name, value in pairs)
    lines = [f"{name}:{request.headers.get(name, '').strip()}" for name in signed]
    digest = hashlib.sha256(request.body).hexdigest()
    if request.headers.get("x-acs-content-sha256") != digest:
        raise _mismatch()
    canonical = "\n".join(
        [request.method, request.path, query, *lines, "", ";".join(signed), digest]
    )
    to_sign = f"{_ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def _check_freshness(state: SimulatorState, request: Request) -> None:
    try:
        stamp = datetime.fromisoformat(request.headers["x-acs-date"])
    except ValueError as error:
        raise GatewayRefusal(400, "InvalidTimeStamp.Format", "x-acs-date") from error
    if stamp.tzinfo is None:
        raise GatewayRefusal(400, "InvalidTimeStamp.Format", "x-acs-date")
    if abs(state.now() - stamp) > _WINDOW:
        raise GatewayRefusal(400, "InvalidTimeStamp.Expired", "x-acs-date is out of range.")
    if not state.nonces.is_new(f"acs:{request.headers['x-acs-signature-nonce']}", state.now()):
        raise GatewayRefusal(400, "SignatureNonceUsed", "The nonce was used already.")


def _mismatch() -> GatewayRefusal:
    return GatewayRefusal(400, "SignatureDoesNotMatch", "The signature does not match.")


def _accepted(state: SimulatorState, values: dict[str, str]) -> dict[str, Any]:
    phone = values.get("PhoneNumbers", "")
    if not _PHONE.fullmatch(phone):
        raise GatewayRefusal(200, "isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")
    if not 0 < len(values.get("SignName", "")) <= 40:
        raise GatewayRefusal(200, "isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法")
    if not _TEMPLATE.fullmatch(values.get("TemplateCode", "")):
        raise GatewayRefusal(200, "isv.SMS_TEMPLATE_ILLEGAL", "短信模板不合法")
    if state.take_fault(FaultKind.SMS_REFUSED, "*"):
        raise GatewayRefusal(200, "isv.BUSINESS_LIMIT_CONTROL", "触发流控")
    sms = Sms(
        biz_id=f"{secrets.randbelow(10**12):012d}{secrets.token_hex(2)}^0",
        phone=phone,
        sign_name=values["SignName"],
        template_code=values["TemplateCode"],
        params=_template_params(values.get("TemplateParam", "{}")),
        out_id=values.get("OutId", "")[:256],
        at=state.now(),
    )
    with state.change():
        state.store.save(sms)
    logger.info("SMS %s to %s: %s", sms.template_code, masked(sms.phone), sms.params)
    return {"BizId": sms.biz_id}


def _template_params(value: str) -> str:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise GatewayRefusal(200, "isv.INVALID_JSON_PARAM", "JSON参数不合法") from error
    if not isinstance(found, dict) or len(value) > 2000:
        raise GatewayRefusal(200, "isv.INVALID_JSON_PARAM", "JSON参数不合法")
    return json.dumps(found, ensure_ascii=False)


def masked(phone: str) -> str:
    """Return a phone number of which only both ends show."""
    return f"{phone[:3]}****{phone[-4:]}"


def inbox(state: SimulatorState, phone: str = "", limit: int = 50) -> list[Sms]:
    """Return the newest messages first, of one phone when given."""
    if phone:
        return state.store.find(Sms, "phone = ? ORDER BY at DESC LIMIT ?", [phone, limit])
    return state.store.find(Sms, "1=1 ORDER BY at DESC LIMIT ?", [limit])


_ACTIONS: dict[str, Callable[[SimulatorState, dict[str, str]], dict[str, Any]]] = {
    "SendSms": _accepted,
    "BindAxb": calls.bind,
    "UnbindSubscription": calls.unbind,
}
