"""People at their phones as a good client behaves: back after a break, resend, resume, in order."""

import asyncio
import json
import random
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bench.phones import Seat

BACKOFF_SECONDS = (0.05, 0.4)
RESEND_SECONDS = 3.0  # an answer that takes longer is asked for again


@dataclass
class Talker:
    """One person with one conversation; what he wrote, what was confirmed, what he got."""

    seat: Seat
    port: int
    every: float  # seconds between two messages; 0 never writes
    unconfirmed: dict[str, float] = field(default_factory=dict)
    confirmed: dict[str, float] = field(default_factory=dict)
    got: dict[str, float] = field(default_factory=dict)
    last: int = 0  # number of the other's latest message on this socket
    may_repeat: bool = True  # what a resume brings may hold what was pushed meanwhile
    steps_back: int = 0  # numbers that came twice or too late
    revision: int = 0
    synced: int = 0  # messages that no push brought
    repeats: int = 0  # resends that were stored already
    closes: Counter[int] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    is_writing: bool = True

    async def live(self) -> None:
        """Be online for ever; whatever ends the socket, come back and go on."""
        while True:
            try:
                async with connect(self._address(), subprotocols=self._protocols()) as link:
                    self.opened += 1
                    await self._talk(link)
            except ConnectionClosed as end:
                self.closes[end.rcvd.code if end.rcvd else 1006] += 1
            except (OSError, InvalidHandshake, TimeoutError):
                pass  # nobody listens: the server is being started
            await asyncio.sleep(random.uniform(*BACKOFF_SECONDS))

    def _address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/v1/"

    def _protocols(self) -> Any:
        return ["clinic.v1", f"bearer.{self.seat['token']}"]

    async def _talk(self, link: ClientConnection) -> None:
        self.last, self.may_repeat = 0, True
        await self._say(link, t="hello", device="test", resume={self.seat["conv"]: self.revision})
        for cid in list(self.unconfirmed):
            await self._send(link, cid)
        writer = asyncio.create_task(self._write(link))
        try:
            async for text in link:
                self._hear(json.loads(text))
            raise ConnectionClosed(link.protocol.close_rcvd, None)
        finally:
            writer.cancel()

    async def _write(self, link: ClientConnection) -> None:
        if not self.every:
            return
        await asyncio.sleep(random.random() * self.every)
        while True:
            if self.is_writing:
                await self._send(link, secrets.token_hex(8))
            late = time.monotonic() - RESEND_SECONDS
            for cid in [cid for cid, at in self.unconfirmed.items() if at < late]:
                await self._send(link, cid)
            await asyncio.sleep(self.every)

    async def _send(self, link: ClientConnection, cid: str) -> None:
        self.unconfirmed[cid] = time.monotonic()
        await self._say(link, t="send", id=cid, conv=self.seat["conv"], cid=cid, body=f"第{cid}句")

    async def _say(self, link: ClientConnection, **frame: Any) -> None:
        await link.send(json.dumps(frame))

    def _hear(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "ok" if frame.get("cid"):
                self.unconfirmed.pop(frame["cid"], None)
                self.confirmed.setdefault(frame["cid"], time.monotonic())
                self.repeats += frame["duplicate"]
            case "err":
                self.refusals[frame["code"]] += 1
            case "msg":
                self._take(frame)
            case "sync":
                if self.may_repeat:
                    self.last, self.may_repeat = 0, frame["more"]
                for message in frame["messages"]:
                    self.synced += self._take(message)
                self.revision = max(self.revision, frame["last_rev"] if not frame["more"] else 0)

    def _take(self, message: dict[str, Any]) -> bool:
        self.revision = max(self.revision, message["rev"])
        if message["sender"] in {None, self.seat["user"]}:
            return False
        self.steps_back += message["seq"] <= self.last
        self.last = max(self.last, message["seq"])
        self.got.setdefault(message["cid"], time.monotonic())
        return True


@dataclass
class Town:
    """All pairs of talkers and what became of their words."""

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

    def delays(self) -> list[float]:
        """Return how long after its confirmation each word was heard, sorted, in seconds."""
        return sorted(
            reader.got[cid] - at
            for writer, reader in self._ways()
            for cid, at in writer.confirmed.items()
            if cid in reader.got
        )

    def figures(self) -> dict[str, Any]:
        """Summarise."""
        delays = self.delays()
        return {
            "confirmed": sum(len(person.confirmed) for person in self.people),
            "unconfirmed": sum(len(person.unconfirmed) for person in self.people),
            "lost": len(self.lost()),
            "out_of_order": sum(person.steps_back for person in self.people),
            "synced": sum(person.synced for person in self.people),
            "repeats": sum(person.repeats for person in self.people),
            "closes": dict(sum((person.closes for person in self.people), Counter())),
            "refusals": dict(sum((person.refusals for person in self.people), Counter())),
            "slowest_seconds": round(delays[-1], 2) if delays else None,
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
