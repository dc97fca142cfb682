"""Signatures are read strictly and in our terms; times and waits hold wherever we run."""

import time
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from clinic.adapters import http as adapter_http
from clinic.adapters.errors import TransientError
from clinic.adapters.wechatpay_v2.xml import read_flat, write_flat
from clinic.core.clock import clinic_day, now
from clinic.embedded.simulator import orders as gateway_orders
from clinic.embedded.simulator.wechat_v2.xml import signature
from payments.models import ReconciliationRun
from payments.services import closing
from payments.services.reconciliation import reconcile, reconcile_due
from tests.cast import Member
from tests.payments.conftest import Till, later
from tests.payments.test_callbacks import started, status_of_last
from tests.payments.test_providers import begin, hear, use


def test_a_signature_written_another_way_is_refused(till: Till, lin: Member) -> None:
    """Lenient base64 skips foreign signs and would read every one of these as the same bytes."""
    notice = started(till, lin)
    name = next(name for name in notice.headers if name.lower() == "wechatpay-signature")
    genuine = notice.headers[name]

    for written in (f" {genuine}", f"{genuine}\t", f"{genuine[:9]}!{genuine[9:]}", f"{genuine}="):
        headers = notice.headers | {name: written}
        assert till.deliver(notice, headers=headers).status_code == 401, written
    assert till.deliver(notice).status_code == 204


def test_an_alipay_signature_written_another_way_is_refused(till: Till, lin: Member) -> None:
    alipay = use("alipay")
    order, _params = begin(till, lin, "alipay_qr")
    gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)
    notice = till.sim.shop.next()
    fields = dict(parse_qsl(notice.body.decode()))

    for changes in (
        {"sign": f"{fields['sign'][:9]} {fields['sign'][9:]}"},
        {"sign": f"{fields['sign']}\n"},
        {"sign_type": "RSA"},  # SHA-1: weaker than what was agreed
        {"sign_type": "none"},
        {"charset": "GBK"},
    ):
        body = urlencode(fields | changes).encode()
        assert hear(alipay, notice, body).status_code == 401, changes
    assert hear(alipay, notice).status_code == 200


def test_no_message_chooses_its_algorithm(till: Till, lin: Member) -> None:
    merchant = use("wechat_v2", mode="hmac_sha256")
    order, _params = begin(till, lin, "wechat_native")
    gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)
    notice = till.sim.shop.next()
    told = read_flat(notice.body)
    weaker = {name: value for name, value in told.items() if name != "sign"}
    weaker["sign_type"] = "MD5"
    weaker["sign"] = signature(weaker, till.sim.keys.api_v2_key, "MD5")  # genuine, by MD5

    assert hear(merchant, notice, write_flat(weaker)).status_code == 401
    assert (
        hear(merchant, notice, write_flat(told | {"sign": told["sign"].lower()})).status_code == 401
    )
    assert status_of_last() == "pending"
    assert hear(merchant, notice).status_code == 200
    assert status_of_last() == "paid"


def test_codes_are_compared_in_constant_time(
    till: Till, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the constant-time comparison denies is denied: nothing else decides."""
    merchant = use("wechat_v2")
    order, _params = begin(till, lin, "wechat_native")
    gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)
    notice = till.sim.shop.next()

    with monkeypatch.context() as patched:
        patched.setattr("clinic.adapters.wechatpay_v2.signing.hmac.compare_digest", _never)
        assert hear(merchant, notice).status_code == 401

    assert hear(merchant, notice).status_code == 200


def test_the_hash_of_a_bill_is_compared_in_constant_time(
    till: Till, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.paid(lin)
    till.sim.state.set_setting("bills_of_today", 1)

    with monkeypatch.context() as patched:
        comparing = SimpleNamespace(compare_digest=_never)
        patched.setattr("clinic.adapters.wechatpay.bills.hmac", comparing)
        refused = reconcile(till.merchant, clinic_day(now()))
        refused_status = refused.status

    assert (refused_status, refused.failure) == ("failed", "not fetched")
    assert reconcile(till.merchant, clinic_day(now())).status == "clean"


def _never(*_given: Any) -> bool:
    return False


def test_a_clock_that_jumps_ends_no_call(
    till: Till, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server whose time is set during a call neither gives up early nor waits for ever."""
    jumps = iter(range(0, 10**9, 86_400))
    monkeypatch.setattr(adapter_http, "time", SimpleNamespace(monotonic=time.monotonic))
    monkeypatch.setattr(time, "time", lambda: float(next(jumps)))

    sent = adapter_http.send(
        till.sim.http, till.sim.http.build_request("GET", till.sim.base_url), changes=False
    )

    assert sent.status == 200


def test_a_call_that_lasts_too_long_is_given_up(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([0.0, *(adapter_http.TOTAL_SECONDS + step for step in range(1, 1000))])
    monkeypatch.setattr(adapter_http, "time", SimpleNamespace(monotonic=lambda: next(seconds)))

    with pytest.raises(TransientError):
        adapter_http.send(
            till.sim.http, till.sim.http.build_request("GET", till.sim.base_url), changes=False
        )


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_times_and_days_are_those_of_the_gateways_wherever_we_run(
    till: Till, lin: Member, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        use("alipay")
        order, _params = begin(till, lin, "alipay_qr")  # five minutes off would be refused
        gateway_orders.pay(till.sim.state, till.attempt(order).out_trade_no)
        assert closing.poll_attempts(moment=later(seconds=30)) == 1
        after_midnight = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # half past midnight there
        reconcile_due(moment=after_midnight)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert status_of_last() == "paid"
    days = set(ReconciliationRun.objects.values_list("bill_date", flat=True))
    assert max(days) == date(2026, 11, 24)
