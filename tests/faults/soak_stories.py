"""The desk on a long day with random deaths; prints JSON.

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
from clinic.core.invariants import all_invariants  # noqa: E402
from clinic.core.models import OutboxEvent  # noqa: E402
from clinic.core.roles import Role  # noqa: E402
from clinic.customer_service.models import ChatMove, ServiceChat  # noqa: E402
from clinic.embedded import services  # noqa: E402
from tests.faults import desks  # noqa: E402
from tests.faults.outages import Outages  # noqa: E402
from tests.faults.visitors import Customer, DeskAgent  # noqa: E402

SHORT, LONG = 15, 100  # deaths of a soak
PAUSE_SECONDS = (2.0, 7.0)  # between two deaths
AGENTS, PLACES, CUSTOMERS = 4, 5, 24
SEED = 20
OUTAGES = Outages()  # of the database
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
    desk = desks.devices(DeskAgent, desks.agents(AGENTS, PLACES), stack)
    customers = desks.devices(Customer, seed.people(CUSTOMERS, Role.PATIENT), stack)
    for person in (*desk, *customers):
        person.outages = OUTAGES
    stack.start("web")
    stack.start("relay", "worker", "beat")
    died = asyncio.run(_live(stack, desk, customers, deaths))
    connection.close()  # its server died
    desks.wait(lambda: not desks.open_chats().exists(), "some chats are still open")
    untold = OutboxEvent.objects.exclude(pending=[])
    desks.wait(lambda: not untold.exists(), lambda: str(list(untold.values("kind", "last_error"))))
    breaches = [f"{one.code} {line}" for one in all_invariants() for line in one.breaches()]
    found = {"deaths": dict(died), "breaches": breaches, "moves": _moves() if breaches else []}
    return _figures(desk, customers) | found


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
    async with asyncio.timeout(desks.PATIENCE_SECONDS * 2):
        while not visits.done():
            await asyncio.to_thread(_revive, stack)
            await asyncio.sleep(1)
    visits.result()
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
        await asyncio.to_thread(_revive, stack)
        await asyncio.to_thread(_die, stack, death)
    await asyncio.sleep(PAUSE_SECONDS[1])
    return deaths


def _revive(stack: Stack) -> None:
    """Start what has ended by itself, as a service manager does.

    Beat stops when it loses the database, since another may lead from then on.
    """
    ended = [name for name, process in stack.started.items() if process.poll() is not None]
    stack.stop(*ended)
    stack.start(*ended)


def _die(stack: Stack, death: str) -> None:
    name, how = death.split()
    if name == "valkey":
        desks.kill_valkey(stack)
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
    with OUTAGES.noted():
        server.send_signal(how)
        desks.wait(lambda: _is_gone(server), "PostgreSQL does not end")
        services.ensure_services(stack.data_dir)


def _is_gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _moves() -> list[str]:
    """Tell the history of all chats: what a broken promise is explained by."""
    moves = ChatMove.objects.order_by("id").select_related("chat")
    return [
        f"{move.pk} {move.at:%H:%M:%S.%f} {move.chat.public_id} {move.before}>{move.after} "
        f"{move.reason} since {move.chat.enqueued_at:%H:%M:%S.%f}"
        for move in moves
    ]


def _figures(desk: list[DeskAgent], customers: list[Customer]) -> dict[str, Any]:
    everybody = [*desk, *customers]
    answers: Counter[int] = sum((person.answers for person in everybody), Counter())
    confirmed = {cid for person in everybody for cid in person.confirmed}
    stored = Message.objects.filter(client_id__in=confirmed)
    twice = stored.values("client_id", "sender").annotate(times=Count("id")).filter(times__gt=1)
    return {
        "chats": ServiceChat.objects.count(),
        "ends": dict(Counter(ServiceChat.objects.values_list("end_reason", flat=True))),
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
        "faults": [fault for person in everybody for fault in person.faults],
        "renewed": sum(one.login.renewed for one in everybody if one.login),
        "logged_in_again": sum(one.login.begun_anew for one in everybody if one.login),
        "sent_away": sum(one.login.sent_away for one in everybody if one.login),
        "followed": max(len(agent.revisions) for agent in desk),
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
    "short": soak,
    "long": partial(soak, deaths=LONG),
}

if __name__ == "__main__":
    main()
