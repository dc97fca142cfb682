"""The page for people: routes, languages, and forms that only this page can send."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import unquote, urlsplit

from clinic.embedded.simulator import accounts, calls, notices, orders, platform, refunds, views
from clinic.embedded.simulator.control import apply_setting
from clinic.embedded.simulator.html import Html
from clinic.embedded.simulator.model import Fault, GatewayRefusal, RefundState, SignedBy
from clinic.embedded.simulator.state import SETTINGS, FaultKind, SimulatorState
from clinic.embedded.simulator.views import Look
from clinic.embedded.simulator.wire import Answer, Request
from clinic.embedded.simulator.words import choose_language

_FOLDER = Path(__file__).parent
_ASSETS = {
    "/page.css": ("text/css; charset=utf-8", (_FOLDER / "page.css").read_bytes()),
    "/page.js": ("text/javascript; charset=utf-8", (_FOLDER / "page.js").read_bytes()),
}
_COOKIE = "sim_visitor"
_COOKIE_VALUE = re.compile(r"(zh|en)\.([0-9A-Za-z_\-]{8,64})")
_COOKIE_RIGHTS = "Path=/; HttpOnly; SameSite=Strict"
_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFETY = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

Form = Mapping[str, str]
Action = Callable[[SimulatorState, str, Form], object]


def answer(state: SimulatorState, request: Request) -> Answer:
    """Return a page, an asset, or the redirect after a form."""
    remembered, known = _visitor(request)
    visitor = known or secrets.token_urlsafe(18)
    look = _look(state, request, remembered, visitor)
    try:
        _check_host(request)
        if request.method == "POST":
            return _act(state, request, known)
        found = _show(state, request, look)
    except GatewayRefusal as refusal:
        page = views.refusal_page(look, refusal.message)
        return _page(refusal.status, page, look, visitor)
    return found if isinstance(found, Answer) else _page(200, found, look, visitor)


def _look(state: SimulatorState, request: Request, remembered: str, visitor: str) -> Look:
    language = choose_language(
        request.parameters.get("lang", ""),
        remembered,
        request.headers.get("accept-language", ""),
    )
    return Look(language=language, form_token=_form_token(state, visitor))


def _show(state: SimulatorState, request: Request, look: Look) -> Html | Answer:
    if request.method not in {"GET", "HEAD"}:
        raise GatewayRefusal(405, "", "There is no such page.")
    if asset := _ASSETS.get(request.path):
        return Answer(status=200, body=asset[1], headers={"Content-Type": asset[0]})
    if request.path == "/":
        return views.overview(state, look)
    if found := re.fullmatch(r"/pay/([0-9A-Za-z]{1,64})", request.path):
        return views.payment_page(look, orders.by_token(state, found.group(1)))
    raise GatewayRefusal(404, "", "There is no such page.")


def _page(status: int, page: Html, look: Look, visitor: str) -> Answer:
    cookie = f"{_COOKIE}={look.language}.{visitor}; {_COOKIE_RIGHTS}"
    headers = {**_SAFETY, "Set-Cookie": cookie, "Content-Language": look.language}
    return Answer(status=status, body=page.encode(), headers=headers)


def _act(state: SimulatorState, request: Request, visitor: str) -> Answer:
    for pattern, action in _ACTIONS:
        if found := pattern.fullmatch(request.path):
            form = request.form
            _check_sender(state, request, form, visitor)
            action(state, unquote(found.group(1)) if found.groups() else "", form)
            return Answer(status=303, headers={"Location": _way_back(form)})
    raise GatewayRefusal(404, "", "There is no such page.")


def _way_back(form: Form) -> str:
    token = form.get("back", "")
    return f"/pay/{token}" if re.fullmatch(r"[0-9A-Za-z]{1,64}", token) else "/"


def _check_host(request: Request) -> None:
    """Refuse foreign names: a web site could point its own name at this machine."""
    host = request.headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        name = None
    if name not in _OWN_NAMES:
        raise GatewayRefusal(421, "", "There is no such page.")


def _check_sender(state: SimulatorState, request: Request, form: Form, visitor: str) -> None:
    """Refuse forms that this page did not show to this visitor."""
    origin = urlsplit(request.headers.get("origin", "")).netloc
    token = form.get("form_token", "")
    is_own = bool(visitor) and hmac.compare_digest(
        token.encode(), _form_token(state, visitor).encode()
    )
    if origin != request.headers.get("host", "") or not is_own:
        raise GatewayRefusal(403, "", "This form has expired: open the page again.")


def _form_token(state: SimulatorState, visitor: str) -> str:
    key = state.keys.control_token.encode()
    return hmac.new(key, f"page:{visitor}".encode(), hashlib.sha256).hexdigest()


def _visitor(request: Request) -> tuple[str, str]:
    """Return the language and the secret in the visitor's cookie, both empty without one."""
    try:
        jar = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return "", ""
    found = _COOKIE_VALUE.fullmatch(jar[_COOKIE].value) if _COOKIE in jar else None
    return (found.group(1), found.group(2)) if found else ("", "")


def _pay(state: SimulatorState, number: str, _form: Form) -> None:
    orders.pay(state, number)


def _pay_late(state: SimulatorState, number: str, _form: Form) -> None:
    orders.pay_late(state, number)


def _decline(state: SimulatorState, number: str, _form: Form) -> None:
    orders.decline(state, number)


def _expire(state: SimulatorState, number: str, _form: Form) -> None:
    orders.expire(state, number)


def _scan(state: SimulatorState, number: str, _form: Form) -> None:
    orders.scan(state, number)


def _finish(state: SimulatorState, number: str, _form: Form) -> None:
    orders.finish(state, number)


def _rotate(state: SimulatorState, kind: str, _form: Form) -> None:
    if kind not in set(SignedBy):
        raise GatewayRefusal(400, "", "Not possible")
    platform.rotate(state, SignedBy(kind))


def _refund(state: SimulatorState, number: str, _form: Form) -> None:
    refunds.refund_rest(state, number)


def _refund_abnormal(state: SimulatorState, number: str, _form: Form) -> None:
    state.inject(FaultKind.REFUND_ABNORMAL, scope=number, times=1)


def _settle(state: SimulatorState, number: str, form: Form) -> None:
    outcome = form.get("status", "")
    if outcome not in set(RefundState):
        raise GatewayRefusal(400, "", "Not possible")
    refunds.settle(state, number, RefundState(outcome))


def _pay_out(state: SimulatorState, house: str, _form: Form) -> None:
    accounts.pay_out(state, house)


def _dial(state: SimulatorState, sub_id: str, form: Form) -> None:
    told = {"by": form.get("by", ""), "seconds": _number(form, "seconds")}
    report = calls.dial(state, sub_id, told)
    notices.announce_call(state, sub_id, report, state.reports_url)


def _resend(state: SimulatorState, notification_id: str, _form: Form) -> None:
    notices.resend(state, notification_id)


def _add_fault(state: SimulatorState, _argument: str, form: Form) -> None:
    kind = form.get("kind", "")
    if kind not in set(FaultKind):
        raise GatewayRefusal(400, "", "Not possible")
    state.inject(
        FaultKind(kind),
        scope=form.get("scope", "").strip()[:64] or "*",
        operation=form.get("operation", "").strip()[:32] or "*",
        times=_number(form, "times") if form.get("times") else None,
        value=_number(form, "value"),
        chance=_number(form, "chance") if form.get("chance") else 100,
    )


def _remove_fault(state: SimulatorState, fault_id: str, _form: Form) -> None:
    with state.change():
        state.store.delete(Fault, fault_id)


def _save_settings(state: SimulatorState, _argument: str, form: Form) -> None:
    for name in SETTINGS:
        if name in form:
            apply_setting(state, name, _number(form, name))


def _reset(state: SimulatorState, _argument: str, _form: Form) -> None:
    state.reset()


def _number(form: Form, name: str) -> int:
    value = form.get(name, "")
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise GatewayRefusal(400, "", "Not possible")
    return int(value)


_ACTIONS: tuple[tuple[re.Pattern[str], Action], ...] = tuple(
    (re.compile(f"/pages/{pattern}"), action)
    for pattern, action in (
        (r"orders/([^/]+)/pay", _pay),
        (r"orders/([^/]+)/pay-late", _pay_late),
        (r"orders/([^/]+)/decline", _decline),
        (r"orders/([^/]+)/expire", _expire),
        (r"orders/([^/]+)/scan", _scan),
        (r"orders/([^/]+)/finish", _finish),
        (r"orders/([^/]+)/refund", _refund),
        (r"orders/([^/]+)/refund-abnormal", _refund_abnormal),
        (r"refunds/([^/]+)/settle", _settle),
        (r"accounts/(wechat|alipay)/payout", _pay_out),
        (r"calls/([^/]+)/dial", _dial),
        (r"notifications/([^/]+)/resend", _resend),
        (r"faults", _add_fault),
        (r"faults/([^/]+)/remove", _remove_fault),
        (r"keys/([a-z_]+)/rotate", _rotate),
        (r"settings", _save_settings),
        (r"reset", _reset),
    )
)
