"""The fifteen rules for callbacks and outbound calls, and the tests that hold each."""

import importlib
import logging
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.adapters import http as adapter_http
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.embedded.simulator import orders as gateway_orders
from clinic.embedded.simulator.state import FaultKind
from clinic.settings import rules
from payments.api.serializers import PayIn, RefundIn, TopUpIn
from payments.models import (
    GatewayEvent,
    LedgerTransaction,
    MerchantConfig,
    PaymentAttempt,
    PaymentOrder,
)
from tests.cast import Member, make_member
from tests.payments.conftest import Till, make_order, post
from tests.payments.test_callbacks import started, status_of_last
from tests.payments.test_providers import begin, hear, use

HERE, SIGNS, CALLBACKS, STAFF = (
    "tests.payments.test_security_rules",
    "tests.payments.test_signs_and_clocks",
    "tests.payments.test_callbacks",
    "tests.payments.test_staff_money",
)
RULES: dict[int, tuple[str, ...]] = {
    1: (  # raw bytes, size, POST, type
        f"{CALLBACKS}:test_hostile_messages_are_refused_in_one_way",
        f"{CALLBACKS}:test_other_methods_and_merchants_are_refused",
    ),
    2: (  # window; old but genuine = ask
        f"{CALLBACKS}:test_a_genuine_but_old_message_makes_us_ask",
        "tests.adapters.test_wechatpay_callbacks:test_stale_forgery_names_nothing",
    ),
    3: (  # keys by exact id, no fetch for a stranger, new ones added
        f"{HERE}:test_an_unknown_key_is_refused_without_a_fetch",
        "tests.adapters.test_wechatpay_more:test_a_forged_list_of_certificates_is_not_taken",
        "tests.payments.test_provider_keys:test_new_certificates_are_added_and_none_is_dropped",
    ),
    4: (f"{HERE}:test_probes_are_refused_without_counting",),
    5: (  # constant time, strict base64, algorithms of ours alone
        f"{SIGNS}:test_codes_are_compared_in_constant_time",
        f"{SIGNS}:test_the_hash_of_a_bill_is_compared_in_constant_time",
        f"{SIGNS}:test_a_signature_written_another_way_is_refused",
        f"{SIGNS}:test_an_alipay_signature_written_another_way_is_refused",
        f"{SIGNS}:test_no_message_chooses_its_algorithm",
    ),
    6: (  # content after the signature
        f"{CALLBACKS}:test_spoiled_messages_change_nothing",
        f"{CALLBACKS}:test_a_wrong_amount_is_put_aside_for_staff",
        f"{HERE}:test_a_browser_that_comes_back_proves_nothing",
    ),
    7: (f"{CALLBACKS}:test_a_message_many_times_counts_once",),
    8: (
        f"{CALLBACKS}:test_hostile_messages_are_refused_in_one_way",
        f"{HERE}:test_logs_name_nobody_and_hold_no_key",
    ),
    9: (
        f"{CALLBACKS}:test_refusals_are_counted_and_genuine_messages_are_not",
        f"{HERE}:test_a_forwarded_address_is_not_believed",
    ),
    10: (
        f"{HERE}:test_odd_documents_are_refused",
        "tests.adapters.test_alipay_notifications:test_hostile_notifications_are_refused",
    ),
    11: (
        f"{HERE}:test_outbound_calls_follow_nobody",
        "tests.adapters.test_bills:test_files_are_fetched_from_the_gateway_alone",
    ),
    12: (
        f"{HERE}:test_the_console_and_the_database_hold_no_secret",
        "tests.adapters.test_alipay_client:test_secrets_do_not_show_in_the_configuration",
    ),
    13: (
        f"{STAFF}:test_a_large_refund_in_the_console_needs_two_people",
        f"{HERE}:test_nobody_edits_money_in_the_console",
    ),
    14: (
        f"{HERE}:test_no_client_names_a_price_or_an_address",
        "tests.payments.test_reading:test_the_price_on_an_order_is_frozen",
    ),
    15: (
        "tests.adapters.test_alipay_client:test_a_clock_in_another_zone_is_refused",
        "tests.payments.test_provider_keys:test_a_clock_that_goes_wrong_raises_one_alarm",
        "tests.payments.test_provider_keys:test_the_first_payment_of_a_process_finds_a_wrong_clock",
        "tests.payments.test_provider_keys:test_a_worker_that_starts_asks_for_keys_and_time",
        f"{SIGNS}:test_times_and_days_are_those_of_the_gateways_wherever_we_run",
        f"{SIGNS}:test_a_clock_that_jumps_ends_no_call",
        f"{SIGNS}:test_a_call_that_lasts_too_long_is_given_up",
    ),
}


@pytest.mark.parametrize("number", range(1, 16))
def test_each_rule_has_its_tests(number: int) -> None:
    for named in RULES[number]:
        module, _colon, name = named.partition(":")
        assert callable(getattr(importlib.import_module(module), name)), named


def test_an_unknown_key_is_refused_without_a_fetch(
    till: Till, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.sim.state.inject(FaultKind.UNKNOWN_SERIAL, times=1)
    notice = started(till, lin)

    def nobody_calls(*_args: Any, **_more: Any) -> None:
        raise AssertionError("a stranger made us call out")

    with monkeypatch.context() as patched:
        patched.setattr("httpx2.Client.send", nobody_calls)
        assert till.deliver(notice).status_code == 401
    till.sim.state.reset()
    assert till.deliver(started(till, lin)).status_code == 204  # our keys are all still there


def test_probes_are_refused_without_counting(till: Till, lin: Member) -> None:
    allowed = int(rules.CALLBACK_REFUSALS.partition("/")[0])
    till.sim.state.inject(FaultKind.SIGNTEST, times=1)
    probe = started(till, lin)

    codes = {till.deliver(probe).status_code for _ in range(allowed + 2)}

    assert codes == {401}
    assert till.send({}, b"{}").status_code == 401  # not 429: probes were not counted


def test_a_browser_that_comes_back_proves_nothing(till: Till, lin: Member, client: Client) -> None:
    order, _params = begin(till, lin, "alipay_page")
    number = till.attempt(order).out_trade_no

    client.get("/", {"out_trade_no": number, "trade_status": "TRADE_SUCCESS"})

    assert status_of_last() == "pending"


def test_logs_name_nobody_and_hold_no_key(
    till: Till, lin: Member, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    order, _params = begin(till, lin, "wechat_jsapi")
    till.deliver(till.pay_at_gateway(order))
    till.send({"Wechatpay-Serial": "x"}, b'{"openid": "oLin0001"}')

    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    text = "\n".join(str(record.__dict__) for record in ours)
    keys = till.sim.keys
    hidden = (
        "oLin0001",
        lin.user.phone,
        keys.apiv3_key,
        keys.api_v2_key,
        "Authorization",
        "BEGIN PRIVATE",
    )
    assert [word for word in hidden if word in text] == []


def test_a_forwarded_address_is_not_believed(till: Till) -> None:
    allowed = int(rules.CALLBACK_REFUSALS.partition("/")[0])

    with time_machine.travel(now(), tick=False):  # tries are counted by the minute
        codes = [
            Client()
            .post(
                till.callback_path,
                b"{}",
                "application/json",
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            )
            .status_code
            for number in range(allowed + 1)
        ]

    assert codes[-1] == 429


@pytest.mark.parametrize(
    ("provider", "kind", "body"),
    [
        ("wechat_v2", "text/xml", b'<!DOCTYPE x [<!ENTITY a "b">]><xml><sign>&a;</sign></xml>'),
        ("wechat_v2", "text/xml", b"<xml><a><b>1</b></a></xml>"),
        ("wechat_v2", "text/xml", b"<xml><sign>1</sign><sign>2</sign></xml>"),
        ("alipay", "application/x-www-form-urlencoded", b"sign=1&sign=2&sign_type=RSA2"),
        ("alipay", "application/json", b'{"sign": "1"}'),
        ("wechat_v3", "application/json", b'{"id": "1", "id": "2"}'),
        ("wechat_v3", "application/json", b'{"id": 1.5}'),
        ("free", "application/json", b"{}"),
        ("nobody", "application/json", b"{}"),
    ],
)
def test_odd_documents_are_refused(till: Till, provider: str, kind: str, body: bytes) -> None:
    merchant = MerchantConfig.objects.filter(provider=provider).first() or till.merchant
    path = f"/api/v1/payments/callbacks/{provider}/{merchant.public_id}/"

    answer = Client().post(path, body, content_type=kind)

    assert (answer.status_code, answer.json()["code"]) == (401, "FAIL")
    assert not GatewayEvent.objects.exists()


def test_outbound_calls_follow_nobody() -> None:
    client = adapter_http.new_client()

    assert (client.follow_redirects, client.trust_env) == (False, False)
    assert client.timeout.connect == 2
    assert adapter_http.TOTAL_SECONDS <= 10
    client.close()


def test_the_console_and_the_database_hold_no_secret(
    till: Till, an: Member, client: Client
) -> None:
    client.force_login(an.user)
    keys = till.sim.keys
    secrets = (keys.apiv3_key, keys.api_v2_key, "PRIVATE KEY")

    page = client.get(
        reverse("admin:payments_merchantconfig_change", args=[till.merchant.pk])
    ).content.decode()
    rows = str(list(MerchantConfig.objects.values()))

    assert [word for word in secrets if word in page or word in rows] == []
    assert "embedded" in rows  # a reference alone


@pytest.mark.parametrize("model", [PaymentOrder, PaymentAttempt, GatewayEvent, LedgerTransaction])
def test_nobody_edits_money_in_the_console(
    till: Till, lin: Member, client: Client, model: Any
) -> None:
    till.paid(lin)
    client.force_login(make_member("方财", Role.FINANCE, is_staff=True).user)
    row = model.objects.order_by("pk")[0]
    name = f"admin:payments_{model._meta.model_name}"

    assert client.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
    assert client.post(reverse(f"{name}_delete", args=[row.pk]), {}).status_code == 403
    assert client.post(reverse(f"{name}_add"), {}).status_code == 403


def test_no_client_names_a_price_or_an_address(till: Till, lin: Member) -> None:
    order = make_order(lin, 3900)
    body = {"method": "wechat_native", "amount_fen": 1, "notify_url": "https://evil.example/"}

    post(lin, f"orders/{order.public_id}/pay", body)

    assert {*PayIn().fields} == {"method", "openid"}
    assert {*TopUpIn().fields, *RefundIn().fields} == {"amount_fen", "all", "reason"}
    made = PaymentAttempt.objects.filter(order=order)
    assert {row.amount_fen for row in made} <= {3900}


def test_a_forged_alipay_message_pays_nothing(till: Till, lin: Member) -> None:
    alipay = use("alipay")
    order, _params = begin(till, lin, "alipay_qr")
    gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)
    notice = till.sim.shop.next()

    for change in (b"total_amount=0.01", b"seller_id=2088999999999999"):
        name = change.partition(b"=")[0]
        body = re.sub(name + rb"=[^&]*", change, notice.body)
        assert hear(alipay, notice, body).status_code == 401

    assert status_of_last() == "pending"
