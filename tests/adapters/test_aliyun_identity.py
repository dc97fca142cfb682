"""Our identity client against the provider's door over real HTTP."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from clinic.adapters.aliyun_identity import Agreement, AliyunIdentityClient, IdentityConfig
from clinic.adapters.errors import AdapterError, DefiniteError, TransientError
from clinic.embedded.simulator.aliyun_identity import ASKS_A_DAY
from clinic.embedded.simulator.state import FaultKind
from tests.simulator.support import Sim

NAME, NUMBER = "王秀英", "11010519491231002X"
IN_NO_REGISTER = "110105194912319999"


def _config(sim: Sim) -> IdentityConfig:
    return IdentityConfig(
        access_key_id=sim.keys.identity_access_key_id,
        access_key_secret=sim.keys.identity_access_key_secret,
        base_url=sim.base_url,
    )


def _client(sim: Sim, **changes: str) -> AliyunIdentityClient:
    return AliyunIdentityClient(replace(_config(sim), **changes), http=sim.http, now=sim.clock)


def test_a_number_belongs_to_one_name_and_nothing_of_both_is_kept_or_logged(
    sim: Sim, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    first = _client(sim).compare(name=NAME, id_number=NUMBER)
    other = _client(sim).compare(name="王英", id_number=NUMBER)
    again = _client(sim).compare(name=NAME, id_number=NUMBER)
    nobody = _client(sim).compare(name=NAME, id_number=IN_NO_REGISTER)

    assert [one.agreement for one in (first, other, again, nobody)] == [
        Agreement.SAME, Agreement.DIFFERENT, Agreement.SAME, Agreement.NO_RECORD,
    ]  # fmt: skip
    assert first.reference
    assert first.reference != again.reference
    rows = sim.state.store._db.execute("SELECT * FROM citizens").fetchall()
    kept = str([tuple(row) for row in rows]) + caplog.text
    assert len(rows) == 2
    assert NAME not in kept
    assert NUMBER[6:14] not in kept


@pytest.mark.parametrize(
    ("name", "number"),
    [(f"{NAME}1", NUMBER), ("Wang", NUMBER), (NAME, "110105194912310021"), (NAME, "123")],
)
def test_names_and_numbers_against_the_rules_are_refused_for_good(
    sim: Sim, name: str, number: str
) -> None:
    with pytest.raises(DefiniteError) as caught:
        _client(sim).compare(name=name, id_number=number)

    assert caught.value.code == "401"
    assert number not in str(caught.value)


def test_only_the_own_fresh_key_of_this_service_opens_it(sim: Sim) -> None:
    clients: list[Callable[[], AliyunIdentityClient]] = [
        lambda: _client(sim, access_key_secret="x"),
        lambda: _client(sim, access_key_id="x"),
        lambda: _client(
            sim,
            access_key_id=sim.keys.sms_access_key_id,
            access_key_secret=sim.keys.sms_access_key_secret,
        ),
        lambda: AliyunIdentityClient(
            _config(sim), http=sim.http, now=lambda: sim.clock() - timedelta(hours=1)
        ),
    ]
    codes = []
    for client in clients:
        with pytest.raises(DefiniteError) as caught:
            client().compare(name=NAME, id_number=NUMBER)
        codes.append(caught.value.code)

    assert codes == [
        "SignatureDoesNotMatch", "InvalidAccessKeyId.NotFound", "411", "InvalidTimeStamp.Expired",
    ]  # fmt: skip


def test_a_register_that_is_away_and_one_that_was_asked_too_often_are_for_later(sim: Sim) -> None:
    sim.state.inject(FaultKind.IDENTITY_AWAY, times=1)
    codes = []
    for _time in range(ASKS_A_DAY + 2):
        try:
            _client(sim).compare(name=NAME, id_number=NUMBER)
        except TransientError as error:
            codes.append(error.code)

    assert codes == ["402", "403"]
    sim.clock.offset = timedelta(days=1, minutes=1)
    assert _client(sim).compare(name=NAME, id_number=NUMBER).agreement is Agreement.SAME


def test_an_answer_of_something_else_is_not_believed(sim: Sim) -> None:
    with pytest.raises(AdapterError) as caught:
        _client(sim, base_url=f"{sim.base_url}/elsewhere").compare(name=NAME, id_number=NUMBER)

    assert not caught.value.permanent
