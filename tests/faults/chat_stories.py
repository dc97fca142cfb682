"""Chats under faults: people write, something breaks, everything is counted; prints JSON.

Runs as its own process beside real servers whose data folder the environment names.
"""

import asyncio
import io
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 needs Django set up

from bench.peers.servers import Clinic  # noqa: E402
from bench.stack import Stack, free_port  # noqa: E402
from chat.models import Message  # noqa: E402
from clinic.embedded import redis, services  # noqa: E402
from clinic.embedded.processes import processes_in  # noqa: E402
from tests.faults.talkers import Town, settled, talker  # noqa: E402

PAIRS = 20
EVERY_SECONDS = 0.25
PATIENCE_SECONDS = 20
HEALED_SECONDS = 6.0


def main() -> None:
    """Run the story that the command line names and print its figures."""
    stack = Stack.from_environment(web_workers=1)
    other = Stack(stack.data_dir, web_workers=1, ports=(free_port(), stack.options.sim_port))
    try:
        sys.stdout.write(json.dumps(STORIES[sys.argv[1]](stack, other)))
    finally:
        stack.stop_children()
        other.stop_children()


def redis_killed(stack: Stack, other: Stack) -> dict[str, Any]:
    """Kill Valkey between two socket processes, start it again; then let it stay dead."""
    stack.start("web")
    other.start("web")
    people = town((stack.options.port, other.options.port))
    unheard: list[int] = []

    async def break_it() -> None:
        await asyncio.sleep(3)
        kill_valkey(stack)
        await asyncio.sleep(2)
        await asyncio.to_thread(services.ensure_services, stack.data_dir)
        await asyncio.sleep(3)
        kill_valkey(stack)
        await asyncio.sleep(1)
        # The last words: no later one tells the reader's process that they exist.
        await settled(people, HEALED_SECONDS)
        unheard.append(len(people.lost()))
        await asyncio.to_thread(services.ensure_services, stack.data_dir)

    return told(people, break_it) | {"unheard_without_valkey": unheard[0]}


def kill_valkey(stack: Stack) -> None:
    """End Valkey as a fault would."""
    folder = (stack.data_dir / "servers" / redis.FOLDER).resolve()
    (server,) = processes_in(folder, redis.PROCESS_NAMES)
    server.kill()


def deployed(stack: Stack, _other: Stack) -> dict[str, Any]:
    """Stop the socket process as a deploy does, start the next; then let one die."""
    stack.start("web")

    async def break_it() -> None:
        await asyncio.sleep(2)
        await asyncio.to_thread(stack.stop, "web")
        await asyncio.to_thread(stack.start, "web")
        await asyncio.sleep(2)
        stack.started["web"].kill()
        await asyncio.to_thread(stack.stop, "web")
        await asyncio.to_thread(stack.start, "web")
        await asyncio.sleep(2)

    port = stack.options.port
    return told(town((port, port)), break_it)


def town(ports: tuple[int, int]) -> Town:
    """Return pairs of new people; the two of a pair are at these ports."""
    seats = Clinic.seats(None, PAIRS)  # type: ignore[arg-type]
    return Town(
        [
            (talker(one, ports[0]), talker(two, ports[1]))
            for one, two in zip(seats[::2], seats[1::2], strict=True)
        ]
    )


def told(people: Town, break_it: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    """Let people write while something breaks; return what became of it."""
    seconds = asyncio.run(_live(people, break_it))
    call_command("check_invariants", stdout=io.StringIO())
    return people.figures() | {"settled_seconds": round(seconds, 2), "stored": _stored(people)}


async def _live(people: Town, break_it: Callable[[], Awaitable[None]]) -> float:
    lives = [
        asyncio.create_task(life)
        for person in people.people
        for life in (person.live(), person.write(EVERY_SECONDS))
    ]
    try:
        await break_it()
        return await settled(people, PATIENCE_SECONDS)
    finally:
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)


def _stored(people: Town) -> int:
    convs = [one.conv for one, _two in people.pairs]
    rows = Message.objects.filter(conversation__public_id__in=convs, sender__isnull=False)
    return rows.count()


STORIES: dict[str, Callable[[Stack, Stack], dict[str, Any]]] = {
    "redis_killed": redis_killed,
    "deployed": deployed,
}

if __name__ == "__main__":
    main()
