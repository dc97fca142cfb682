"""Aliyun `Id2MetaVerify` as its customers meet it: a register that learns by being asked.

A number belongs to the name it was first asked with; another name then differs. A number whose
serial digits are 999 is in no register. Only keyed prints of names and numbers are kept.
"""

import hashlib
import hmac
import re
from dataclasses import replace
from datetime import date, timedelta

from clinic.embedded.simulator.model import Citizen, GatewayRefusal
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import Request

ACTION = "Id2MetaVerify"
VERSION = "2019-03-07"
SAME, DIFFERENT, NO_RECORD = "1", "2", "3"
UNKNOWN_SERIAL = "999"
ASKS_A_DAY = 10  # of one number; more is the provider's "abnormal repetition"
_DAY = timedelta(days=1)
_FORM = "application/x-www-form-urlencoded"
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+(?:·[\u3400-\u9fff]+)*")
_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def compared(state: SimulatorState, request: Request) -> dict[str, object]:
    """Return the body of an answer without its number; refuses what the provider refuses."""
    if request.headers.get("x-acs-version") != VERSION:
        raise GatewayRefusal(404, "InvalidVersion", "Specified parameter Version is not valid.")
    if state.take_fault(FaultKind.IDENTITY_AWAY, "*"):
        raise _refused("402", "权威源服务异常")
    name, number = _told(request)
    asked = _asked(state, number)
    found = _agreement(state, asked, name, number)
    return {"Code": "200", "Message": "success", "ResultObject": {"BizCode": found}}


def _told(request: Request) -> tuple[str, str]:
    """Return name and number of the signed body; in an address they would lie in logs."""
    if request.headers.get("content-type") != _FORM or request.query:
        raise _refused("400", "参数不能为空")
    told = request.form
    name, number = told.get("UserName", ""), told.get("IdentifyNum", "")
    if not name or not number or not told.get("ParamType"):
        raise _refused("400", "参数不能为空")
    well_formed = _NAME.fullmatch(name) and 2 <= len(name) <= 30 and _is_number(number)
    if told["ParamType"] != "normal" or not well_formed:
        raise _refused("401", "参数非法")
    return name, number


def _is_number(text: str) -> bool:
    if not _NUMBER.fullmatch(text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return "10X98765432"[total % 11] == text[17]


def _asked(state: SimulatorState, number: str) -> Citizen:
    """Count a question about a number and return what is known of it."""
    now = state.now()
    key = _print(state, number)
    known = state.store.get(Citizen, key) or Citizen(number=key, name="", asks=0, since=now)
    if now - known.since >= _DAY:
        known = replace(known, asks=0, since=now)
    if known.asks >= ASKS_A_DAY:
        raise _refused("403", "异常重复调用")
    return replace(known, asks=known.asks + 1)


def _agreement(state: SimulatorState, asked: Citizen, name: str, number: str) -> str:
    if number[14:17] == UNKNOWN_SERIAL:
        found, learned = NO_RECORD, asked
    else:
        named = _print(state, name)
        learned = asked if asked.name else replace(asked, name=named)
        found = SAME if learned.name == named else DIFFERENT
    with state.change():
        state.store.save(learned)
    return found


def _print(state: SimulatorState, text: str) -> str:
    key = state.keys.identity_access_key_secret.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _refused(code: str, message: str) -> GatewayRefusal:
    """Return an error as the service writes it: HTTP 200 with a number."""
    return GatewayRefusal(200, code, message)
