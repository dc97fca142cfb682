"""Agents and customers of the demo's desk, each a client of the API like any other."""

import asyncio
import time
from collections import Counter, defaultdict
from typing import Any

import httpx2

from clinic.demo.desk_people import AGENT_LINES, CUSTOMER_LINES, QUESTIONS
from clinic.demo.device import Device, Frame
from clinic.demo.http import ApiError
from clinic.demo.people import GIVEN_NAMES, REVIEW_TEXTS, SURNAMES
from clinic.demo.players import Stage, register

TRANSFER_SHARE, IMPATIENT_SHARE = 0.25, 0.08
PATIENCE_SECONDS = 240.0
TOO_FAST = 429
OVERTAKEN = frozenset({404, 409})  # somebody was quicker, or the chat is over


class AgentPlayer:
    """An agent: goes online, greets, answers, hands some chats to a colleague, ends the rest."""

    def __init__(self, stage: Stage, phone: str, password: str) -> None:
        """Nothing is connected yet."""
        self._stage, self._phone, self._password = stage, phone, password
        self._chats: dict[str, str] = {}  # conversation -> chat
        self._over: set[str] = set()
        self._said: Counter[str] = Counter()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.colleagues: list[AgentPlayer] = []
        self.id = ""
        self.device = Device(stage.http, stage.ws_url, f"agent {phone}", stage.tally, self._hear)

    async def come(self) -> None:
        """Log in, open the socket, go online."""
        body = {"phone": self._phone, "password": self._password, "device": "demo"}
        self.device.api.tokens = await self.device.api.call("POST", "auth/login", body)
        self.id = (await self.device.api.call("GET", "desk/me"))["agent"]["id"]
        self.device.start()
        await self.go("online")

    async def go(self, status: str) -> None:
        """Say online, busy or offline."""
        await self.device.api.call("POST", "desk/status", {"status": status})

    async def _hear(self, received: Frame) -> None:
        if received["t"] == "desk_chat" and received["row"]:
            await self._greet(received["chat"], received["row"])
        elif received["t"] == "msg" and received.get("role") == "patient":
            await self._answer(received["conv"])

    async def _greet(self, chat: str, row: dict[str, Any]) -> None:
        conversation, agent = row["conversation"], row["agent"] or {}
        is_known = conversation in self._chats or conversation in self._over
        if row["state"] != "active" or agent.get("id") != self.id or is_known:
            return
        self._chats[conversation] = chat
        async with self._turns[conversation]:
            await asyncio.sleep(self._stage.rng.uniform(0.2, 0.8))  # he reads the question first
            await self._say(conversation)

    async def _answer(self, conversation: str) -> None:
        async with self._turns[conversation]:
            chat = self._chats.get(conversation)
            if chat is None:
                return
            await asyncio.sleep(self._stage.rng.uniform(0.1, 0.5))
            is_new = self._said[conversation] == 1
            if is_new and self._stage.rng.random() < TRANSFER_SHARE and await self._hand_on(chat):
                del self._chats[conversation]
                return
            await self._say(conversation)
            if self._said[conversation] >= len(AGENT_LINES):
                await self._end(conversation)

    async def _end(self, conversation: str) -> None:
        self._over.add(conversation)
        ended = await self._step(self._chats.pop(conversation), "end", {})
        if ended is not None and ended["end_reason"] == "ended_by_agent":
            self._stage.tally.add("desk ended")

    async def _say(self, conversation: str) -> None:
        line = AGENT_LINES[min(self._said[conversation], len(AGENT_LINES) - 1)]
        self._said[conversation] += 1
        await self.device.say(conversation, line)

    async def _hand_on(self, chat: str) -> bool:
        others = [one for one in self.colleagues if one is not self]
        if not others:
            return False
        wish = {
            "to": "agent",
            "target": self._stage.rng.choice(others).id,
            "reason": "更熟悉此类问题",
        }
        is_done = await self._step(chat, "transfer", wish) is not None
        self._stage.tally.add("desk transferred", int(is_done))
        return is_done

    async def _step(self, chat: str, verb: str, body: dict[str, Any]) -> dict[str, Any] | None:
        while True:
            try:
                return await self.device.api.call("POST", f"desk/chats/{chat}/{verb}", body)
            except ApiError as error:
                if error.status == TOO_FAST:
                    await asyncio.sleep(float(error.problem.get("retry_after") or 1))
                    continue
                if error.status not in OVERTAKEN:
                    self._stage.tally.problem(f"agent {verb}: {error.code}")
                return None


class CustomerPlayer:
    """A customer: registers, asks, waits, talks, rates; a few lose patience in the queue."""

    def __init__(self, stage: Stage, number: int) -> None:
        """Nothing is connected yet."""
        self._stage, self._number = stage, number
        self._lines = list(CUSTOMER_LINES)
        self._state, self._chat = "", ""
        self._changed = asyncio.Event()
        self._label = f"customer {number}"
        self.device = Device(stage.http, stage.ws_url, self._label, stage.tally, self._hear)

    async def play(self) -> None:
        """Go the whole way; whatever goes wrong is noted, not hidden."""
        try:
            await self._come()
            await self._ask()
            await self._wait_and_talk()
        except (ApiError, TimeoutError, httpx2.HTTPError) as error:
            self._stage.tally.problem(f"{self._label} in {self._state}: {error!r}")
        finally:
            await self.device.stop()

    async def _come(self) -> None:
        rng = self._stage.rng
        name = rng.choice(SURNAMES) + rng.choice(GIVEN_NAMES)
        phone = f"193{rng.randrange(10**8):08d}"
        await register(self.device, self._stage.gateway, phone, name)

    async def _ask(self) -> None:
        question = QUESTIONS[self._number % len(QUESTIONS)]
        self._asked_at = time.perf_counter()
        answer = await self.device.api.call("POST", "service/chats", {"note": question})
        self._stage.tally.add("desk asked")
        if answer["chat"] is None:
            raise TimeoutError(answer["status"])
        self._chat, self._state = answer["chat"]["id"], answer["chat"]["state"]

    async def _wait_and_talk(self) -> None:
        tally = self._stage.tally
        if self._state == "waiting" and self._stage.rng.random() < IMPATIENT_SHARE:
            await self.device.api.call("DELETE", "service/queue")
            tally.add("desk left")
            return
        await self._until({"active", "ended"})
        tally.desk_waits.append(time.perf_counter() - self._asked_at)
        await self._until({"ended"})
        rating = {
            "stars": self._stage.rng.choice([5, 5, 4, 3]),
            "tags": [],
            "text": self._stage.rng.choice(REVIEW_TEXTS),
        }
        await self.device.api.call("POST", f"service/chats/{self._chat}/rate", rating)
        tally.add("desk rated")

    async def _hear(self, received: Frame) -> None:
        if received["t"] == "service" and received["chat"] == self._chat:
            self._become(received["state"])
        elif received["t"] == "ended" and received["chat"] == self._chat:
            self._become("ended")
        elif received["t"] == "msg" and received.get("role") == "agent" and self._lines:
            line = self._lines.pop(0)
            await asyncio.sleep(self._stage.rng.uniform(0.1, 0.4))
            if self._state != "ended":
                await self.device.say(received["conv"], line)
            if len(self._lines) == 1 and self._number % 2:
                await self._end()

    async def _end(self) -> None:
        """Thank and go, before the agent ends it."""
        self._lines.clear()
        ended = await self.device.api.call("POST", f"service/chats/{self._chat}/end")
        if ended["end_reason"] == "ended_by_customer":
            self._stage.tally.add("desk left happy")

    def _become(self, state: str) -> None:
        self._state = state
        self._changed.set()

    async def _until(self, states: set[str]) -> None:
        """Wait for a push; ask every two seconds, because a push is only a hint."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self._state not in states:
                self._changed.clear()
                try:
                    async with asyncio.timeout(2):
                        await self._changed.wait()
                except TimeoutError:
                    found = await self.device.api.call("GET", f"service/chats/{self._chat}")
                    self._state = found["state"]
