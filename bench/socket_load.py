"""Two people in each of many conversations write to each other over raw WebSockets.

JSON on stdin, figures on stdout. Loopback only, bounded in time and in messages. Modes: "talk"
writes for a while; "storm" opens all sockets at once; "hold" opens them one after the other and
keeps them until stdin closes; "probe" sends one message and says what came back within a moment.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import uvloop

from bench.phones import Phone, connect, moment

GRACE_SECONDS = 10  # how long messages may still arrive after the last one was sent
OPEN_SECONDS = 10
STORM_SECONDS = 60
PROBE_SECONDS = 1.5


@dataclass
class Run:
    """What was sent, acknowledged and received; keys are client ids."""

    sent: dict[str, float] = field(default_factory=dict)
    acks: dict[str, float] = field(default_factory=dict)
    ways: dict[str, list[float]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    until: float = 0.0
    is_closed_loop: bool = True

    @property
    def is_settled(self) -> bool:
        """Say whether everything acknowledged has arrived."""
        return len(self.acks) == len(self.sent) and self.acks.keys() <= self.ways.keys()

    def said(self, cid: str) -> None:
        """Note a message that leaves."""
        self.sent[cid] = moment()

    def acked(self, phone: Phone, cid: str) -> None:
        """Note an answer; in a closed loop the next message follows."""
        self.acks[cid] = at = moment()
        if self.is_closed_loop and at < self.until:
            phone.say()

    def received(self, cid: str) -> None:
        """Note that the other one has it."""
        if cid in self.sent:
            self.ways.setdefault(cid, []).append(moment())

    def refused(self, why: str) -> None:
        """Note a refusal."""
        self.refusals.append(why)


async def talk(given: dict[str, Any]) -> dict[str, Any]:
    """Open all sockets, write for a while, wait for the rest, and return figures."""
    run = Run(is_closed_loop=given["per_second"] is None)
    phones = await _open(run, given)
    await asyncio.sleep(0.5)
    start = moment()
    run.until = start + given["seconds"]
    if run.is_closed_loop:
        for phone in phones:
            phone.say()
        await asyncio.sleep(given["seconds"])
    else:
        await _pace(run, phones, given["per_second"], start)
    ended = moment()
    while not run.is_settled and moment() < ended + GRACE_SECONDS:  # noqa: ASYNC110 a look is cheap
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)  # a message that comes twice comes late
    _end(phones)
    return figures(run, start)


async def storm(given: dict[str, Any]) -> dict[str, Any]:
    """Open all sockets at once and return how long it took and how many failed."""
    start = moment()
    calls = [
        connect(given["kind"], Run(), given["port"], seat, seconds=STORM_SECONDS)
        for seat in given["seats"]
    ]
    results = await asyncio.gather(*calls, return_exceptions=True)
    seconds = moment() - start
    phones = [phone for phone in results if isinstance(phone, Phone)]
    _end(phones)
    return {"seconds": seconds, "failures": len(results) - len(phones)}


async def hold(given: dict[str, Any]) -> dict[str, Any]:
    """Keep all sockets open until stdin closes; says so on stdout when they are open."""
    phones = await _open(Run(), given)
    print(json.dumps({"opened": len(phones)}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    alive = sum(not phone.transport.is_closing() for phone in phones)
    _end(phones)
    return {"alive": alive}


async def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Send one message; say whether an answer came and whether it arrived, within a moment."""
    run = Run(is_closed_loop=False)
    phones = await _open(run, given)
    await asyncio.sleep(0.3)
    phones[0].say()
    await asyncio.sleep(PROBE_SECONDS)
    seen = {"acked": bool(run.acks), "received": bool(run.ways)}
    _end(phones)
    return seen


async def _open(run: Run, given: dict[str, Any]) -> list[Phone]:
    return [
        await connect(given["kind"], run, given["port"], seat, seconds=OPEN_SECONDS)
        for seat in given["seats"]
    ]


def _end(phones: list[Phone]) -> None:
    for phone in phones:
        phone.transport.abort()


async def _pace(run: Run, phones: list[Phone], per_second: float, start: float) -> None:
    number = 0
    while time.perf_counter() < run.until:
        phones[number % len(phones)].say()
        number += 1
        await asyncio.sleep(max(0.0, start + number / per_second - time.perf_counter()))


def figures(run: Run, start: float) -> dict[str, Any]:
    """Summarise. ``lost``: acknowledged, but the other one did not get it."""
    ended = max(run.acks.values(), default=start + 1)
    ways = sorted(times[0] - run.sent[cid] for cid, times in run.ways.items())
    acks = sorted(at - run.sent[cid] for cid, at in run.acks.items())
    return {
        "acked": len(run.acks),
        "per_second": len(run.acks) / (ended - start),
        "unanswered": len(run.sent) - len(run.acks),
        "lost": len(run.acks.keys() - run.ways.keys()),
        "doubled": sum(len(times) > 1 for times in run.ways.values()),
        "refused": run.refusals[:3],
        "p50_ms": _share(ways, 0.5),
        "p99_ms": _share(ways, 0.99),
        "ack_p50_ms": _share(acks, 0.5),
        "ack_p99_ms": _share(acks, 0.99),
    }


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


MODES = {"talk": talk, "storm": storm, "hold": hold, "probe": probe}

if __name__ == "__main__":
    # The rest of stdin belongs to "hold", which ends with it.
    wanted = json.loads(sys.stdin.readline())
    print(json.dumps(uvloop.run(MODES[wanted.get("mode", "talk")](wanted))))
