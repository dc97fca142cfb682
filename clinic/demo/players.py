"""The people of the demo and how they behave."""

import asyncio
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx2

from clinic.demo.device import Device, Frame
from clinic.demo.gateway import Gateway
from clinic.demo.http import ApiError
from clinic.demo.people import (
    CITIES,
    COMPLAINTS,
    DIAGNOSES,
    DISTRICTS,
    DOCTOR_LINES,
    GIVEN_NAMES,
    PATIENT_LINES,
    REVIEW_TEXTS,
    SURNAMES,
)
from clinic.demo.tally import Tally
from clinic.patients.rules import check_digit

ROUNDS = 3  # questions of a doctor before he closes
NOTICE_FAULTS = (("duplicate", 3), ("delay", 5), ("reorder", 1))
PATIENCE_SECONDS = 240.0
REFUND_TRIES = 90  # looks, half a second apart


@dataclass(frozen=True)
class Stage:
    """What all players share."""

    http: httpx2.AsyncClient
    ws_url: str
    gateway: Gateway
    tally: Tally
    rng: random.Random


async def register(device: Device, gateway: Gateway, phone: str, name: str) -> None:
    """Make an account with the code that was sent, and connect."""
    await device.api.call("POST", "auth/codes", {"phone": phone, "purpose": "register"})
    body = {
        "phone": phone,
        "password": f"Demo-{uuid.uuid4().hex[:12]}",
        "code": await gateway.code_for(phone),
        "name": name,
        "device": "demo",
    }
    device.api.tokens = await device.api.call("POST", "auth/register", body)
    device.start()


def some_id_number(who: str) -> str:
    """Return an ID number as a grown-up may have it, the same one each time for the same person."""
    rng = random.Random(who)  # noqa: S311 invented people
    born = f"{rng.randrange(1950, 2004)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
    head = f"{rng.choice(DISTRICTS)}{born}{rng.randrange(1, 999):03d}"
    return head + check_digit(head)


class DoctorPlayer:
    """A doctor: goes online, accepts or declines, answers, closes with a record."""

    def __init__(self, stage: Stage, phone: str, password: str, *, declines: int) -> None:
        """``declines`` first offers are declined."""
        self._stage, self._phone, self._password = stage, phone, password
        self._declines = declines
        self._said: Counter[str] = Counter()
        self._cases: dict[str, str] = {}  # conversation -> consultation
        self._offered: set[str] = set()
        self.device = Device(stage.http, stage.ws_url, f"doctor {phone}", stage.tally, self._hear)

    async def come(self) -> None:
        """Log in, prove who he is, open the socket, go online, look for what is open already."""
        body = {"phone": self._phone, "password": self._password, "device": "demo"}
        self.device.api.tokens = await self.device.api.call("POST", "auth/login", body)
        proof = {"method": "password", "password": self._password}
        await self.device.api.call("POST", "doctor/identity-check", proof)
        self.device.start()
        await self.go("online")
        await self.look()

    async def go(self, state: str) -> None:
        """Say online, busy or offline."""
        await self.device.api.call("POST", "doctor/presence", {"state": state})

    async def look(self) -> None:
        """Take up offers that came while the socket was away."""
        found = await self.device.api.call("GET", "consultations?state=waiting_accept")
        for row in found["results"]:
            await self._offer(row["id"])

    async def _hear(self, received: Frame) -> None:
        if received["t"] == "assigned":
            await self._offer(received["id"])
        elif received["t"] == "msg" and received.get("role") == "patient":
            await self._answer(received["conv"])

    async def _offer(self, consultation: str) -> None:
        if consultation in self._offered:
            return
        self._offered.add(consultation)
        if self._declines > 0:
            self._declines -= 1
            self._stage.tally.add("declined")
            await self._step(consultation, "decline", {"reason": "not_my_field"})
            return
        await asyncio.sleep(self._stage.rng.uniform(0.3, 1.5))  # he reads the complaint first
        accepted = await self._step(consultation, "accept", {"fits_revisit": True})
        if accepted is None:
            return
        conversation = accepted["conversation_id"]
        self._cases[conversation] = consultation
        await self.device.say(conversation, DOCTOR_LINES[0])
        self._said[conversation] += 1

    async def _answer(self, conversation: str) -> None:
        await asyncio.sleep(self._stage.rng.uniform(0.05, 0.4))
        consultation = self._cases.get(conversation)
        if consultation is None:
            return
        if self._said[conversation] < ROUNDS:
            line = DOCTOR_LINES[self._said[conversation]]
            self._said[conversation] += 1
            await self.device.say(conversation, line)
        else:
            del self._cases[conversation]
            await self.device.say(conversation, DOCTOR_LINES[-1])
            diagnosis, advice = self._stage.rng.choice(DIAGNOSES)
            body = {"diagnosis": diagnosis, "advice": advice}
            if await self._step(consultation, "complete", body) is not None:
                self._stage.tally.add("completed")

    async def _step(
        self, consultation: str, verb: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        try:
            path = f"consultations/{consultation}/{verb}"
            return await self.device.api.call("POST", path, body or {})
        except ApiError as error:
            if error.status not in {404, 409}:  # the patient cancelled, or time ran out
                self._stage.tally.problem(f"doctor {verb}: {error.code}")
            return None


class PatientPlayer:
    """A patient: registers, describes, pays, talks, rates; some change their mind."""

    def __init__(self, stage: Stage, number: int, *, cancels: bool, disturbed: bool) -> None:
        """``disturbed`` payments have notices that come twice, late or in the wrong order."""
        self._stage, self._cancels, self._disturbed = stage, cancels, disturbed
        self._phone = f"192{stage.rng.randrange(10**8):08d}"
        self._name = stage.rng.choice(SURNAMES) + stage.rng.choice(GIVEN_NAMES)
        self._complaint = COMPLAINTS[number % len(COMPLAINTS)]
        self._lines = list(PATIENT_LINES)
        self._state = ""
        self._changed = asyncio.Event()
        self._accepted = asyncio.Event()
        self._conversation = ""
        self.consultation = ""
        self._label = f"patient {number}"
        self.device = Device(stage.http, stage.ws_url, self._label, stage.tally, self._hear)

    async def play(self) -> None:
        """Go the whole way; whatever goes wrong is noted, not hidden."""
        try:
            await self._register()
            await self._ask_for_a_doctor()
            await self._pay()
            if self._cancels:
                await self._cancel()
            else:
                await self._wait_and_talk()
        except (ApiError, TimeoutError, httpx2.HTTPError) as error:
            self._stage.tally.problem(f"{self._label} in {self._state}: {error!r}")
        finally:
            await self.device.stop()

    async def _register(self) -> None:
        await register(self.device, self._stage.gateway, self._phone, self._name)
        self._stage.tally.add("registered")

    async def _ask_for_a_doctor(self) -> None:
        rng, api = self._stage.rng, self.device.api
        person = await api.call("POST", "visit-persons", {
            "name": self._name,
            "relation": "self",
            "id_number": some_id_number(self._phone + self._name),
            "city": rng.choice(CITIES),
            "is_default": True,
        })  # fmt: skip
        await self._become_ready(person["id"])
        answer = await api.call("POST", "consultations", {
            "person_id": person["id"],
            "kind": "text_fast",
            "complaint": self._complaint,
        })  # fmt: skip
        self.consultation = answer["consultation"]["id"]

    async def _become_ready(self, person: str) -> None:
        """Have the own name checked, read the texts and agree to them."""
        api = self.device.api
        checked = await api.call("POST", f"visit-persons/{person}/real-name-check")
        if checked["state"] != "verified":
            self._stage.tally.problem(f"{self._label}: the register says {checked['state']}")
        texts = (await api.call("GET", "consent-texts"))["results"]
        wanted = [text["id"] for text in texts if text["kind"] != "guardian"]
        await api.call("POST", "consents", {"person_id": person, "texts": wanted})

    async def _pay(self) -> None:
        api, gateway = self.device.api, self._stage.gateway
        answer = await api.call("POST", f"consultations/{self.consultation}/order")
        order = answer.get("order") or answer
        payable = await api.call("POST", f"orders/{order['id']}/pay", {"method": "wechat_native"})
        number = await gateway.number_of(payable["params"]["code_url"])
        if self._disturbed:
            await gateway.disturb(number, *self._stage.rng.choice(NOTICE_FAULTS))
            self._stage.tally.add("disturbed")
        await gateway.pay(number)
        self._paid_at = time.perf_counter()
        self._stage.tally.add("paid")

    async def _cancel(self) -> None:
        await self._until({"waiting_assignment", "waiting_accept", "in_progress"})
        try:
            path = f"consultations/{self.consultation}/cancel"
            answer = await self.device.api.call("POST", path)
        except ApiError as error:
            if error.status != 409:
                raise
            await self._wait_and_talk()
            return
        self._stage.tally.add("cancelled")
        if answer["refund"]["mode"] == "review":
            self._stage.tally.add("for_staff")
            return
        for _ in range(REFUND_TRIES):
            if await self._is_refunded():
                self._stage.tally.add("refunds")
                return
            await asyncio.sleep(0.5)
        self._stage.tally.problem(f"{self._label}: the refund did not come")

    async def _is_refunded(self) -> bool:
        return (await self._look())["order"]["status"] in {"refunded", "partially_refunded"}

    async def _wait_and_talk(self) -> None:
        await self._until({"waiting_accept", "in_progress", "completed"})
        self._stage.tally.waits.append(time.perf_counter() - self._paid_at)
        self._stage.tally.add("assigned")
        if self._stage.rng.random() < 0.25:
            await asyncio.sleep(self._stage.rng.uniform(0.2, 1.5))
            await self.device.cut()
        await self._until({"completed"})
        await self.device.api.call(
            "POST",
            f"consultations/{self.consultation}/review",
            {"stars": self._stage.rng.choice([5, 5, 5, 4, 3]), "tags": [],
             "text": self._stage.rng.choice(REVIEW_TEXTS)},
        )  # fmt: skip
        self._stage.tally.add("rated")

    async def _hear(self, received: Frame) -> None:
        if received["t"] == "consultation" and received["id"] == self.consultation:
            self._state = received["state"]
            self._changed.set()
        elif received["t"] == "msg" and received.get("role") == "doctor" and self._lines:
            await asyncio.sleep(self._stage.rng.uniform(0.05, 0.4))
            if self._state != "completed":
                await self.device.say(received["conv"], self._lines.pop(0))

    async def _until(self, states: set[str]) -> None:
        """Wait for a push; ask every two seconds, because a push is only a hint."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self._state not in states:
                self._changed.clear()
                try:
                    async with asyncio.timeout(2):
                        await self._changed.wait()
                except TimeoutError:
                    self._state = (await self._look())["state"]
                if self._state in {"cancelled", "expired", "refunded_closed"}:
                    raise TimeoutError(self._state)

    async def _look(self) -> dict[str, Any]:
        return await self.device.api.call("GET", f"consultations/{self.consultation}")
