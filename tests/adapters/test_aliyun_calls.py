"""Our client of number protection against the gateway over real HTTP, and its pushes against us."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from clinic.adapters.aliyun_calls import (
    AliyunCallsClient,
    Binding,
    CallsConfig,
    ReportRefusedError,
    read_reports,
)
from clinic.adapters.errors import DefiniteError, TransientError
from clinic.core.clock import now
from clinic.embedded.simulator.calls import POOL_KEY
from clinic.embedded.simulator.state import FaultKind
from tests.simulator.support import Received, Sim

HEARD = (200, b'{"code":0,"msg":"ok"}')


def _client(sim: Sim, **wrong: str) -> AliyunCallsClient:
    config = CallsConfig(
        access_key_id=sim.keys.sms_access_key_id,
        access_key_secret=sim.keys.sms_access_key_secret,
        pool_key=POOL_KEY,
        base_url=sim.base_url,
    )
    return AliyunCallsClient(replace(config, **wrong), http=sim.http, now=sim.clock)


def _bind(sim: Sim, **changes: Any) -> Binding:
    values: dict[str, Any] = {
        "phone_a": "13800138000",
        "phone_b": "13900139000",
        "expires_at": sim.clock() + timedelta(minutes=30),
        "out_id": "call-1",
        "is_recorded": False,
    }
    return _client(sim).bind(**(values | changes))


def _dial(sim: Sim, binding: Binding, **told: Any) -> Received:
    sim.shop.answers.put(HEARD)
    body = {"by": "a", "seconds": 90, "url": sim.shop.address("calls")} | told
    assert sim.control("POST", f"calls/{binding.sub_id}/dial", body).status_code == 200
    return sim.shop.next()


def test_a_binding_is_dialled_told_and_released(sim: Sim, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    binding = _bind(sim)
    told = _dial(sim, binding)
    headers = {name.lower(): value for name, value in told.headers.items()}

    (report,) = read_reports(sim.keys.sms_access_key_secret, headers, told.body, now=now())

    assert (report.sub_id, report.is_from_a) == (binding.sub_id, True)
    assert report.answered_at is not None
    assert report.ended_at - report.answered_at == timedelta(seconds=90)
    assert report.recording_url == ""
    _client(sim).unbind(binding)
    with pytest.raises(DefiniteError):
        _client(sim).unbind(binding)
    assert sim.control("POST", f"calls/{binding.sub_id}/dial", {"by": "a"}).status_code == 404
    assert "13800138000" not in caplog.text


def test_two_bindings_of_one_person_have_two_numbers_and_recordings_are_told(sim: Sim) -> None:
    first, second = _bind(sim), _bind(sim, phone_b="13700137000", is_recorded=True)
    told = _dial(sim, second, by="b", seconds=5)

    assert first.relay_number != second.relay_number
    (item,) = json.loads(told.body)
    assert (item["call_type"], item["record_url"][:8]) == (1, "https://")


@pytest.mark.parametrize(
    "changes", [{"phone_a": "12345"}, {"phone_b": "13800138000"}, {"expires_at": now()}]
)
def test_wrong_bindings_are_definite(sim: Sim, changes: dict[str, Any]) -> None:
    with pytest.raises(DefiniteError) as caught:
        _bind(sim, **changes)

    assert "138" not in str(caught.value)


def test_foreign_keys_and_a_sick_service_are_told_apart(sim: Sim) -> None:
    for wrong in ({"access_key_secret": "other"}, {"pool_key": "FC-other"}):
        with pytest.raises(DefiniteError):
            _client(sim, **wrong).unbind(Binding(sub_id="1", relay_number="2"))
    sim.state.inject(FaultKind.CALLS_AWAY, times=1)
    with pytest.raises(TransientError):
        _bind(sim)


@pytest.mark.parametrize("fault", [FaultKind.FOREIGN_KEY, FaultKind.STALE])
def test_a_forged_or_old_push_is_not_believed(sim: Sim, fault: FaultKind) -> None:
    binding = _bind(sim)
    sim.state.inject(fault, times=1)
    told = _dial(sim, binding)
    headers = {name.lower(): value for name, value in told.headers.items()}

    with pytest.raises(ReportRefusedError):
        read_reports(sim.keys.sms_access_key_secret, headers, told.body, now=now())
