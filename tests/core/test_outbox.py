"""Facts are never lost, never announced early, and each handler takes effect once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from clinic.core import events, outbox, waking
from clinic.core.clock import now
from clinic.core.models import OutboxEvent, RateCounter
from clinic.core.statements import Statement, rows_of, run

pytestmark = pytest.mark.django_db


@events.event
class BellRung(events.Event):
    """A fact of this test."""

    bell_id: int


@events.event
class Unheard(events.Event):
    """A fact that nobody subscribed to."""

    bell_id: int


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """Subscribe one handler that listens and one that can be told to fail."""
    calls: list[int] = []
    events.HANDLERS[BellRung.name] = {"listen": lambda fact: calls.append(fact.bell_id)}
    yield calls
    events.HANDLERS.pop(BellRung.name)


def test_a_fact_reaches_its_handler(heard: list[int], run_events: Callable[[], int]) -> None:
    events.publish(BellRung(bell_id=7))

    run_events()

    assert heard == [7]
    assert OutboxEvent.objects.get().pending == []


def test_facts_stored_with_their_row_learn_its_key(
    heard: list[int], run_events: Callable[[], int]
) -> None:
    key = "jsonb_build_object('bell_id', made.id)"
    told = events.storing("made.facts", "made", key)
    sql = f"WITH made AS (SELECT 7 AS id, %s AS facts), told AS ({told}) SELECT id FROM made"  # noqa: S608
    ring = Statement("test_ring", ("jsonb",), sql)

    rows_of(ring, events.packed(BellRung(bell_id=0), Unheard(bell_id=0)))
    run_events()

    assert heard == [7]
    assert OutboxEvent.objects.get().kind == BellRung.name


def test_a_rolled_back_change_is_not_announced(heard: list[int]) -> None:
    with transaction.atomic():
        events.publish(BellRung(bell_id=7))
        transaction.set_rollback(True)

    assert not OutboxEvent.objects.exists()


def wake_ups() -> int:
    """Return how often this connection was woken since the last call."""
    line = connection.connection
    line.poll()
    count = len(line.notifies)
    line.notifies.clear()
    return count


@pytest.mark.django_db(transaction=True)
def test_the_relay_is_woken_once_after_the_commit(heard: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {waking.CHANNEL}")

    with transaction.atomic():
        events.publish(BellRung(bell_id=7))
        run(*events.publishing(BellRung(bell_id=8)))
        assert wake_ups() == 0
    assert wake_ups() == 1

    with transaction.atomic():
        events.publish(BellRung(bell_id=9))
        transaction.set_rollback(True)
    assert wake_ups() == 0


def test_delivering_twice_has_the_effect_of_once(heard: list[int]) -> None:
    events.publish(BellRung(bell_id=7))
    key = OutboxEvent.objects.get().pk

    outbox.deliver(key)
    outbox.deliver(key)

    assert heard == [7]


def test_a_failing_handler_undoes_its_work_and_is_tried_later(heard: list[int]) -> None:
    def fail(_fact: BellRung) -> None:
        RateCounter.objects.create(key="half done", window_start=now(), count=1)
        raise RuntimeError("patient 13900001111")

    events.HANDLERS[BellRung.name]["fail"] = fail
    events.publish(BellRung(bell_id=7))

    outbox.deliver(OutboxEvent.objects.get().pk)

    row = OutboxEvent.objects.get()
    assert heard == [7]
    assert row.pending == ["fail"]
    assert row.next_at > now()
    assert "1390" not in row.last_error
    assert not RateCounter.objects.exists()


def test_a_leased_fact_is_not_handed_out_twice_until_the_lease_ends(heard: list[int]) -> None:
    events.publish(BellRung(bell_id=7))

    first, second = outbox.due(), outbox.due()
    OutboxEvent.objects.update(next_at=now() - timedelta(seconds=1))

    assert (len(first), len(second), len(outbox.due())) == (1, 0, 1)


def test_facts_that_nobody_wants_are_not_stored() -> None:
    events.publish(BellRung(bell_id=7))

    assert not OutboxEvent.objects.exists()
