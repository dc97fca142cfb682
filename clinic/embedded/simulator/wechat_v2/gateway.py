"""The calls of WeChat Pay v2. Some want the merchant's certificate, as the real ones do."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from ipaddress import ip_address

from clinic.adapters.wechatpay import facts
from clinic.adapters.wechatpay.facts import GATEWAY_ZONE
from clinic.embedded.simulator import bills, orders, refunds, wechat_bills
from clinic.embedded.simulator.mishaps import acting, on_the_way
from clinic.embedded.simulator.model import Gateway, GatewayRefusal, Order, SignedBy
from clinic.embedded.simulator.orders import OrderRequest
from clinic.embedded.simulator.params import notify_url
from clinic.embedded.simulator.refunds import RefundRequest
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wechat_v2 import documents
from clinic.embedded.simulator.wechat_v2.messages import FOREIGN_KEY
from clinic.embedded.simulator.wechat_v2.xml import HMAC_SHA256, MD5, read, signature, write
from clinic.embedded.simulator.wire import Answer, Request

Values = Mapping[str, str]
Handler = Callable[[SimulatorState, Request, Values], dict[str, object]]

_WORDS = {
    "ORDER_NOT_EXIST": "ORDERNOTEXIST",
    "ORDER_CLOSED": "ORDERCLOSED",
    "SYSTEM_ERROR": "SYSTEMERROR",
    "RESOURCE_NOT_EXISTS": "REFUNDNOTEXIST",
}
_CHANNELS = {"NATIVE": "native", "JSAPI": "jsapi", "MWEB": "h5", "APP": "app"}
_NONCE = re.compile(r"[0-9A-Za-z]{8,32}")


def answer(state: SimulatorState, request: Request) -> Answer:
    """Return the answer to a call; only one that was understood is signed."""
    operation, handler = _HANDLERS[request.path]
    if request.path in SECURED and not request.is_secured:
        return Answer(status=400, body=b"400 No required SSL certificate was sent")
    try:
        values = _checked(state, request)
    except GatewayRefusal as refusal:
        return _xml({"return_code": "FAIL", "return_msg": refusal.message})
    number = values.get("out_trade_no", "")
    if request.path in _BILLS:
        return _bill(state, request.path, values)
    try:
        found = acting(state, operation, number, lambda: handler(state, request, values))
        found = {"result_code": "SUCCESS"} | found
    except GatewayRefusal as refusal:
        code = _WORDS.get(refusal.code, refusal.code)
        found = {"result_code": "FAIL", "err_code": code, "err_code_des": refusal.message}
    document = _signed(state, values, found, operation=operation, number=number)
    return on_the_way(state, operation, number, _xml(document))


def _checked(state: SimulatorState, request: Request) -> dict[str, str]:
    """Return the members of a call that this merchant signed, never seen before."""
    if request.method != "POST":
        raise _unread("请使用POST方法")
    values = read(request.body)
    sign_type = values.get("sign_type", MD5)
    if sign_type not in {MD5, HMAC_SHA256}:
        raise _unread("签名类型错误")
    keys = state.keys
    if (values.get("appid"), values.get("mch_id")) != (keys.appid, keys.mchid):
        raise _unread("appid和mch_id不匹配")
    expected = signature(values, keys.api_v2_key, sign_type)
    if not hmac.compare_digest(values.get("sign", "").encode(), expected.encode()):
        raise _unread("签名错误")
    nonce = values.get("nonce_str", "")
    if not _NONCE.fullmatch(nonce) or not state.nonces.is_new(f"v2:{nonce}", state.now()):
        raise _unread("nonce_str有误")
    return values


def _unread(message: str) -> GatewayRefusal:
    return GatewayRefusal(400, "FAIL", message)


def _signed(
    state: SimulatorState,
    values: Values,
    found: dict[str, object],
    *,
    operation: str,
    number: str,
) -> dict[str, str]:
    keys = state.keys
    document = {
        "return_code": "SUCCESS",
        "return_msg": "OK",
        "appid": keys.appid,
        "mch_id": keys.mchid,
        "nonce_str": values["nonce_str"],
        **{name: str(value) for name, value in found.items()},
    }
    if state.take_fault(FaultKind.UNSIGNED_ANSWER, number, operation):
        return document
    is_forged = state.take_fault(FaultKind.FORGED_ANSWER, number, operation)
    key = FOREIGN_KEY if is_forged else keys.api_v2_key
    return document | {"sign": signature(document, key, values.get("sign_type", MD5))}


def _xml(document: Mapping[str, str]) -> Answer:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    return Answer(status=200, body=write(document).encode(), headers=headers)


def _create(state: SimulatorState, request: Request, values: Values) -> dict[str, object]:
    channel = _CHANNELS.get(values.get("trade_type", ""), "")
    if not channel:
        raise _wrong("trade_type")
    order = orders.create(state, _order_request(channel, values))
    found: dict[str, object] = {"trade_type": values["trade_type"], "prepay_id": order.prepay_id}
    if channel == "native":
        found["code_url"] = orders.payment_address(order)
    if channel == "h5":
        found["mweb_url"] = f"http://{request.headers.get('host', '')}/pay/{order.token}"
    return found


def _order_request(channel: str, values: Values) -> OrderRequest:
    try:
        ip_address(values.get("spbill_create_ip", ""))
    except ValueError as error:
        raise _wrong("spbill_create_ip") from error
    openid = _matching(values, "openid", facts.OPENID) if channel == "jsapi" else ""
    varying = {"nonce_str", "sign"}
    plain = "&".join(f"{k}={v}" for k, v in sorted(values.items()) if k not in varying)
    return OrderRequest(
        channel=channel,
        out_trade_no=_matching(values, "out_trade_no", facts.OUT_TRADE_NO),
        description=_text(values, "body", facts.DESCRIPTION_MAX),
        attach=values.get("attach", "")[: facts.ATTACH_MAX],
        total_fen=_amount(values, "total_fee"),
        openid=openid,
        notify_url=notify_url(_text(values, "notify_url", facts.NOTIFY_URL_MAX)),
        expires_at=_expiry(values),
        fingerprint=hashlib.sha256(plain.encode()).hexdigest(),
        signed_by=SignedBy.PUBLIC_KEY,
        gateway=Gateway.WECHAT_V2,
        sign_type=values.get("sign_type", MD5),
    )


def _query(state: SimulatorState, _request: Request, values: Values) -> dict[str, object]:
    return documents.order_answer(_order(state, values))


def _order(state: SimulatorState, values: Values) -> Order:
    if number := values.get("out_trade_no", ""):
        return orders.of_wechat(state, number)
    found = orders.by_transaction(state, _text(values, "transaction_id", 32))
    return orders.of_wechat(state, found.out_trade_no)


def _close(state: SimulatorState, _request: Request, values: Values) -> dict[str, object]:
    order = orders.of_wechat(state, _text(values, "out_trade_no", 32))
    orders.close(state, order.out_trade_no)
    return {}


def _refund(state: SimulatorState, _request: Request, values: Values) -> dict[str, object]:
    order = _order(state, values)
    address = values.get("notify_url", "")
    asked = RefundRequest(
        out_trade_no=order.out_trade_no,
        out_refund_no=_matching(values, "out_refund_no", facts.OUT_REFUND_NO),
        amount_fen=_amount(values, "refund_fee"),
        total_fen=_amount(values, "total_fee"),
        reason=values.get("refund_desc", "")[: facts.REASON_MAX],
        notify_url=notify_url(address) if address else "",
        fingerprint="v2:{out_refund_no}:{refund_fee}:{total_fee}".format(**values),
    )
    return documents.refund_answer(order, refunds.ask(state, asked))


def _query_refund(state: SimulatorState, _request: Request, values: Values) -> dict[str, object]:
    if number := values.get("out_refund_no", ""):
        found = [refunds.by_number(state, number)]
        order = orders.of_wechat(state, found[0].out_trade_no)
    else:
        order = _order(state, values)
        found = refunds.of_order(state, order.out_trade_no)
    if not found:
        raise GatewayRefusal(404, "REFUNDNOTEXIST", "退款单不存在")
    return documents.refunds_answer(order, found)


def _bill(state: SimulatorState, path: str, values: Values) -> Answer:
    """Return the bill itself, or XML with an error and no signature."""
    try:
        if path == FLOW_PATH:
            _check_flow_call(values)
        elif values.get("bill_type", "ALL") != "ALL":
            raise _wrong("bill_type")
        day = bills.bill_day(state, _spelled_day(values.get("bill_date", "")))
        return Answer(status=200, body=_BILLS[path](state, day))
    except GatewayRefusal as refusal:
        words = {"NO_STATEMENT_EXIST": "No Bill Exist", "STATEMENT_CREATING": "Bill Creating"}
        message = words.get(refusal.code, refusal.message)
        found = {"return_code": "FAIL", "return_msg": message, "error_code": "20002"}
        return _xml(found)


def _check_flow_call(values: Values) -> None:
    if values.get("sign_type") != HMAC_SHA256:
        raise _wrong("sign_type")
    if values.get("account_type") != "Basic":
        raise _wrong("account_type")


def _spelled_day(digits: str) -> str:
    try:
        return date.fromisoformat(digits).isoformat()
    except ValueError as error:
        raise _wrong("bill_date") from error


def _expiry(values: Values) -> datetime | None:
    if not (text := values.get("time_expire", "")):
        return None
    try:
        naive = datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007 - zone follows
    except ValueError as error:
        raise _wrong("time_expire") from error
    return naive.replace(tzinfo=GATEWAY_ZONE).astimezone(UTC)


def _text(values: Values, name: str, limit: int) -> str:
    value = values.get(name, "")
    if not 0 < len(value) <= limit or not value.isprintable():
        raise _wrong(name)
    return value


def _matching(values: Values, name: str, pattern: re.Pattern[str]) -> str:
    value = values.get(name, "")
    if not pattern.fullmatch(value):
        raise _wrong(name)
    return value


def _amount(values: Values, name: str) -> int:
    text = values.get(name, "")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text) or int(text) > facts.MAX_TOTAL_FEN:
        raise _wrong(name)
    return int(text)


def _wrong(name: str) -> GatewayRefusal:
    return GatewayRefusal(400, "PARAM_ERROR", f"参数错误: {name}")


def _no_document(_state: SimulatorState, _request: Request, _values: Values) -> dict[str, object]:
    return {}


BILL_PATH = "/pay/downloadbill"
FLOW_PATH = "/pay/downloadfundflow"
# Calls for which the merchant shows his certificate.
SECURED = frozenset({"/secapi/pay/refund", FLOW_PATH})
_BILLS = {BILL_PATH: wechat_bills.v2_trade_bill, FLOW_PATH: wechat_bills.v2_flow_bill}
_HANDLERS: dict[str, tuple[str, Handler]] = {
    "/pay/unifiedorder": ("create", _create),
    "/pay/orderquery": ("query", _query),
    "/pay/closeorder": ("close", _close),
    "/secapi/pay/refund": ("refund", _refund),
    "/pay/refundquery": ("query_refund", _query_refund),
    BILL_PATH: ("bill", _no_document),
    FLOW_PATH: ("bill", _no_document),
}
PATHS = frozenset(_HANDLERS)
