"""Keys of providers change without a gap, and a wrong clock is noticed before it hurts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from celery.signals import worker_ready

from clinic.adapters import clocks
from clinic.core.clock import now
from payments import tasks
from payments.models import MerchantConfig, PlatformCertificate
from payments.services.provider_keys import check_clocks, refresh_provider_keys
from tests.cast import Member
from tests.payments.conftest import Till, make_order
from tests.payments.test_callbacks import started

Turn = Callable[[int], None]


@pytest.fixture
def wrong_clock(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Return what sets this machine's clock that many seconds ahead; nobody was alarmed yet."""
    monkeypatch.setattr(clocks, "_alarmed_at", {})

    def turn(seconds: int) -> None:
        monkeypatch.setattr(clocks, "utc_now", lambda: now() + timedelta(seconds=seconds))

    return turn


def test_new_certificates_are_added_and_none_is_dropped(till: Till, lin: Member) -> None:
    MerchantConfig.objects.filter(pk=till.merchant.pk).update(mode="certificate")
    assert refresh_provider_keys() == 0
    before = started(till, lin)
    assert till.sim.control("POST", "keys/rotate", {"which": "certificate"}).status_code < 400

    learned = [refresh_provider_keys() for _ in range(2)]

    assert learned == [1, 0]
    assert PlatformCertificate.objects.count() == 1
    assert till.deliver(before).status_code == 204
    assert till.deliver(started(till, lin)).status_code == 204


def test_a_gateway_that_is_away_changes_no_key(
    till: Till, settings: pytest.FixtureRequest, lin: Member
) -> None:
    settings.WECHATPAY_BASE_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]

    assert refresh_provider_keys() == 0
    settings.WECHATPAY_BASE_URL = till.sim.base_url  # type: ignore[attr-defined]
    assert till.start(lin, make_order(lin)).status_code == 200


@pytest.mark.parametrize(("ahead", "alarms"), [(0, 0), (200, 1), (-200, 1)])
def test_a_clock_that_goes_wrong_raises_one_alarm(
    till: Till, caplog: pytest.LogCaptureFixture, wrong_clock: Turn, ahead: int, alarms: int
) -> None:
    wrong_clock(ahead)

    assert [check_clocks() for _ in range(2)] == [2, 2]  # WeChat Pay and Alipay tell the time

    assert caplog.text.count("our clock is wrong") == alarms


def test_the_first_payment_of_a_process_finds_a_wrong_clock(
    till: Till, lin: Member, caplog: pytest.LogCaptureFixture, wrong_clock: Turn
) -> None:
    wrong_clock(200)

    assert till.start(lin, make_order(lin)).status_code == 200

    found = [record for record in caplog.records if record.message == "our clock is wrong"]
    assert [(record.host, record.seconds > 190) for record in found] == [("127.0.0.1", True)]  # type: ignore[attr-defined]


def test_a_worker_that_starts_asks_for_keys_and_time(
    till: Till,
    caplog: pytest.LogCaptureFixture,
    wrong_clock: Turn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong_clock(200)
    task = tasks.refresh_provider_keys
    monkeypatch.setattr(task, "delay", task)  # runs here what a worker would

    worker_ready.send(sender=None)

    assert "our clock is wrong" in caplog.text
