"""The control API of tests and demos: JSON under /control/, by token, from this machine."""

import hmac
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

from clinic.embedded.simulator import accounts, aliyun, calls, notices, orders, platform, refunds
from clinic.embedded.simulator.model import (
    Fault,
    GatewayRefusal,
    Notification,
    Order,
    Refund,
    RefundState,
    SignedBy,
)
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import Answer, Request, json_answer, json_object

Handler = Callable[[SimulatorState, Request, str], object]

HOW_TO_ENTER = (
    "Send the header X-Control-Token: CONTROL_TOKEN of secrets.json in the data folder, or of the "
    "environment where it is set."
)
_LOOPBACK = {"127.0.0.1", "::1", "testclient", ""}  # empty: a Unix socket


def answer(state: SimulatorState, request: Request) -> Answer:
    """Return the answer to a control call."""
    token = request.headers.get("x-control-token", "")
    if request.client not in _LOOPBACK:
        return json_answer(403, {"code": "FORBIDDEN", "message": "loopback only"})
    if not hmac.compare_digest(token.encode(), state.keys.control_token.encode()):
        return json_answer(401, {"code": "TOKEN", "message": HOW_TO_ENTER})
    try:
        for method, pattern, handler in _ROUTES:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                argument = unquote(found.group(1)) if found.groups() else ""
                return json_answer(200, handler(state, request, argument))
        raise GatewayRefusal(404, "NOT_FOUND", "no such control call")
    except GatewayRefusal as refusal:
        return json_answer(refusal.status, {"code": refusal.code, "message": refusal.message})


def _body(request: Request) -> dict[str, Any]:
    return json_object(request.body) if request.body else {}


def _list_orders(state: SimulatorState, request: Request, _argument: str) -> object:
    wanted = request.parameters.get("state", "")
    found = orders.recent(state, _limit(request))
    return {"orders": [_order(state, o) for o in found if not wanted or o.state == wanted]}


def _limit(request: Request) -> int:
    value = request.parameters.get("limit", "50")
    return min(int(value), 5000) if value.isascii() and value.isdigit() and len(value) < 6 else 50


def _show_order(state: SimulatorState, _request: Request, number: str) -> object:
    return _order(state, orders.by_number(state, number))


def _pay(state: SimulatorState, request: Request, number: str) -> object:
    pay = orders.pay_late if _body(request).get("late") is True else orders.pay
    return _order(state, pay(state, number))


def _decline(state: SimulatorState, _request: Request, number: str) -> object:
    return _order(state, orders.decline(state, number))


def _expire(state: SimulatorState, _request: Request, number: str) -> object:
    return _order(state, orders.expire(state, number))


def _scan(state: SimulatorState, _request: Request, number: str) -> object:
    return _order(state, orders.scan(state, number))


def _finish(state: SimulatorState, _request: Request, number: str) -> object:
    return _order(state, orders.finish(state, number))


def _rotate(state: SimulatorState, request: Request, _argument: str) -> object:
    try:
        kind = SignedBy(_body(request).get("kind", "certificate"))
    except ValueError as error:
        raise GatewayRefusal(400, "PARAM_ERROR", "kind") from error
    key = platform.rotate(state, kind)
    return {"id": key.id, "kind": key.kind, "public_pem": key.public_pem}


def _refund_outside(state: SimulatorState, request: Request, number: str) -> object:
    amount = _integer(_body(request), "amount_fen", 0)
    return _refund(refunds.refund_outside(state, number, amount))


def _list_refunds(state: SimulatorState, request: Request, _argument: str) -> object:
    return {"refunds": [_refund(found) for found in refunds.recent(state, _limit(request))]}


def _settle(state: SimulatorState, request: Request, number: str) -> object:
    try:
        outcome = RefundState(_body(request).get("status", "SUCCESS"))
    except ValueError as error:
        raise GatewayRefusal(400, "PARAM_ERROR", "status") from error
    return _refund(refunds.settle(state, number, outcome))


def _list_accounts(state: SimulatorState, _request: Request, _argument: str) -> object:
    return {house: accounts.balance(state, house) for house in accounts.HOUSES}


def _pay_out(state: SimulatorState, request: Request, house: str) -> object:
    if house not in accounts.HOUSES:
        raise GatewayRefusal(404, "NOT_FOUND", "no such account")
    return asdict(accounts.pay_out(state, house, _integer(_body(request), "amount_fen", 0)))


def _list_notifications(state: SimulatorState, request: Request, _argument: str) -> object:
    number = request.parameters.get("out_trade_no", "")
    found = notices.of_order(state, number) if number else notices.recent(state, _limit(request))
    return {"notifications": [_notification(state, item) for item in found]}


def _notification(state: SimulatorState, item: Notification) -> dict[str, Any]:
    shown = asdict(item)
    del shown["resource"]
    tries = notices.attempts_of(state, item.id)
    return shown | {"tries": [{"status": t.status, "note": t.note, "at": t.at} for t in tries]}


def _resend(state: SimulatorState, _request: Request, notification_id: str) -> object:
    if not notices.resend(state, notification_id):
        raise GatewayRefusal(404, "NOT_FOUND", "no such notification")
    return {"ok": True}


def _list_faults(state: SimulatorState, _request: Request, _argument: str) -> object:
    return {
        "faults": [asdict(fault) for fault in state.faults()],
        "kinds": [kind.value for kind in FaultKind],
    }


def _add_fault(state: SimulatorState, request: Request, _argument: str) -> object:
    body = _body(request)
    times = body.get("times")
    fault = state.inject(
        _fault_kind(body),
        scope=_text(body, "out_trade_no", "*"),
        operation=_text(body, "operation", "*"),
        times=None if times is None else _integer(body, "times", 1),
        value=_integer(body, "value", 1),
        chance=_integer(body, "chance", 100),
    )
    return asdict(fault)


def _fault_kind(body: dict[str, Any]) -> FaultKind:
    try:
        return FaultKind(body.get("kind", ""))
    except ValueError as error:
        raise GatewayRefusal(400, "PARAM_ERROR", "kind") from error


def _drop_faults(state: SimulatorState, _request: Request, _argument: str) -> object:
    with state.change():
        gone = [state.store.delete(Fault, fault.id) for fault in state.faults()]
    return {"removed": len(gone)}


def _drop_fault(state: SimulatorState, _request: Request, fault_id: str) -> object:
    with state.change():
        return {"removed": int(state.store.delete(Fault, fault_id))}


def _show_settings(state: SimulatorState, _request: Request, _argument: str) -> object:
    return state.settings()


def _change_settings(state: SimulatorState, request: Request, _argument: str) -> object:
    for name, value in _body(request).items():
        if type(value) is not int:
            raise GatewayRefusal(400, "PARAM_ERROR", name[:40])
        apply_setting(state, name, value)
    return state.settings()


def apply_setting(state: SimulatorState, name: str, value: int) -> None:
    """Change a number; a new time factor also shortens the waits already running."""
    old_factor = state.setting("time_factor")
    state.set_setting(name, value)
    if name == "time_factor":
        notices.rescale(state, old_factor, value)


def _list_sms(state: SimulatorState, request: Request, _argument: str) -> object:
    found = aliyun.inbox(state, request.parameters.get("phone", ""), _limit(request))
    return {"messages": [asdict(sms) for sms in found]}


def _list_calls(state: SimulatorState, request: Request, _argument: str) -> object:
    return {"bindings": [asdict(one) for one in calls.bindings(state, _limit(request))]}


def _dial(state: SimulatorState, request: Request, sub_id: str) -> object:
    told = _body(request)
    url = told.get("url", state.reports_url)
    if not isinstance(url, str) or len(url) > 200:
        raise GatewayRefusal(400, "PARAM_ERROR", "url")
    report = calls.dial(state, sub_id, told)
    sent = notices.announce_call(state, sub_id, report, url)
    return {"report": report, "notification": sent.id}


def _reset(state: SimulatorState, _request: Request, _argument: str) -> object:
    state.reset()
    return {"ok": True}


def _order(state: SimulatorState, order: Order) -> dict[str, Any]:
    shown = asdict(order)
    for private in ("fingerprint", "openid"):
        del shown[private]
    return shown | {
        "code_url": orders.payment_address(order),
        "refunds": [_refund(found) for found in refunds.of_order(state, order.out_trade_no)],
    }


def _refund(refund: Refund) -> dict[str, Any]:
    shown = asdict(refund)
    del shown["fingerprint"]
    return shown


def _integer(body: dict[str, Any], name: str, default: int) -> int:
    value = body.get(name, default)
    if type(value) is not int or not 0 <= value <= 2**31:
        raise GatewayRefusal(400, "PARAM_ERROR", name)
    return value


def _text(body: dict[str, Any], name: str, default: str) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or len(value) > 64:
        raise GatewayRefusal(400, "PARAM_ERROR", name)
    return value


_ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = tuple(
    (method, re.compile(f"/control/{pattern}"), handler)
    for method, pattern, handler in (
        ("GET", r"orders", _list_orders),
        ("GET", r"orders/([^/]+)", _show_order),
        ("POST", r"orders/([^/]+)/pay", _pay),
        ("POST", r"orders/([^/]+)/decline", _decline),
        ("POST", r"orders/([^/]+)/expire", _expire),
        ("POST", r"orders/([^/]+)/scan", _scan),
        ("POST", r"orders/([^/]+)/finish", _finish),
        ("POST", r"orders/([^/]+)/refund", _refund_outside),
        ("POST", r"keys/rotate", _rotate),
        ("GET", r"refunds", _list_refunds),
        ("POST", r"refunds/([^/]+)/settle", _settle),
        ("GET", r"accounts", _list_accounts),
        ("POST", r"accounts/([^/]+)/payout", _pay_out),
        ("GET", r"notifications", _list_notifications),
        ("POST", r"notifications/([^/]+)/resend", _resend),
        ("GET", r"faults", _list_faults),
        ("POST", r"faults", _add_fault),
        ("DELETE", r"faults", _drop_faults),
        ("DELETE", r"faults/([^/]+)", _drop_fault),
        ("GET", r"settings", _show_settings),
        ("POST", r"settings", _change_settings),
        ("GET", r"sms", _list_sms),
        ("GET", r"calls", _list_calls),
        ("POST", r"calls/([^/]+)/dial", _dial),
        ("POST", r"reset", _reset),
    )
)
