"""Codes leave by the real client, signed, and arrive at the simulated message service."""

import json
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from clinic.accounts.gateways import codes
from tests.accounts.conftest import PHONE, post
from tests.simulator.support import Sim, gateway_keys, served, shop, sim

__all__ = ["gateway_keys", "served", "shop", "sim"]


@pytest.fixture
def _real_gateway(sim: Sim, settings: Settings) -> Iterator[None]:
    """The gateway of the product, towards the simulator."""
    settings.CODE_GATEWAY = "clinic.accounts.gateways.codes.AliyunCodeGateway"
    settings.SMS_BASE_URL = sim.base_url
    settings.SMS_ACCESS_KEY_ID = sim.keys.sms_access_key_id
    settings.SMS_ACCESS_KEY_SECRET = sim.keys.sms_access_key_secret
    codes._gateway.cache_clear()
    yield
    codes._gateway.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("_real_gateway")
@pytest.mark.parametrize(
    ("phone", "sent_to"), [(PHONE, PHONE[3:]), ("+85261234567", "85261234567")]
)
def test_the_code_that_arrives_logs_in(sim: Sim, phone: str, sent_to: str) -> None:
    asked = post("auth/codes", {"phone": phone, "purpose": "login"})
    (message,) = sim.control("GET", "sms").json()["messages"]
    code = json.loads(message["params"])["code"]
    answer = post("auth/login-by-code", {"phone": phone, "code": code})

    assert asked.status_code == 202
    assert (message["phone"], message["template_code"]) == (sent_to, "SMS_100000002")
    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("_real_gateway")
def test_a_message_service_that_is_away_or_refuses_is_a_named_503(settings: Settings) -> None:
    settings.SMS_ACCESS_KEY_SECRET = "another"
    codes._gateway.cache_clear()
    refused = post("auth/codes", {"phone": PHONE, "purpose": "login"})
    settings.SMS_BASE_URL = "http://127.0.0.1:9"
    codes._gateway.cache_clear()
    away = post("auth/codes", {"phone": "13900139000", "purpose": "login"})

    for answer in (refused, away):
        assert (answer.status_code, answer.json()["code"]) == (503, "code_not_sent")
