"""The desk under faults: a long day with random deaths, and an outage; prints JSON.

Runs as its own process beside real servers whose data folder the environment names.
"""

import asyncio
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import django
import psutil

django.setup()

from django.db import connection  # noqa: E402 needs Django set up
from django.db.models import Count  # noqa: E402

from bench import seed  # noqa: E402
from bench.stack import Stack  # noqa: E402
from chat.models import Message  # noqa: E402
from clinic.core.clock import now  # noqa: E402
from clinic.core.invariants import all_invariants  # noqa: E402
from clinic.core.models import OutboxEvent  # noqa: E402
from clinic.core.roles import Role  # noqa: E402
from clinic.customer_service.enums import AgentStatus, ChatState  # noqa: E402
from clinic.customer_service.models import Agent, ServiceChat, SweepClock, Team  # noqa: E402
from clinic.customer_service.services.opening import open_service_chat  # noqa: E402
from clinic.embedded import redis, services  # noqa: E402
from clinic.embedded.processes import processes_in  # noqa: E402
from tests.faults.visitors import Customer, DeskAgent, Waiter  # noqa: E402

SHORT, LONG = 15, 100  # deaths of a soak
PAUSE_SECONDS = (2.0, 7.0)  # between two deaths
AGENTS, PLACES, CUSTOMERS = 4, 5, 24
PATIENCE_SECONDS = 90
WAITERS = 12
SEED = 20
DEATHS = (
    "web killed",
    "web killed",
    "web stopped",
    "worker killed",
    "relay killed",
    "beat killed",
    "valkey killed",
    "postgres killed",
    "postgres stopped",
)


def main() -> None:
    """Run the story that the command line names and print its figures."""
    stack = Stack.from_environment(web_workers=1)
    try:
        sys.stdout.write(json.dumps(STORIES[sys.argv[1]](stack)))
    finally:
        stack.stop_children()


def soak(stack: Stack, deaths: int = SHORT) -> dict[str, Any]:
    """Let customers and agents work while processes die at random; return what became of it."""
    random.seed(SEED)
    people = agents(AGENTS, PLACES)
    desk = [
        DeskAgent(token=one.token, user=str(one.public_id), port=stack.options.port)
        for one in people
    ]
    customers = [
        Customer(token=one.token, user=str(one.public_id), port=stack.options.port)
        for one in seed.people(CUSTOMERS, Role.PATIENT)
    ]
    stack.start("web")
    stack.start("relay", "worker", "beat")
    died = asyncio.run(_live(stack, desk, customers, deaths))
    connection.close()  # its server died
    wait(lambda: not open_chats().exists(), "some chats are still open")
    untold = OutboxEvent.objects.exclude(pending=[])
    wait(lambda: not untold.exists(), lambda: str(list(untold.values("kind", "last_error"))))
    breaches = [line for promise in all_invariants() for line in promise.breaches()]
    return _figures(desk, customers) | {"deaths": dict(died), "breaches": breaches}


async def _live(
    stack: Stack, desk: list[DeskAgent], customers: list[Customer], count: int
) -> Counter[str]:
    everybody = [*desk, *customers]
    lives = [asyncio.create_task(person.live()) for person in everybody]
    lives += [asyncio.create_task(agent.work()) for agent in desk]
    closing = asyncio.Event()
    visits = asyncio.gather(*(customer.visit(closing) for customer in customers))
    deaths = await _die_at_random(stack, count)
    closing.set()
    await asyncio.wait_for(visits, PATIENCE_SECONDS * 2)
    for life in lives:
        life.cancel()
    await asyncio.gather(*lives, return_exceptions=True)
    return deaths


async def _die_at_random(stack: Stack, count: int) -> Counter[str]:
    deaths: Counter[str] = Counter()
    for _ in range(count):
        await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
        death = random.choice(DEATHS)
        deaths[death] += 1
        await asyncio.to_thread(_die, stack, death)
    await asyncio.sleep(PAUSE_SECONDS[1])
    return deaths


def _die(stack: Stack, death: str) -> None:
    name, how = death.split()
    if name == "valkey":
        kill_valkey(stack)
        time.sleep(random.uniform(0, 3))
        services.ensure_services(stack.data_dir)
        return
    if name == "postgres":
        _end_postgres(stack, signal.SIGKILL if how == "killed" else signal.SIGINT)
        return
    if how == "killed":
        stack.started[name].kill()
    stack.stop(name)
    stack.start(name)


def _end_postgres(stack: Stack, how: signal.Signals) -> None:
    """Crash the server, or restart it as an upgrade does."""
    server = psutil.Process(stack.postgres_pid())
    server.send_signal(how)
    wait(lambda: _is_gone(server), "PostgreSQL does not end")
    services.ensure_services(stack.data_dir)


def _is_gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def outage(stack: Stack) -> dict[str, Any]:
    """Leave the desk without Valkey, worker and beat for a while, then bring them back."""
    (agent,) = agents(1, 2)
    waiting = [open_service_chat(actor=one.actor).chat for one in seed.people(5, Role.PATIENT)]
    stack.start("relay", "worker", "beat")
    kill_valkey(stack)
    for name in ("worker", "beat"):
        stack.started[name].kill()
        stack.stop(name)
    # Places become free while nobody can be told; silence grows old while nobody looks.
    Agent.objects.update(max_chats=4, heartbeat_at=now() + timedelta(minutes=5))
    served = list(open_chats().filter(state=ChatState.ACTIVE).values_list("pk", flat=True))
    _grow_silent(served)
    services.ensure_services(stack.data_dir)
    stack.start("worker", "beat")
    began = time.monotonic()
    active = open_chats().filter(state=ChatState.ACTIVE)
    wait(lambda: active.count() == 4, "nobody served the queue")
    seconds = time.monotonic() - began
    warned = ServiceChat.objects.filter(pk__in=served, warned_at__isnull=False)
    wait(lambda: warned.count() == len(served), "nobody was warned")
    order = [chat.pk for chat in waiting if chat is not None]
    return {
        "seconds": round(seconds, 1),
        "served_first_come": sorted(active.values_list("pk", flat=True)) == sorted(order)[:4],
        "warned": warned.count(),
        "ended": ServiceChat.objects.filter(state=ChatState.ENDED).count(),
        "agent": agent.user_id,
    }


def places(stack: Stack) -> dict[str, Any]:
    """Let the first of a queue leave again and again, without the sweep's help."""
    agents(0, 1)
    waiters = [
        Waiter(token=one.token, user=str(one.public_id), port=stack.options.port)
        for one in seed.people(WAITERS, Role.PATIENT)
    ]
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


def agents(count: int, places: int) -> list[seed.Person]:
    """Store agents of the default team who are online."""
    defaults = {"name_zh": "综合客服", "name_en": "General", "is_default": True}
    team, _made = Team.objects.update_or_create(code="general", defaults=defaults)
    found = seed.people(count, Role.CUSTOMER_SERVICE)
    for person in found:
        agent = Agent.objects.create(
            user_id=person.user_id,
            nickname="小测",
            max_chats=places,
            status=AgentStatus.ONLINE,
            heartbeat_at=now(),
        )
        agent.teams.add(team)
    return found


def kill_valkey(stack: Stack) -> None:
    """End Valkey as a fault would."""
    folder = (stack.data_dir / "servers" / redis.FOLDER).resolve()
    for server in processes_in(folder, redis.PROCESS_NAMES):
        server.kill()


def open_chats() -> Any:
    """Return the chats that have not ended."""
    return ServiceChat.objects.exclude(state=ChatState.ENDED)


def wait(is_reached: Callable[[], bool], complaint: str | Callable[[], str]) -> None:
    """Return once something is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_reached():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint if isinstance(complaint, str) else complaint())
        time.sleep(0.2)


def _figures(desk: list[DeskAgent], customers: list[Customer]) -> dict[str, Any]:
    everybody = [*desk, *customers]
    answers: Counter[int] = sum((person.answers for person in everybody), Counter())
    confirmed = {cid for person in everybody for cid in person.confirmed}
    stored = Message.objects.filter(client_id__in=confirmed)
    twice = stored.values("client_id", "sender").annotate(times=Count("id")).filter(times__gt=1)
    return {
        "chats": ServiceChat.objects.count(),
        "served": sum(customer.served for customer in customers),
        "ended_by_desk": sum(customer.ended_by_desk for customer in customers),
        "given_back": sum(agent.given_back for agent in desk),
        "confirmed": len(confirmed),
        "not_stored": len(confirmed - set(stored.values_list("client_id", flat=True))),
        "stored_twice": twice.count(),
        "unanswered": sum(len(customer.unanswered) for customer in customers),
        "out_of_order": sum(person.steps_back for person in everybody),
        "repeats": sum(person.repeats for person in everybody),
        "closes": dict(sum((person.closes for person in everybody), Counter())),
        "refusals": dict(sum((person.refusals for person in everybody), Counter())),
        "answers": dict(answers),
        "over_the_limit": _over_the_limit(),
    }


def _over_the_limit() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLOADS)
        return int(cursor.fetchone()[0])


OVERLOADS = """
SELECT count(*) FROM customer_service_handling h JOIN customer_service_agent a ON a.id = h.agent_id
WHERE a.max_chats < (
  SELECT count(*) FROM customer_service_handling o WHERE o.agent_id = h.agent_id
  AND o.started_at <= h.started_at AND (o.ended_at IS NULL OR o.ended_at > h.started_at))
"""
STORIES: dict[str, Callable[[Stack], dict[str, Any]]] = {
    "soak": soak,
    "long_soak": partial(soak, deaths=LONG),
    "outage": outage,
    "places": places,
}

if __name__ == "__main__":
    main()
