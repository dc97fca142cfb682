"""Our clock against the time that answers tell."""

from datetime import UTC, datetime, timedelta

import pytest

from clinic.adapters import clocks

HERE = datetime(2026, 11, 25, 10, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "_alarmed_at", {})
    monkeypatch.setattr(clocks, "utc_now", lambda: HERE)


def test_the_difference_has_a_sign() -> None:
    assert clocks.compare("a", {"date": "Wed, 25 Nov 2026 09:59:50 GMT"}) == timedelta(seconds=10)
    assert clocks.compare("a", {"date": "Wed, 25 Nov 2026 10:00:05 GMT"}) == timedelta(seconds=-5)


@pytest.mark.parametrize("text", ["", "yesterday", "Wed, 25 Nov 2026 10:00:00", "0" * 5000])
def test_an_answer_without_a_time_says_nothing(text: str, caplog: pytest.LogCaptureFixture) -> None:
    assert clocks.compare("a", {"date": text}) is None
    assert clocks.compare("a", {}) is None
    assert caplog.text == ""


def test_each_service_alarms_once_an_hour(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"date": "Wed, 25 Nov 2026 08:00:00 GMT"}
    passed = 0.0
    monkeypatch.setattr(clocks.time, "monotonic", lambda: 1e6 + passed)

    for host in ("a", "a", "b"):
        clocks.compare(host, wrong)
    passed = clocks.QUIET_SECONDS + 1
    clocks.compare("a", wrong)

    assert [record.host for record in caplog.records] == ["a", "b", "a"]  # type: ignore[attr-defined]
