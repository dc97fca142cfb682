"""WeChat's server calls of a mini program as its customers meet them: token and scene codes."""

import hmac
import json
import re
import secrets
from io import BytesIO
from typing import Any

import segno

from clinic.embedded.simulator.model import GatewayRefusal
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import Answer, Request, json_answer

PATHS = frozenset({"/cgi-bin/stable_token", "/wxa/getwxacodeunlimit"})
PAGES = frozenset({"pages/index/index", "pages/invite/invite"})  # of the published program
_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}")
_ENVIRONMENTS = frozenset({"release", "trial", "develop"})


def answer(state: SimulatorState, request: Request) -> Answer:
    """Return the answer to one call."""
    try:
        if request.method != "POST":
            raise _refused("43002", "require POST method")
        if state.take_fault(FaultKind.MINI_PROGRAM_AWAY, "*"):
            raise _refused("-1", "system error")
        body = _body(request)
        if request.path == "/cgi-bin/stable_token":
            return json_answer(200, _token(state, body))
        return _code(state, request, body)
    except GatewayRefusal as refused:
        told = f"{refused.message} rid: {secrets.token_hex(4)}"
        return json_answer(200, {"errcode": int(refused.code), "errmsg": told})


def _body(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise _refused("47001", "data format error") from None
    if not isinstance(found, dict):
        raise _refused("47001", "data format error")
    return found


def _token(state: SimulatorState, body: dict[str, Any]) -> dict[str, object]:
    if body.get("grant_type") != "client_credential":
        raise _refused("40002", "invalid grant_type")
    if body.get("appid") != state.keys.appid:
        raise _refused("40013", "invalid appid")
    secret = str(body.get("secret", ""))
    if not hmac.compare_digest(secret.encode(), state.keys.mini_program_secret.encode()):
        raise _refused("40125", "invalid appsecret")
    force = body.get("force_refresh", False)
    if type(force) is not bool:
        raise _refused("47001", "data format error")
    text, seconds = state.mini_tokens.fetch(state.now(), force=force)
    return {"access_token": text, "expires_in": seconds}


def _code(state: SimulatorState, request: Request, body: dict[str, Any]) -> Answer:
    token = request.parameters.get("access_token", "")
    if not token:
        raise _refused("41001", "access_token missing")
    if not state.mini_tokens.opens(token, state.now()):
        raise _refused("40001", "invalid credential, access_token is invalid or not latest")
    scene = body.get("scene")
    if not isinstance(scene, str) or not _SCENE.fullmatch(scene):
        raise _refused("40169", "invalid length for scene, or the data is not json string")
    _check_page(body)
    width = body.get("width", 430)
    if type(width) is not int or not 280 <= width <= 1280:
        raise _refused("40097", "invalid args")
    if body.get("env_version", "release") not in _ENVIRONMENTS:
        raise _refused("40097", "invalid args")
    return _picture(f"https://mp.weixin.qq.com/a/~{state.keys.appid}~{scene}")


def _check_page(body: dict[str, Any]) -> None:
    page = body.get("page", "pages/index/index")
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise _refused("41030", "invalid page")
    if body.get("check_path", True) and page not in PAGES:
        raise _refused("41030", "invalid page")


def _picture(address: str) -> Answer:
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="png", scale=6)
    return Answer(status=200, body=drawn.getvalue(), headers={"Content-Type": "image/png"})


def _refused(code: str, message: str) -> GatewayRefusal:
    """Return an error as the platform writes it: HTTP 200 with a number."""
    return GatewayRefusal(200, code, message)
