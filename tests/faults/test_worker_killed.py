"""kill -9 of the worker between a payment and its doctor: nobody who paid is forgotten."""

import pytest

from tests.faults.stories import story

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
ORDERS = 240
LONGEST_RECOVERY_SECONDS = 45  # the lease of a fact that was handed out, and some work


def test_a_killed_worker_loses_no_paid_order_and_repeats_nothing() -> None:
    told = story("paid_and_killed")
    killed, after = told["killed"], told["after"]
    assert told["callbacks"] == {"204": ORDERS}
    assert killed["paid"] == ORDERS
    assert 0 < killed["with_doctor"] < ORDERS
    assert killed["unfinished_facts"] > 0

    assert after == {
        "paid": ORDERS,
        "with_doctor": ORDERS,
        "queued": 0,
        "refunded": 0,
        "unfinished_facts": 0,
        "assigned_twice": 0,
        "moved_twice": 0,
        "booked_twice": 0,
        "told_twice": 0,
    }
    assert told["seconds"] < LONGEST_RECOVERY_SECONDS
