"""What the gateway refuses: it is as strict with us as the real one."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from clinic.adapters.wechatpay.signing import authorization, check_signature
from clinic.embedded.simulator import orders
from clinic.embedded.simulator.crypto import foreign_private_key, sign_message
from tests.simulator.support import Sim

PATH = "/v3/pay/transactions/native"


def _body(sim: Sim, **changes: Any) -> dict[str, Any]:
    values = {
        "appid": sim.keys.appid,
        "mchid": sim.keys.mchid,
        "description": "问诊",
        "out_trade_no": "STRICT000001",
        "notify_url": sim.shop.notify_url,
        "amount": {"total": 100, "currency": "CNY"},
    }
    return {name: value for name, value in (values | changes).items() if value is not ...}


def _send(
    sim: Sim,
    body: Any,
    *,
    path: str = PATH,
    method: str = "POST",
    headers: dict[str, str] | None = None,
    signed: dict[str, Any] | None = None,
) -> httpx2.Response:
    text = body if isinstance(body, str) else json.dumps(body)
    values = {
        "method": method,
        "target": path,
        "body": text,
        "now": sim.clock(),
        "nonce": orders.secrets.token_hex(16),
    } | (signed or {})
    own = {
        "Authorization": authorization(sim.config(), **values),
        "Accept": "application/json",
        "Content-Type": "application/json",
        "User-Agent": "test",
    }
    chosen = {k: v for k, v in (own | (headers or {})).items() if v}
    return sim.http.request(method, sim.base_url + path, content=text, headers=chosen)


def _code(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


WRONG_BODIES = {
    "short number": ({"out_trade_no": "AB12"}, 400, "PARAM_ERROR"),
    "long number": ({"out_trade_no": "A" * 33}, 400, "PARAM_ERROR"),
    "number with a space": ({"out_trade_no": "ORDER 0001"}, 400, "PARAM_ERROR"),
    "Chinese number": ({"out_trade_no": "订单0000001"}, 400, "PARAM_ERROR"),
    "number missing": ({"out_trade_no": ...}, 400, "PARAM_ERROR"),
    "no amount": ({"amount": ...}, 400, "PARAM_ERROR"),
    "amount zero": ({"amount": {"total": 0}}, 400, "PARAM_ERROR"),
    "amount as text": ({"amount": {"total": "100"}}, 400, "PARAM_ERROR"),
    "amount as boolean": ({"amount": {"total": True}}, 400, "PARAM_ERROR"),
    "amount as fraction": ({"amount": {"total": 1.5}}, 400, "PARAM_ERROR"),
    "amount too large": ({"amount": {"total": 10**12}}, 400, "PARAM_ERROR"),
    "other currency": ({"amount": {"total": 1, "currency": "USD"}}, 400, "PARAM_ERROR"),
    "no description": ({"description": ""}, 400, "PARAM_ERROR"),
    "long description": ({"description": "x" * 128}, 400, "PARAM_ERROR"),
    "expired": ({"time_expire": "2020-01-01T00:00:00+08:00"}, 400, "PARAM_ERROR"),
    "expiry without zone": ({"time_expire": "2035-01-01T00:00:00"}, 400, "PARAM_ERROR"),
    "notify with query": ({"notify_url": "http://127.0.0.1/?a=1"}, 400, "PARAM_ERROR"),
    "notify elsewhere": ({"notify_url": "ftp://127.0.0.1/"}, 400, "PARAM_ERROR"),
    "other merchant": ({"mchid": "1900000000"}, 400, "PARAM_ERROR"),
    "other app": ({"appid": "wx0000000000000bad"}, 400, "APPID_MCHID_NOT_MATCH"),
}


@pytest.mark.parametrize(
    ("changes", "status", "code"), WRONG_BODIES.values(), ids=list(WRONG_BODIES)
)
def test_wrong_body_is_refused(sim: Sim, changes: dict[str, Any], status: int, code: str) -> None:
    answer = _send(sim, _body(sim, **changes))

    assert _code(answer) == (status, code)
    assert sim.state.store.find(orders.Order) == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": NaN}', "[" * 5000])
def test_body_that_is_no_object_is_refused(sim: Sim, text: str) -> None:
    assert _code(_send(sim, text)) == (400, "PARAM_ERROR")


def test_jsapi_needs_a_payer(sim: Sim) -> None:
    for payer in (..., {}, {"openid": ""}, {"openid": "有"}, []):
        answer = _send(sim, _body(sim, payer=payer), path="/v3/pay/transactions/jsapi")
        assert _code(answer) == (400, "PARAM_ERROR")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic YTpi",
        "WECHATPAY2-SHA256-RSA2048",
        'WECHATPAY2-SHA256-RSA2048 mchid="1"',
        "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{n}="1"' for n in "abcde"),
    ],
)
def test_authorization_grammar_is_exact(sim: Sim, header: str) -> None:
    answer = _send(sim, _body(sim), headers={"Authorization": header})

    assert _code(answer) == (401, "SIGN_ERROR")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mchid", "1900000000"),
        ("serial_no", "00"),
        ("nonce_str", "short"),
        ("timestamp", "abc"),
        ("signature", "AAAA"),
        ("signature", "!"),
    ],
)
def test_each_part_of_the_authorization_counts(sim: Sim, name: str, value: str) -> None:
    right = authorization(
        sim.config(), method="POST", target=PATH, body="{}", now=sim.clock(), nonce="a" * 32
    )
    wrong = re.sub(f'{name}="[^"]*"', f'{name}="{value}"', right)

    assert _code(_send(sim, "{}", headers={"Authorization": wrong})) == (401, "SIGN_ERROR")


@pytest.mark.parametrize(
    "signed",
    [
        {"body": "{}"},
        {"target": "/v3/pay/transactions/jsapi"},
        {"method": "PUT"},
    ],
)
def test_signature_covers_method_path_and_body(sim: Sim, signed: dict[str, str]) -> None:
    assert _code(_send(sim, _body(sim), signed=signed)) == (401, "SIGN_ERROR")


@pytest.mark.parametrize("seconds", [-310, 310])
def test_signature_is_good_for_five_minutes(sim: Sim, seconds: int) -> None:
    when = sim.clock() + timedelta(seconds=seconds)

    assert _code(_send(sim, _body(sim), signed={"now": when})) == (401, "SIGN_ERROR")


def test_nonce_is_good_once(sim: Sim) -> None:
    nonce = orders.secrets.token_hex(16)

    assert _send(sim, _body(sim), signed={"nonce": nonce}).status_code == 200
    assert _code(_send(sim, _body(sim), signed={"nonce": nonce})) == (401, "SIGN_ERROR")


def test_foreign_key_is_refused(sim: Sim) -> None:
    signature = sign_message(foreign_private_key(), b"x")
    right = authorization(
        sim.config(), method="POST", target=PATH, body="{}", now=sim.clock(), nonce="b" * 32
    )
    wrong = re.sub('signature="[^"]*"', f'signature="{signature}"', right)

    assert _code(_send(sim, "{}", headers={"Authorization": wrong})) == (401, "SIGN_ERROR")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/html"},
        {"Content-Type": "text/plain"},
        {"Wechatpay-Serial": "PUB_KEY_ID_1"},
    ],
)
def test_required_headers(sim: Sim, headers: dict[str, str]) -> None:
    assert _send(sim, _body(sim), headers=headers).json()["code"] == "PARAM_ERROR"


def test_refusals_are_signed_too(sim: Sim) -> None:
    answer = _send(sim, "{}", headers={"Wechatpay-Serial": sim.keys.platform_key_id})

    check_signature(sim.config(), answer.headers, answer.content, sim.clock())


def test_large_body_and_unknown_path_are_refused(sim: Sim) -> None:
    assert sim.http.post(sim.base_url + PATH, content=b"x" * 70_000).status_code == 413
    assert _code(_send(sim, "{}", path="/v3/nothing")) == (404, "RESOURCE_NOT_EXISTS")
    assert _send(sim, "", path="/v3/nothing", method="GET").status_code == 404


def test_paid_and_closed_numbers_cannot_be_ordered_again(sim: Sim) -> None:
    paid, closed = _body(sim), _body(sim, out_trade_no="STRICT000002")
    _send(sim, paid)
    _send(sim, closed)
    orders.pay(sim.state, "STRICT000001")
    orders.close(sim.state, "STRICT000002")

    assert _code(_send(sim, paid)) == (400, "ORDERPAID")
    assert _code(_send(sim, closed)) == (400, "ORDER_CLOSED")


def test_query_needs_the_merchant_and_a_paid_order_for_the_gateways_number(sim: Sim) -> None:
    _send(sim, _body(sim))
    number = "/v3/pay/transactions/out-trade-no/STRICT000001"

    assert _send(sim, "", path=number, method="GET").status_code == 400
    unknown = f"/v3/pay/transactions/id/42000000?mchid={sim.keys.mchid}"
    assert _code(_send(sim, "", path=unknown, method="GET")) == (404, "ORDER_NOT_EXIST")


def test_refund_limits(sim: Sim) -> None:
    _send(sim, _body(sim))
    orders.pay(sim.state, "STRICT000001")
    path = "/v3/refund/domestic/refunds"
    base = {"out_trade_no": "STRICT000001", "amount": {"refund": 1, "total": 100}}

    def code(**changes: Any) -> int:
        return _send(sim, base | changes, path=path).status_code

    assert code() == 400  # no number
    assert code(out_refund_no="R 1") == 400
    assert code(out_refund_no="R1", transaction_id="42") == 400
    assert code(out_refund_no="R1", reason="x" * 81) == 400
    assert code(out_refund_no="R1", amount={"refund": 0, "total": 100}) == 400
    for i in range(50):
        assert code(out_refund_no=f"R{i}") == 200
    assert code(out_refund_no="R50") == 400  # fifty are the limit


def test_refund_spacing_can_be_switched_on(sim: Sim) -> None:
    sim.state.set_setting("refund_spacing_seconds", 60)
    _send(sim, _body(sim))
    orders.pay(sim.state, "STRICT000001")
    path = "/v3/refund/domestic/refunds"
    base = {"out_trade_no": "STRICT000001", "amount": {"refund": 1, "total": 100}}

    assert _send(sim, base | {"out_refund_no": "R1"}, path=path).status_code == 200
    assert _code(_send(sim, base | {"out_refund_no": "R2"}, path=path)) == (
        429,
        "FREQUENCY_LIMITED",
    )
    sim.advance(seconds=61)
    assert _send(sim, base | {"out_refund_no": "R2"}, path=path).status_code == 200
