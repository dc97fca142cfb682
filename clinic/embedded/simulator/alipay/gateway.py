"""`/gateway.do`: one address for every call, every believed answer signed over its raw text."""

from collections.abc import Callable

from clinic.adapters.alipay.reading import wire_time
from clinic.adapters.money import yuan_of_fen
from clinic.embedded.simulator import orders, refunds
from clinic.embedded.simulator.alipay import bills, documents, params
from clinic.embedded.simulator.alipay.certificates import serial_of
from clinic.embedded.simulator.alipay.messages import sign
from clinic.embedded.simulator.alipay.params import Fields
from clinic.embedded.simulator.crypto import compact
from clinic.embedded.simulator.mishaps import acting, on_the_way
from clinic.embedded.simulator.model import (
    GatewayRefusal,
    Order,
    OrderState,
    Refund,
    RefundState,
)
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wire import Answer, Request

Document = dict[str, object]
Handler = Callable[[SimulatorState, Request, Fields], Document]

# The words of the shared core in the words of this gateway.
_WORDS = {
    "ORDER_NOT_EXIST": "TRADE_NOT_EXIST",
    "OUT_TRADE_NO_USED": "CONTEXT_INCONSISTENT",
    "ORDERPAID": "TRADE_HAS_SUCCESS",
    "ORDER_CLOSED": "TRADE_HAS_CLOSE",
}
_JSON = {"Content-Type": "application/json;charset=utf-8"}


def answer(state: SimulatorState, request: Request) -> Answer:
    """Return the answer to a call, or the way to the payment page for a payer's browser."""
    try:
        fields = params.fields_of(request)
        method = fields.get("method", "")
        if fields.get("app_id") != state.keys.alipay_app_id:
            raise params.invalid("isv.invalid-app-id")
        if method not in _HANDLERS and method not in _BROWSER_CHANNELS:
            raise params.invalid("isv.invalid-method")
    except GatewayRefusal as refusal:  # nobody to sign for
        return _json(compact({"error_response": _refused(refusal)}))
    if channel := _BROWSER_CHANNELS.get(method):
        return _open_page(state, fields, channel)
    return _answer_call(state, request, fields, method)


def _open_page(state: SimulatorState, fields: Fields, channel: str) -> Answer:
    try:
        params.check_call(state, fields)
        order = orders.create(state, params.order_request(fields, channel))
    except GatewayRefusal as refusal:
        words = f"{refusal.code} {refusal.message}".encode()
        return Answer(status=200, body=words, headers={"Content-Type": "text/plain"})
    return Answer(status=302, headers={"Location": f"/pay/{order.token}"})


def _answer_call(state: SimulatorState, request: Request, fields: Fields, method: str) -> Answer:
    operation, handler = _HANDLERS[method]
    number = _number(fields)
    try:
        params.check_call(state, fields)
        found = acting(state, operation, number, lambda: handler(state, request, fields))
        node = {"code": "10000", "msg": "Success"} | found
    except GatewayRefusal as refusal:
        node = _refused(refusal)
    body = _signed(state, fields, method, node, operation=operation, number=number)
    return on_the_way(state, operation, number, _json(body))


def _signed(
    state: SimulatorState,
    fields: Fields,
    method: str,
    node: Document,
    *,
    operation: str,
    number: str,
) -> str:
    raw = compact(node)
    name = method.replace(".", "_") + "_response"
    if state.take_fault(FaultKind.UNSIGNED_ANSWER, number, operation):
        return f'{{"{name}":{raw}}}'
    is_forged = state.take_fault(FaultKind.FORGED_ANSWER, number, operation) is not None
    parts = [f'"{name}":{raw}']
    if fields.get("app_cert_sn"):
        parts.append(f'"alipay_cert_sn":"{serial_of(state.keys.alipay_certificate_pem)}"')
    parts.append(f'"sign":"{sign(state, raw, is_forged=is_forged)}"')
    return f"{{{','.join(parts)}}}"


def _json(body: str) -> Answer:
    return Answer(status=200, body=body.encode(), headers=_JSON)


def _refused(refusal: GatewayRefusal) -> Document:
    """Return the node of a refusal; HTTP words of the shared core are translated."""
    code, word = refusal.status, refusal.code
    if refusal.code == "SYSTEM_ERROR":
        code, word = 20000, "isp.unknow-error"
    elif refusal.code == "FREQUENCY_LIMITED":
        code, word = 40005, "isv.app-call-limited"
    elif refusal.status < 1000:
        code, word = 40004, f"ACQ.{_WORDS.get(refusal.code, 'INVALID_PARAMETER')}"
    return {
        "code": str(code),
        "msg": "Business Failed" if code == 40004 else "Invalid Arguments",
        "sub_code": word,
        "sub_msg": refusal.message,
    }


def _number(fields: Fields) -> str:
    try:
        number = params.content_of(fields).get("out_trade_no", "")
    except GatewayRefusal:
        return ""
    return number if isinstance(number, str) else ""


def _precreate(state: SimulatorState, _request: Request, fields: Fields) -> Document:
    order = orders.create(state, params.order_request(fields, "qr"))
    return {"out_trade_no": order.out_trade_no, "qr_code": orders.payment_address(order)}


def _query(state: SimulatorState, _request: Request, fields: Fields) -> Document:
    order = _trade(state, fields)
    return documents.trade_answer(state, order)


def _trade(state: SimulatorState, fields: Fields) -> Order:
    content = params.content_of(fields)
    if "out_trade_no" in content:
        return orders.of_alipay(state, params.trade_number(content))
    found = orders.by_transaction(state, params.text(content, "trade_no", 64))
    return orders.of_alipay(state, found.out_trade_no)


def _close(state: SimulatorState, _request: Request, fields: Fields) -> Document:
    order = _trade(state, fields)
    if documents.trade_status(state, order) != "WAIT_BUYER_PAY":
        raise params.failed("TRADE_STATUS_ERROR")
    orders.close(state, order.out_trade_no)
    return {"out_trade_no": order.out_trade_no, "trade_no": order.transaction_id}


def _refund(state: SimulatorState, _request: Request, fields: Fields) -> Document:
    order = _trade(state, fields)
    content = params.content_of(fields) | {"out_trade_no": order.out_trade_no}
    asked = params.refund_request(content, order.total_fen)
    known = state.store.get(Refund, asked.out_refund_no)
    if known is None:
        _check_refundable(state, order, asked.amount_fen)
    elif known.fingerprint != asked.fingerprint:
        raise params.failed("DISCORDANT_REPEAT_REQUEST")
    refund = refunds.ask(state, asked)
    has_moved = known is None and refund.state is RefundState.SUCCESS
    return {
        "trade_no": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "buyer_logon_id": "sim***@alipay.example",
        "fund_change": "Y" if has_moved else "N",
        "refund_fee": yuan_of_fen(documents.refunded_fen(state, order)),
    }


def _check_refundable(state: SimulatorState, order: Order, amount_fen: int) -> None:
    if order.state is OrderState.FINISHED:
        raise params.failed("TRADE_HAS_FINISHED")
    status = documents.trade_status(state, order)
    if status != "TRADE_SUCCESS":
        raise params.failed("TRADE_HAS_CLOSE" if status == "TRADE_CLOSED" else "TRADE_STATUS_ERROR")
    if amount_fen > refunds.left(state, order):
        raise params.failed("REFUND_AMT_NOT_EQUAL_TOTAL")


def _query_refund(state: SimulatorState, _request: Request, fields: Fields) -> Document:
    order = _trade(state, fields)
    number = params.text(params.content_of(fields), "out_request_no", 64)
    refund = state.store.get(Refund, number)
    if refund is None or refund.out_trade_no != order.out_trade_no:
        return {}  # the gateway says success and nothing else
    document: Document = {
        "trade_no": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "out_request_no": number,
        "total_amount": yuan_of_fen(order.total_fen),
        "refund_amount": yuan_of_fen(refund.amount_fen),
    }
    if refund.state is RefundState.SUCCESS:
        document["refund_status"] = "REFUND_SUCCESS"
        document["gmt_refund_pay"] = wire_time(refund.success_at or state.now())
    return document


def _bill_url(state: SimulatorState, request: Request, fields: Fields) -> Document:
    content = params.content_of(fields)
    kind = content.get("bill_type")
    if kind not in {"trade", "signcustomer"}:
        raise params.failed("INVALID_PARAMETER")
    path = bills.path(state, kind, params.text(content, "bill_date", 10))
    return {"bill_download_url": f"http://{request.headers.get('host', '')}{path}"}


_BROWSER_CHANNELS = {
    "alipay.trade.page.pay": "page",
    "alipay.trade.wap.pay": "wap",
    "alipay.trade.app.pay": "app",
}
_HANDLERS: dict[str, tuple[str, Handler]] = {
    "alipay.trade.precreate": ("create", _precreate),
    "alipay.trade.query": ("query", _query),
    "alipay.trade.close": ("close", _close),
    "alipay.trade.refund": ("refund", _refund),
    "alipay.trade.fastpay.refund.query": ("query_refund", _query_refund),
    "alipay.data.dataservice.bill.downloadurl.query": ("bill", _bill_url),
}
