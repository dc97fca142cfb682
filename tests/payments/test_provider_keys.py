"""Keys of providers change without a gap, and a wrong clock is noticed before it hurts."""

import logging
from datetime import timedelta

import pytest

from clinic.core.clock import now
from payments.models import MerchantConfig, PlatformCertificate
from payments.services.provider_keys import check_clock, refresh_provider_keys
from tests.cast import Member
from tests.payments.conftest import Till, make_order
from tests.payments.test_callbacks import started


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


@pytest.mark.parametrize(("ahead", "alarm"), [(0, False), (200, True), (-200, True)])
def test_a_clock_that_goes_wrong_raises_an_alarm(
    till: Till, caplog: pytest.LogCaptureFixture, ahead: int, alarm: bool
) -> None:
    caplog.set_level(logging.ERROR)

    skew = check_clock(till.sim.base_url, moment=now() + timedelta(seconds=ahead))

    assert abs(skew.total_seconds() - ahead) < 5
    assert ("our clock is wrong" in caplog.text) is alarm
