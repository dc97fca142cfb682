"""The desk while processes die: nobody is forgotten, nobody overloaded, no word lost."""

from statistics import median
from typing import Any

import pytest

from tests.faults.stories import story

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
PLACE_SECONDS = 2
# The desk took the chat away or ended it; the database was away.
FAIR_REFUSALS = {"writing_closed", "not_found", "temporarily_unavailable"}
# A chat that an agent gave back may wait when its customer has said all; none ends by silence.
FAIR_ENDS = {"ended_by_customer", "ended_by_agent", "left_queue"}
SWEEP_SECONDS = 45  # a beat that starts, the sweep's 15 s, a worker that reconnects


def test_an_outage_leaves_nobody_in_the_queue_and_ends_no_chat_unwarned() -> None:
    told = story("desk_stories", "outage")

    assert told["served_first_come"]
    assert (told["warned"], told["ended"]) == (2, 0)


def test_who_waits_sees_his_place_fall_within_two_seconds() -> None:
    told = story("desk_stories", "places")

    assert len(told["seconds"]) == 11
    assert median(told["seconds"]) < PLACE_SECONDS
    assert max(told["seconds"]) < SWEEP_SECONDS  # a busy machine may be slow once


def test_random_deaths_keep_every_promise() -> None:
    told = story("soak_stories", "short")

    _every_promise_is_kept(told)
    assert sum(told["deaths"].values()) == 15


@pytest.mark.timeout(7500)
def test_a_hundred_random_deaths_keep_every_promise() -> None:
    told = story("soak_stories", "long", seconds=7200)

    _every_promise_is_kept(told)
    assert sum(told["deaths"].values()) == 100
    assert len(told["deaths"]) == 8


def _every_promise_is_kept(told: dict[str, Any]) -> None:
    assert told["breaches"] == []
    assert told["served"] >= 20
    assert told["served"] + told["ended_by_desk"] == told["chats"]  # nobody gave up waiting
    assert told["ends"].keys() <= FAIR_ENDS
    assert told["confirmed"] > 200
    assert _none_of(told, "not_stored", "stored_twice", "unanswered", "out_of_order")
    assert told["over_the_limit"] == 0
    assert told["renewed"] > 20
    assert told["sent_away"] == 0
    assert told["faults"] == []
    assert told["refusals"].keys() <= FAIR_REFUSALS


def _none_of(told: dict[str, Any], *names: str) -> bool:
    assert {name: told[name] for name in names} == dict.fromkeys(names, 0)
    return True
