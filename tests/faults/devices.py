"""A device as a good client behaves: back after a break, resend, resume, in order."""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

BACKOFF_SECONDS = (0.05, 0.4)
RESEND_SECONDS = 3.0  # an answer that takes longer is asked for again
LOOK_SECONDS = 0.5
RESUMED_AT_ONCE = 200  # conversations of one greeting; the server reads no longer one
Frame = dict[str, Any]


@dataclass(eq=False)
class Device:
    """One person's socket; what he wrote, what was confirmed, what he got.

    Words are known by their client id: ``unconfirmed`` holds the conversation, the text and when
    it was last sent; ``confirmed`` and ``got`` hold moments.
    """

    token: str
    user: str
    port: int
    unconfirmed: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    confirmed: dict[str, float] = field(default_factory=dict)
    got: dict[str, float] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)  # of each conversation it follows
    synced: int = 0  # words that no push brought
    repeats: int = 0  # resends that were stored already
    steps_back: int = 0  # pushes that came twice or too late; what fills a gap may hold old ones
    closes: Counter[int] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    _link: ClientConnection | None = None
    _is_behind: bool = False  # a greeting was refused for the time being
    _latest: dict[str, int] = field(default_factory=dict)  # number of the last word on this socket

    async def live(self) -> None:
        """Be online for ever; whatever ends the socket, come back and go on."""
        while True:
            try:
                protocols: Any = ["clinic.v1", f"bearer.{self.token}"]
                address = f"ws://127.0.0.1:{self.port}/ws/v1/"
                async with connect(address, subprotocols=protocols) as link:
                    await self._talk(link)
            except ConnectionClosed as end:
                self.closes[end.rcvd.code if end.rcvd else 1006] += 1
            except (OSError, InvalidHandshake, TimeoutError):
                pass  # nobody listens: the server is being started
            self._link = None
            await asyncio.sleep(random.uniform(*BACKOFF_SECONDS))

    async def say(self, conv: str, cid: str, body: str) -> None:
        """Send a text; it is sent again until it is confirmed or refused."""
        self.unconfirmed[cid] = (conv, body, 0.0)
        await self._send(cid)

    async def follow(self, conv: str) -> None:
        """Get everything of a conversation, also what comes later."""
        if conv not in self.revisions:
            self.revisions[conv] = 0
            await self._frame(t="hello", device="test", resume={conv: 0})

    async def opened(self) -> None:
        """Do what has to be done on each new socket."""

    async def heard(self, conv: str, message: Frame) -> None:
        """Take a message of somebody else that is new here; system messages too."""

    async def refused(self, conv: str, cid: str) -> None:
        """Learn that a word cannot be said there any more."""

    async def _talk(self, link: ClientConnection) -> None:
        self._link = link
        self._latest.clear()
        await self._greet()
        await self.opened()
        keeper = asyncio.create_task(self._resend())
        try:
            async for text in link:
                await self._hear(json.loads(text))
            raise ConnectionClosed(link.protocol.close_rcvd, None)
        finally:
            keeper.cancel()

    async def _greet(self) -> None:
        """Say how far it is in each conversation: an agent's long day needs several greetings."""
        known = list(self.revisions.items())
        for start in range(0, len(known), RESUMED_AT_ONCE):
            some = dict(known[start : start + RESUMED_AT_ONCE])
            await self._frame(t="hello", device="test", resume=some)

    async def _resend(self) -> None:
        while True:
            late = time.monotonic() - RESEND_SECONDS
            for cid in [cid for cid, (_, _, at) in self.unconfirmed.items() if at < late]:
                await self._send(cid)
            if self._is_behind:
                self._is_behind = False
                await self._greet()
            await asyncio.sleep(LOOK_SECONDS)

    async def _send(self, cid: str) -> None:
        if cid not in self.unconfirmed:
            return
        conv, body, _at = self.unconfirmed[cid]
        is_sent = await self._frame(t="send", id=cid, conv=conv, cid=cid, body=body)
        if is_sent and cid in self.unconfirmed:
            self.unconfirmed[cid] = (conv, body, time.monotonic())

    async def _frame(self, **frame: Any) -> bool:
        try:
            if self._link is not None:
                await self._link.send(json.dumps(frame))
                return True
        except ConnectionClosed:
            pass
        return False

    async def _hear(self, frame: Frame) -> None:
        match frame["t"]:
            case "ok" if frame.get("cid"):
                self.unconfirmed.pop(frame["cid"], None)
                self.confirmed.setdefault(frame["cid"], time.monotonic())
                self.repeats += frame["duplicate"]
            case "err":
                self.refusals[frame["code"]] += 1
                is_short = frame["code"] == "temporarily_unavailable"
                self._is_behind |= is_short and frame["id"] not in self.unconfirmed
                if frame["code"] in {"writing_closed", "not_found"} and (
                    word := self.unconfirmed.pop(frame["id"], None)
                ):
                    await self.refused(word[0], frame["id"])
            case "ping":
                await self._frame(t="pong")
            case "msg":
                self.steps_back += frame["seq"] <= self._latest.get(frame["conv"], 0)
                await self._take(frame["conv"], frame)
            case "sync":
                await self._fill(frame["conv"], frame)

    async def _fill(self, conv: str, frame: Frame) -> None:
        for message in frame["messages"]:
            self.synced += await self._take(conv, message)
        if frame["more"]:
            await self._frame(t="sync", id="more", conv=conv, after=self.revisions[conv])
        else:
            self._know(conv, frame["last_rev"])

    async def _take(self, conv: str, message: Frame) -> bool:
        self._know(conv, message["rev"])
        self._latest[conv] = max(message["seq"], self._latest.get(conv, 0))
        cid = message["cid"] or message["message_id"]
        if message["sender"] == self.user or cid in self.got:
            return False
        self.got[cid] = time.monotonic()
        await self.heard(conv, message)
        return True

    def _know(self, conv: str, revision: int) -> None:
        self.revisions[conv] = max(self.revisions.get(conv, 0), revision)
