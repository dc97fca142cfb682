"""Customers and agents of the desk over REST and socket, who never give up; for the soak."""

import asyncio
import random
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.faults import logins
from tests.faults.devices import Device, Frame
from tests.faults.outages import Outages

ANSWER_SECONDS = 240  # who is forgotten is found; a busy machine is no fault
LOOK_SECONDS = 0.3
OVER_SECONDS = 10  # who has no answer by then looks whether the chat is over


@dataclass(eq=False)
class Visitor(Device):
    """A device that also asks by REST. ``answers`` counts statuses, those of ``logins`` too."""

    login: logins.Login | None = None  # None: the token outlives the story
    answers: Counter[int] = field(default_factory=Counter)
    outages: Outages = field(default_factory=Outages)  # of the database, shared by everybody
    faults: list[str] = field(default_factory=list)
    wait_seconds: float = 0.0  # what the last answer asked for
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask once. A log-in that grows old is renewed before."""
        if self.login and self.login.is_old:
            await self._renew(self.token)
        token, asked = self.token, time.monotonic()
        status, found, self.wait_seconds = await asyncio.to_thread(
            logins.ask, self.port, method, path, body, token
        )
        self.answers[status] += 1
        if not self._is_fair(status, token, asked):
            self.faults.append(f"{status} {method} {path}")
        if status == 401:
            await self._renew(token)
        return status, found

    def _is_fair(self, status: int, token: str, asked: float) -> bool:
        """Say whether an answer may be: 503 without the database, 401 when a log-in was lost."""
        if status == 503:
            return self.outages.excuse(asked, time.monotonic())
        if status == 401 and self.login:
            return token != self.token or self.login.may_be_spent
        return status < 500

    async def insist(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask until somebody answers."""
        while True:
            status, found = await self.ask(method, path, body)
            if status > 0 and status not in {401, 429} and status < 500:
                return status, found
            await asyncio.sleep(self.wait_seconds or LOOK_SECONDS)

    async def _renew(self, token: str) -> None:
        """Get a token in the place of this one, also for the open socket."""
        async with self._renewing:
            if self.login is None or token != self.token:
                return
            if await asyncio.to_thread(self.login.renew, self.port):
                self.token = self.login.access
                await self._frame(t="auth", id="auth", token=self.token)


@dataclass(eq=False)
class Customer(Visitor):
    """Asks for somebody, talks, ends or is ended, rates, and comes again."""

    served: int = 0
    ended_by_desk: int = 0
    unanswered: list[str] = field(default_factory=list)
    replies: Counter[str] = field(default_factory=Counter)

    async def heard(self, conv: str, message: Frame) -> None:
        """Note which of his words was answered."""
        del conv
        if message["body"].startswith("re:"):
            self.replies[message["body"][3:]] += 1

    async def visit(self, closing: asyncio.Event) -> None:
        """Visit the desk again and again, until it closes."""
        while not closing.is_set():
            _status, opening = await self.insist("POST", "service/chats")
            chat = opening["chat"]
            await self.follow(chat["conversation"])
            if await self._state(chat["id"], "active"):
                self.served += await self._talk_to_agent(chat)
            await self.insist("POST", f"service/chats/{chat['id']}/end")
            await self.insist("POST", f"service/chats/{chat['id']}/rate", {"stars": 5})
            await asyncio.sleep(random.uniform(0.5, 2.0))

    async def _talk_to_agent(self, chat: dict[str, Any]) -> bool:
        for _ in range(random.randint(2, 5)):
            cid = secrets.token_hex(8)
            await self.say(chat["conversation"], cid, "请问怎么预约？")
            if not await self._answered(cid, chat["id"]):
                is_over = await self._is_over(chat["id"])
                self.ended_by_desk += is_over
                self.unanswered += [] if is_over else [cid]
                return False
            await asyncio.sleep(random.uniform(0.2, 1.0))
        return True

    async def _answered(self, cid: str, chat_id: str) -> bool:
        deadline = time.monotonic() + ANSWER_SECONDS
        looked = time.monotonic()
        while cid not in self.replies and time.monotonic() < deadline:
            if cid not in self.unconfirmed and cid not in self.confirmed:
                return False  # refused: the agent ended the chat
            if time.monotonic() - looked > OVER_SECONDS:
                if await self._is_over(chat_id):
                    break  # no answer comes any more
                looked = time.monotonic()
            await asyncio.sleep(LOOK_SECONDS)
        return cid in self.replies

    async def _is_over(self, chat_id: str) -> bool:
        _status, seen = await self.insist("GET", f"service/chats/{chat_id}")
        return bool(seen["state"] == "ended")

    async def _state(self, chat_id: str, state: str) -> bool:
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            _status, chat = await self.insist("GET", f"service/chats/{chat_id}")
            if chat["state"] in {state, "ended"}:
                return bool(chat["state"] == state)
            await asyncio.sleep(1.0)
        return False


@dataclass(eq=False)
class Waiter(Visitor):
    """Waits in the queue and learns of his place by pushes alone."""

    place: int = 0
    told_at: float = 0.0
    _told: asyncio.Event = field(default_factory=asyncio.Event)

    async def queue_up(self) -> None:
        """Ask for somebody while nobody is there."""
        _status, opening = await self.insist("POST", "service/chats")
        self.place = opening["position"]

    async def stands_at(self, place: int) -> float:
        """Wait until he was told this place; return when. Raises TimeoutError."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while self.place != place:
                self._told.clear()
                await self._told.wait()
        return self.told_at

    async def _hear(self, frame: Frame) -> None:
        await super()._hear(frame)
        if frame["t"] == "queue":
            self.place, self.told_at = frame["position"], time.monotonic()
            self._told.set()


@dataclass(eq=False)
class DeskAgent(Visitor):
    """Answers every word once; now and then gives a chat back or ends it."""

    given_back: int = 0

    async def work(self) -> None:
        """Be online and look at the list of own chats now and then, as the desk does."""
        await self.insist("POST", "desk/status", {"status": "online"})
        while True:
            status, found = await self.ask("GET", "desk/chats?tab=mine")
            for row in found["results"] if status == 200 else []:
                await self.follow(row["conversation"])
            await asyncio.sleep(2.0)

    async def heard(self, conv: str, message: Frame) -> None:
        """Answer a customer's word; the client id makes a second answer harmless."""
        if message["role"] != "patient":
            return
        await self.say(conv, f"re-{message['cid']}", f"re:{message['cid']}")
        if random.random() < 0.04:
            asyncio.get_running_loop().create_task(self._give_back(conv))

    async def refused(self, conv: str, cid: str) -> None:
        """Forget a word he may not answer any more; with the chat back, it is new to him."""
        self.got.pop(cid.removeprefix("re-"), None)
        self.revisions.pop(conv, None)

    async def _give_back(self, conv: str) -> None:
        status, found = await self.ask("GET", "desk/chats?tab=mine")
        chats = (
            {row["conversation"]: row["id"] for row in found["results"]} if status == 200 else {}
        )
        if conv not in chats:
            return
        path = f"desk/chats/{chats[conv]}"
        if random.random() < 0.5:
            status, _found = await self.ask("POST", f"{path}/transfer", {"to": "queue"})
        else:
            status, _found = await self.ask("POST", f"{path}/end")
        self.given_back += status == 200
