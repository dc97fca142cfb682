"""Prometheus sees the desk: who waits, who is there, what happened today."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from clinic.core.clock import clinic_time, now
from clinic.core.exporter import GAUGES
from clinic.customer_service.enums import How, MoveReason
from clinic.customer_service.models import SlaTimer
from tests.customer_service.past import (
    end,
    make_agent,
    make_team,
    on_duty,
    open_chat,
    seconds,
    serve,
    served_chat,
)


@pytest.fixture
def metrics(db: None) -> Iterator[Client]:
    """A scraper that reads the database."""
    GAUGES.forget()
    yield Client()
    GAUGES.forget()


def _lines(client: Client) -> set[str]:
    return set(client.get("/metrics").content.decode().splitlines())


def test_queues_and_agents_are_counted(metrics: Client) -> None:
    team = make_team()
    make_team("medical", name_en="Medical")
    on_duty(make_agent("小青", team), [(now(), "online")])
    on_duty(make_agent("小兰", team), [(now(), "busy")])
    serve(open_chat(team, now()), make_agent("小梅", team), now())
    open_chat(team, now() - timedelta(minutes=3))

    lines = _lines(metrics)

    assert 'service_chats_waiting{team="general"} 1.0' in lines
    assert 'service_chats_waiting{team="medical"} 0.0' in lines
    assert 'service_agents{status="online"} 1.0' in lines
    assert 'service_agents{status="busy"} 1.0' in lines
    assert "service_chats_active 1.0" in lines
    oldest = next(line for line in lines if line.startswith('service_wait_oldest_seconds{team="g'))
    assert 180 <= float(oldest.split()[1]) < 200


def test_what_happened_today_is_a_total_and_a_histogram(metrics: Client) -> None:
    team = make_team()
    agent = make_agent("小青", team)
    start = clinic_time(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    for wait in (3, 45, 4000):
        chat = served_chat(team, agent, start, wait=wait, reply=2, lasted=9)
        SlaTimer.objects.create(
            chat=chat,
            metric="first_reply",
            started_at=start,
            due_at=start + seconds(60),
            met_at=start + seconds(wait + 2),
            broken_at=start + seconds(60) if wait > 60 else None,
        )
    served_chat(team, agent, start - timedelta(days=1))
    silent = open_chat(team, start)
    serve(silent, agent, start, How.TAKEN)
    end(silent, start, MoveReason.IDLE)

    lines = _lines(metrics)

    assert 'service_dispatches_total{how="dispatched"} 3.0' in lines
    assert 'service_dispatches_total{how="taken"} 1.0' in lines
    assert 'service_chat_ends_total{reason="idle"} 1.0' in lines
    assert 'service_promises_broken_total{metric="first_reply"} 1.0' in lines
    assert 'service_wait_seconds_bucket{le="1.0"} 1.0' in lines
    assert 'service_wait_seconds_bucket{le="5.0"} 2.0' in lines
    assert 'service_wait_seconds_bucket{le="60.0"} 3.0' in lines
    assert 'service_wait_seconds_bucket{le="1800.0"} 3.0' in lines
    assert 'service_wait_seconds_bucket{le="+Inf"} 4.0' in lines
    assert "service_wait_seconds_count 4.0" in lines
    assert "service_wait_seconds_sum 4048.0" in lines
    assert 'service_first_reply_seconds_bucket{le="5.0"} 1.0' in lines
    assert 'service_first_reply_seconds_bucket{le="60.0"} 2.0' in lines
    assert "gauge_readers_failed 0.0" in lines
