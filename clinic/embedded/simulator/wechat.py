"""WeChat Pay APIv3 as its merchants meet it: strict about us, every answer signed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from cryptography import x509

from clinic.adapters.wechatpay.facts import SIGNATURE_TYPE, SIGNATURE_WINDOW
from clinic.embedded.simulator import orders, params, platform, refunds, wechat_bills
from clinic.embedded.simulator.crypto import is_signed_by, seal
from clinic.embedded.simulator.mishaps import acting, on_the_way
from clinic.embedded.simulator.model import GatewayRefusal, Order, PlatformKey, Refund, SignedBy
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wechat_v3_documents import refund_document, transaction_document
from clinic.embedded.simulator.wechat_v3_messages import signed_headers
from clinic.embedded.simulator.wire import (
    MAX_BODY_BYTES,
    Answer,
    Request,
    json_answer,
    json_object,
    wire_time,
)

_AUTHORIZATION = re.compile(rf'{SIGNATURE_TYPE} ((?:[a-z_]+="[^"]*")(?:,[a-z_]+="[^"]*")*)')
_PAIR = re.compile(r'([a-z_]+)="([^"]*)"')
_AUTHORIZATION_NAMES = {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}
_NONCE = re.compile(r"[0-9A-Za-z]{8,64}")
_STAMP = re.compile(r"[0-9]{9,11}")

_SPOILED_ANSWERS = (
    FaultKind.FORGED_ANSWER,
    FaultKind.SIGNTEST_ANSWER,
    FaultKind.STALE_ANSWER,
    FaultKind.FUTURE_ANSWER,
)

Handler = Callable[[SimulatorState, Request, str], Answer]


def answer(state: SimulatorState, request: Request) -> Answer:
    """Return the signed answer to any request under /v3/, spoiled when a fault says so."""
    handler, operation, argument = _route(request)
    number = _number_of(request, argument)
    try:
        _check_headers(request)
        _check_authorization(state, request)
        _signed_by(state, request)
        found = _run(state, request, handler, operation=operation, argument=argument, number=number)
    except GatewayRefusal as refusal:
        found = json_answer(refusal.status, {"code": refusal.code, "message": refusal.message})
    return _finished(state, request, found, operation=operation, number=number)


def _run(
    state: SimulatorState,
    request: Request,
    handler: Handler,
    *,
    operation: str,
    argument: str,
    number: str,
) -> Answer:
    return acting(state, operation, number, lambda: handler(state, request, argument))


def _finished(
    state: SimulatorState, request: Request, found: Answer, *, operation: str, number: str
) -> Answer:
    found = on_the_way(state, operation, number, found)
    is_file = operation == "bill_file" and found.status == 200  # the one answer without signature
    if found.is_reset or is_file or state.take_fault(FaultKind.UNSIGNED_ANSWER, number, operation):
        return found
    spoiled = (k for k in _SPOILED_ANSWERS if state.take_fault(k, number, operation))
    try:
        signed_by = _signed_by(state, request)
    except GatewayRefusal:
        signed_by = SignedBy.CERTIFICATE
    return found.with_headers(signed_headers(state, found.body, signed_by, next(spoiled, None)))


def _check_headers(request: Request) -> None:
    if len(request.body) > MAX_BODY_BYTES:
        raise GatewayRefusal(413, "PARAM_ERROR", "请求体过大")
    if "application/json" not in request.headers.get("accept", ""):
        raise GatewayRefusal(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
    if not request.headers.get("user-agent"):
        raise GatewayRefusal(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
    family = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method == "POST" and family != "application/json":
        raise GatewayRefusal(415, "PARAM_ERROR", "Content-Type须为application/json")


def _check_authorization(state: SimulatorState, request: Request) -> None:
    """Refuse what this merchant did not sign, for these bytes, now, and for the first time."""
    values = _authorization(request.headers.get("authorization", ""))
    keys = state.keys
    if values["mchid"] != keys.mchid or values["serial_no"].upper() != keys.merchant_serial:
        raise _unsigned("商户号或证书序列号有误")
    stamp, nonce = values["timestamp"], values["nonce_str"]
    if not _STAMP.fullmatch(stamp) or not _NONCE.fullmatch(nonce):
        raise _unsigned("timestamp或nonce_str格式有误")
    if abs(state.now() - datetime.fromtimestamp(int(stamp), UTC)) > SIGNATURE_WINDOW:
        raise _unsigned("timestamp与发起请求的时间相差超过5分钟")
    head = f"{request.method}\n{request.target}\n{stamp}\n{nonce}\n".encode()
    message = head + request.body + b"\n"
    if not is_signed_by(keys.merchant_certificate_pem, message, values["signature"]):
        raise _unsigned("签名错误")
    if not state.nonces.is_new(nonce, state.now()):
        raise _unsigned("nonce_str重复使用")


def _authorization(header: str) -> dict[str, str]:
    found = _AUTHORIZATION.fullmatch(header)
    pairs = _PAIR.findall(found.group(1)) if found else []
    values = dict(pairs)
    if set(values) != _AUTHORIZATION_NAMES or len(values) != len(pairs):
        raise _unsigned("Authorization格式有误")
    return values


def _unsigned(message: str) -> GatewayRefusal:
    return GatewayRefusal(401, "SIGN_ERROR", message)


def _signed_by(state: SimulatorState, request: Request) -> SignedBy:
    asked = request.headers.get("wechatpay-serial", "")
    if not asked or asked in _ids(state, SignedBy.CERTIFICATE):
        return SignedBy.CERTIFICATE
    if asked in _ids(state, SignedBy.PUBLIC_KEY):
        return SignedBy.PUBLIC_KEY
    raise GatewayRefusal(400, "PARAM_ERROR", "平台证书序列号Wechatpay-Serial有误")


def _ids(state: SimulatorState, kind: SignedBy) -> set[str]:
    return {key.id for key in platform.all_of(state, kind)}


def _create(channel: str) -> Handler:
    def create(state: SimulatorState, request: Request, _argument: str) -> Answer:
        body = json_object(request.body)
        asked = params.order_request(state.keys, channel, body, _signed_by(state, request))
        order = orders.create(state, asked)
        return json_answer(200, _prepared(request, order))

    return create


def _prepared(request: Request, order: Order) -> dict[str, str]:
    if order.channel in {"jsapi", "app"}:
        return {"prepay_id": order.prepay_id}
    if order.channel == "h5":
        return {"h5_url": f"http://{request.headers.get('host', '')}/pay/{order.token}"}
    return {"code_url": orders.payment_address(order)}


def _query(state: SimulatorState, request: Request, argument: str) -> Answer:
    params.check_mchid(state.keys, request.parameters)
    order = orders.of_wechat(state, argument)
    return json_answer(200, transaction_document(state, order))


def _query_by_transaction(state: SimulatorState, request: Request, argument: str) -> Answer:
    params.check_mchid(state.keys, request.parameters)
    order = orders.by_transaction(state, argument)
    return json_answer(200, transaction_document(state, order))


def _close(state: SimulatorState, request: Request, argument: str) -> Answer:
    params.check_mchid(state.keys, json_object(request.body))
    orders.of_wechat(state, argument)
    orders.close(state, argument)
    return Answer(status=204)


def _refund(state: SimulatorState, request: Request, _argument: str) -> Answer:
    body = json_object(request.body)
    ours, theirs = params.order_numbers(body)
    try:
        order = orders.of_wechat(state, ours) if ours else orders.by_transaction(state, theirs)
    except GatewayRefusal as refusal:
        raise GatewayRefusal(404, "RESOURCE_NOT_EXISTS", refusal.message) from refusal
    refund = refunds.ask(state, params.refund_request(body, order.out_trade_no))
    return _refund_answer(state, refund)


def _query_refund(state: SimulatorState, _request: Request, argument: str) -> Answer:
    return _refund_answer(state, refunds.by_number(state, argument))


def _refund_answer(state: SimulatorState, refund: Refund) -> Answer:
    try:
        order = orders.of_wechat(state, refund.out_trade_no)
    except GatewayRefusal as refusal:
        raise GatewayRefusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在") from refusal
    return json_answer(200, refund_document(order, refund))


def _apply_abnormal(state: SimulatorState, request: Request, refund_id: str) -> Answer:
    body = json_object(request.body)
    refund = refunds.by_number(state, str(body.get("out_refund_no", "")))
    if refund.refund_id != refund_id:
        raise GatewayRefusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    params.check_abnormal_refund(state, body)
    return _refund_answer(state, refunds.retry_abnormal(state, refund.out_refund_no))


def _certificates(state: SimulatorState, _request: Request, _argument: str) -> Answer:
    found = platform.all_of(state, SignedBy.CERTIFICATE)
    return json_answer(200, {"data": [_certificate_entry(state, key) for key in found]})


def _certificate_entry(state: SimulatorState, key: PlatformKey) -> dict[str, object]:
    certificate = x509.load_pem_x509_certificate(key.public_pem.encode())
    return {
        "serial_no": key.id,
        "effective_time": wire_time(certificate.not_valid_before_utc),
        "expire_time": wire_time(certificate.not_valid_after_utc - timedelta(seconds=1)),
        "encrypt_certificate": seal(state.keys.apiv3_key, key.public_pem, "certificate"),
    }


def _trade_bill(state: SimulatorState, request: Request, _argument: str) -> Answer:
    return json_answer(200, wechat_bills.trade_bill(state, request))


def _flow_bill(state: SimulatorState, request: Request, _argument: str) -> Answer:
    return json_answer(200, wechat_bills.flow_bill(state, request))


def _bill_file(state: SimulatorState, request: Request, _argument: str) -> Answer:
    return wechat_bills.file(state, request)


def _nowhere(_state: SimulatorState, _request: Request, _argument: str) -> Answer:
    raise GatewayRefusal(404, "RESOURCE_NOT_EXISTS", "请求的资源不存在")


_ROUTES: tuple[tuple[str, re.Pattern[str], str, Handler], ...] = tuple(
    (method, re.compile(pattern), operation, handler)
    for method, pattern, operation, handler in (
        ("POST", r"/v3/pay/transactions/native", "create", _create("native")),
        ("POST", r"/v3/pay/transactions/jsapi", "create", _create("jsapi")),
        ("POST", r"/v3/pay/transactions/h5", "create", _create("h5")),
        ("POST", r"/v3/pay/transactions/app", "create", _create("app")),
        ("GET", r"/v3/pay/transactions/out-trade-no/([^/]+)", "query", _query),
        ("GET", r"/v3/pay/transactions/id/([^/]+)", "query", _query_by_transaction),
        ("POST", r"/v3/pay/transactions/out-trade-no/([^/]+)/close", "close", _close),
        ("POST", r"/v3/refund/domestic/refunds", "refund", _refund),
        ("GET", r"/v3/refund/domestic/refunds/([^/]+)", "query_refund", _query_refund),
        (
            "POST",
            r"/v3/refund/domestic/refunds/([^/]+)/apply-abnormal-refund",
            "abnormal_refund",
            _apply_abnormal,
        ),
        ("GET", r"/v3/bill/tradebill", "bill", _trade_bill),
        ("GET", r"/v3/bill/fundflowbill", "bill", _flow_bill),
        ("GET", re.escape(wechat_bills.FILE_PATH), "bill_file", _bill_file),
        ("GET", r"/v3/certificates", "certificates", _certificates),
    )
)


def _route(request: Request) -> tuple[Handler, str, str]:
    for method, pattern, operation, handler in _ROUTES:
        found = pattern.fullmatch(request.path)
        if found and method == request.method:
            return handler, operation, unquote(found.group(1)) if found.groups() else ""
    return _nowhere, "nowhere", ""


def _number_of(request: Request, argument: str) -> str:
    """Return the order's number for the choice of faults, empty when there is none to read."""
    if argument or request.method != "POST":
        return argument
    try:
        number = json_object(request.body).get("out_trade_no", "")
    except GatewayRefusal:
        return ""
    return number if isinstance(number, str) else ""
