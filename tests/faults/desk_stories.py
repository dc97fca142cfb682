"""The desk under faults: an outage, and a queue that moves on; prints JSON.

Runs as its own process beside real servers whose data folder the environment names.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 needs Django set up

from bench import seed  # noqa: E402
from bench.stack import Stack  # noqa: E402
from clinic.core.clock import now  # noqa: E402
from clinic.core.roles import Role  # noqa: E402
from clinic.customer_service.enums import ChatState  # noqa: E402
from clinic.customer_service.models import Agent, ServiceChat, SweepClock  # noqa: E402
from clinic.customer_service.services.opening import open_service_chat  # noqa: E402
from clinic.embedded import services  # noqa: E402
from tests.faults import desks  # noqa: E402
from tests.faults.visitors import Waiter  # noqa: E402

WAITERS = 12


def main() -> None:
    """Run the story that the command line names and print its figures."""
    stack = Stack.from_environment(web_workers=1)
    try:
        sys.stdout.write(json.dumps(STORIES[sys.argv[1]](stack)))
    finally:
        stack.stop_children()


def outage(stack: Stack) -> dict[str, Any]:
    """Leave the desk without Valkey, worker and beat for a while, then bring them back."""
    (agent,) = desks.agents(1, 2)
    waiting = [open_service_chat(actor=one.actor).chat for one in seed.people(5, Role.PATIENT)]
    stack.start("relay", "worker", "beat")
    desks.kill_valkey(stack)
    for name in ("worker", "beat"):
        stack.started[name].kill()
        stack.stop(name)
    # Places become free while nobody can be told; silence grows old while nobody looks.
    Agent.objects.update(max_chats=4, heartbeat_at=now() + timedelta(minutes=5))
    served = list(desks.open_chats().filter(state=ChatState.ACTIVE).values_list("pk", flat=True))
    _grow_silent(served)
    services.ensure_services(stack.data_dir)
    stack.start("worker", "beat")
    active = desks.open_chats().filter(state=ChatState.ACTIVE)
    desks.wait(lambda: active.count() == 4, "nobody served the queue")
    warned = ServiceChat.objects.filter(pk__in=served, warned_at__isnull=False)
    desks.wait(lambda: warned.count() == len(served), "nobody was warned")
    order = [chat.pk for chat in waiting if chat is not None]
    return {
        "served_first_come": sorted(active.values_list("pk", flat=True)) == sorted(order)[:4],
        "warned": warned.count(),
        "ended": ServiceChat.objects.filter(state=ChatState.ENDED).count(),
        "agent": agent.user_id,
    }


def places(stack: Stack) -> dict[str, Any]:
    """Let the first of a queue leave again and again, without the sweep's help."""
    desks.agents(0, 1)
    waiters = desks.devices(Waiter, seed.people(WAITERS, Role.PATIENT), stack)
    stack.start("web", "relay", "worker")
    return {"seconds": asyncio.run(_leave_in_turn(waiters))}


async def _leave_in_turn(waiters: list[Waiter]) -> list[float]:
    lives = [asyncio.create_task(waiter.live()) for waiter in waiters]
    for place, waiter in enumerate(waiters, 1):
        await waiter.queue_up()
        await waiter.stands_at(place)
    late = []
    for n, first in enumerate(waiters[:-1], 1):
        began = time.monotonic()
        await first.insist("DELETE", "service/queue")
        told = [await waiter.stands_at(place) for place, waiter in enumerate(waiters[n:], 1)]
        late.append(round(max(told) - began, 2))
    for life in lives:
        life.cancel()
    await asyncio.gather(*lives, return_exceptions=True)
    return late


def _grow_silent(chats: list[int]) -> None:
    """Let the agent's last word in these chats, and the sweep's last pass, be ten minutes old."""
    long_ago = now() - timedelta(minutes=10)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE chat_message DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE chat_message m SET role = 'agent', kind = 'text', client_id = 'x', code = '', "
            "sender_id = a.user_id, created_at = %s FROM customer_service_servicechat s "
            "JOIN customer_service_agent a ON a.id = s.agent_id "
            "WHERE s.conversation_id = m.conversation_id AND s.id = ANY(%s) "
            "AND m.seq = (SELECT max(seq) FROM chat_message x "
            "WHERE x.conversation_id = m.conversation_id)",
            [long_ago, chats],
        )
        cursor.execute("ALTER TABLE chat_message ENABLE TRIGGER USER")
    long_before = long_ago - timedelta(minutes=1)
    ServiceChat.objects.filter(pk__in=chats).update(
        assigned_at=long_before, activity_at=long_before
    )
    SweepClock.objects.update(ran_at=long_ago, awake_since=long_ago)


STORIES: dict[str, Callable[[Stack], dict[str, Any]]] = {
    "outage": outage,
    "places": places,
}

if __name__ == "__main__":
    main()
