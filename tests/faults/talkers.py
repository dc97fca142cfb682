"""Pairs of people who write to each other all the time, and what became of their words."""

import asyncio
import secrets
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bench.phones import Seat
from tests.faults.devices import Device


@dataclass(eq=False)
class Talker(Device):
    """One of a pair."""

    conv: str = ""
    is_writing: bool = True

    async def write(self, every: float) -> None:
        """Write for ever while it may."""
        while True:
            if self.is_writing:
                cid = secrets.token_hex(8)
                await self.say(self.conv, cid, f"第{cid}句")
            await asyncio.sleep(every)


def talker(seat: Seat, port: int) -> Talker:
    """Return the talker of a seat."""
    person = Talker(token=seat["token"], user=seat["user"], port=port, conv=seat["conv"])
    person.revisions[person.conv] = 0
    return person


@dataclass
class Town:
    """All pairs of talkers."""

    pairs: list[tuple[Talker, Talker]]

    @property
    def people(self) -> list[Talker]:
        """Return everybody."""
        return [person for pair in self.pairs for person in pair]

    def is_settled(self) -> bool:
        """Say whether every word was confirmed and heard."""
        return not any(person.unconfirmed for person in self.people) and not self.lost()

    def lost(self) -> list[str]:
        """Return what was confirmed and not heard by the other."""
        return [
            cid for writer, reader in self._ways() for cid in writer.confirmed.keys() - reader.got
        ]

    def figures(self) -> dict[str, Any]:
        """Summarise; ``slowest_seconds`` is from a confirmation to the other's reading."""
        delays = [
            reader.got[cid] - at
            for writer, reader in self._ways()
            for cid, at in writer.confirmed.items()
            if cid in reader.got
        ]
        return {
            "confirmed": sum(len(person.confirmed) for person in self.people),
            "unconfirmed": sum(len(person.unconfirmed) for person in self.people),
            "lost": len(self.lost()),
            "out_of_order": sum(person.steps_back for person in self.people),
            "synced": sum(person.synced for person in self.people),
            "repeats": sum(person.repeats for person in self.people),
            "closes": dict(sum((person.closes for person in self.people), Counter())),
            "refusals": dict(sum((person.refusals for person in self.people), Counter())),
            "slowest_seconds": round(max(delays), 2),
        }

    def _ways(self) -> list[tuple[Talker, Talker]]:
        return [*self.pairs, *((b, a) for a, b in self.pairs)]


async def settled(town: Town, seconds: float) -> float:
    """Let nobody write any more; return after how many seconds every word had arrived."""
    for person in town.people:
        person.is_writing = False
    began = time.monotonic()
    while not town.is_settled() and time.monotonic() - began < seconds:  # noqa: ASYNC110 a look is cheap
        await asyncio.sleep(0.05)
    return time.monotonic() - began
