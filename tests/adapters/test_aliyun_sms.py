"""Our SMS client against the gateway over real HTTP."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from clinic.adapters.aliyun_sms import AliyunSmsClient, SmsConfig, SmsMessage, signature_of
from clinic.adapters.errors import DefiniteError, TransientError, UnknownOutcomeError
from clinic.core.clock import now
from clinic.embedded.simulator import aliyun
from clinic.embedded.simulator.state import FaultKind
from tests.simulator.support import Sim

MESSAGE = SmsMessage(
    phone="13800138000", template_code="SMS_1001", params={"code": "482913"}, out_id="n-1"
)


def _config(sim: Sim) -> SmsConfig:
    return SmsConfig(
        access_key_id=sim.keys.sms_access_key_id,
        access_key_secret=sim.keys.sms_access_key_secret,
        sign_name="香草诊所",
        base_url=sim.base_url,
    )


def _client(sim: Sim) -> AliyunSmsClient:
    return AliyunSmsClient(_config(sim), http=sim.http, now=sim.clock)


def test_message_reaches_the_inbox_and_only_its_log(
    sim: Sim, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    biz_id = _client(sim).send(MESSAGE)
    found = sim.control("GET", "sms?phone=13800138000").json()["messages"]

    assert found[0]["biz_id"] == biz_id
    assert "482913" in found[0]["params"]
    assert sim.control("GET", "sms?phone=13900139000").json()["messages"] == []
    printed = [r for r in caplog.records if "482913" in r.getMessage()]
    assert {r.name for r in printed} == {aliyun.__name__}
    assert not [r for r in caplog.records if "13800138000" in r.getMessage()]


def test_documented_signature_is_reproduced() -> None:
    """Expected values: the worked example of the vendor's page "signature method V3"."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"

    signature = signature_of("YourAccessKeySecret", "POST", "/", query, headers)

    assert signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_wrong_secret_and_wrong_key_are_refused(sim: Sim) -> None:
    for wrong in ({"access_key_secret": "x"}, {"access_key_id": "x"}):
        client = AliyunSmsClient(replace(_config(sim), **wrong), http=sim.http, now=sim.clock)
        with pytest.raises(DefiniteError):
            client.send(MESSAGE)
    assert aliyun.inbox(sim.state) == []


def test_old_signature_is_refused(sim: Sim) -> None:
    client = AliyunSmsClient(_config(sim), http=sim.http, now=lambda: now() - timedelta(hours=1))

    with pytest.raises(DefiniteError) as caught:
        client.send(MESSAGE)

    assert caught.value.code == "InvalidTimeStamp.Expired"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phone": "1380013800x"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"template_code": "nothing"}, "isv.SMS_TEMPLATE_ILLEGAL"),
    ],
)
def test_wrong_fields_are_definite(sim: Sim, changes: dict[str, str], code: str) -> None:
    with pytest.raises(DefiniteError) as caught:
        _client(sim).send(replace(MESSAGE, **changes))

    assert caught.value.code == code
    assert "1380013800" not in str(caught.value)


def test_flow_control_is_transient(sim: Sim) -> None:
    sim.state.inject(FaultKind.SMS_REFUSED, times=1)

    with pytest.raises(TransientError):
        _client(sim).send(MESSAGE)

    assert _client(sim).send(MESSAGE)


def test_answer_of_something_else_is_unknown(sim: Sim) -> None:
    config = replace(_config(sim), base_url=f"{sim.base_url}/elsewhere")

    with pytest.raises(UnknownOutcomeError):
        AliyunSmsClient(config, http=sim.http, now=sim.clock).send(MESSAGE)
