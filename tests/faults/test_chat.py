"""Chats while something breaks: what was confirmed arrives, once, in order, and soon."""

from typing import Any

import pytest

from clinic.settings import rules
from tests.faults.stories import story

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
HEALED_SECONDS = 6.0
assert rules.POSITIONER_EVERY.total_seconds() < HEALED_SECONDS


def nothing_is_lost(told: dict[str, Any]) -> None:
    """Every word was confirmed, stored once, and heard once by the other, in order."""
    assert told["confirmed"] > 500
    assert told["confirmed"] == told["stored"]
    assert (told["unconfirmed"], told["lost"], told["out_of_order"]) == (0, 0, 0)
    assert told["refusals"] == {}


def test_a_killed_valkey_costs_no_message_and_gaps_heal_within_six_seconds() -> None:
    told = story("chat_stories", "redis_killed")

    nothing_is_lost(told)
    assert told["synced"] > 0, "no push was lost, so nothing was proven"
    assert told["closes"] == {}, "sockets stay open without Valkey"
    assert told["unheard_without_valkey"] == 0
    assert told["slowest_seconds"] < HEALED_SECONDS


def test_a_deploy_and_a_crash_of_the_socket_process_cost_no_message() -> None:
    told = story("chat_stories", "deployed")

    nothing_is_lost(told)
    assert told["closes"]["1012"] == told["closes"]["1006"] == 40
    assert told["synced"] > 0
