"""kill -9 of the worker between a payment and its doctor: nobody who paid is forgotten."""

import json
import subprocess
import sys
from typing import Any

import pytest

from bench.stack import running
from clinic.embedded.paths import CHECKOUT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
ORDERS = 240
LONGEST_RECOVERY_SECONDS = 45  # the lease of a fact that was handed out, and some work


@pytest.fixture
def told() -> dict[str, Any]:
    """What happened, from real servers and processes in a folder of their own."""
    with running(web_workers=1) as stack:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.paid_and_killed"],
            check=False,
            cwd=CHECKOUT,
            env=stack.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    sys.stdout.write(json.dumps(found))
    return found


def test_a_killed_worker_loses_no_paid_order_and_repeats_nothing(told: dict[str, Any]) -> None:
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
