"""People of the demo who consult by phone: over HTTP, a socket and the provider's control door."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PASSWORD = "Xiangcao-2026"  # of every login of the demo
RECORD = {
    "diagnosis": "不寐（心脾两虚证）",
    "advice": "规律作息，两周后复诊。",
    "fits_revisit": True,
}
PATIENCE_SECONDS = 90
PING_SECONDS = 15


class RefusedError(Exception):
    """An answer of 400 and more; ``args`` are status and document."""


def send(method: str, address: str, body: Any = None, **headers: str) -> Any:
    """Send JSON and return the answer's. Raises RefusedError."""
    answer = httpx2.request(
        method, address, json=body, headers=headers, timeout=30, trust_env=False
    )
    document = answer.json() if answer.content else None
    if answer.status_code >= 400:
        raise RefusedError(answer.status_code, document)
    return document


def until(
    look: Callable[[], Any], *, what: str, every: float = 0.2, seconds: int = PATIENCE_SECONDS
) -> Any:
    """Return the first true answer. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(every)
    raise TimeoutError(what)


@dataclass
class Person:
    """Somebody with a token, and a socket that writes down what it hears."""

    port: int
    phone: str
    token: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    _link: ClientConnection | None = None

    def come(self) -> "Person":
        """Log in by password and listen."""
        told = {"phone": self.phone, "password": PASSWORD, "device": "phone"}
        self.token = self.call("POST", "auth/login", told)["access_token"]
        self._link = connect(
            f"ws://127.0.0.1:{self.port}/ws/v1/",
            subprotocols=["clinic.v1", f"bearer.{self.token}"],  # type: ignore[list-item]
        )
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def leave(self) -> None:
        """Close the socket."""
        if self._link is not None:
            self._link.close()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as this person."""
        headers = {"Idempotency-Key": uuid.uuid4().hex, "Accept-Language": "zh-CN"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return send(method, f"http://127.0.0.1:{self.port}/api/v1/{path}", body, **headers)

    def heard_of(self, kind: str) -> list[dict[str, Any]]:
        """Return the notices of a kind that came over the socket."""
        return [one for one in list(self.heard) if one.get("kind") == kind]

    def _listen(self) -> None:
        assert self._link is not None
        while True:
            try:
                self.heard.append(json.loads(self._link.recv(timeout=PING_SECONDS)))
            except TimeoutError:
                self._link.send('{"t":"ping"}')  # a silent socket is closed after a minute
            except ConnectionClosed:
                return


@dataclass(frozen=True)
class Provider:
    """The control door of the gateway simulator: money and phone calls."""

    port: int
    token: str
    reports: str  # where the clinic hears of calls

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Make one control call."""
        address = f"http://127.0.0.1:{self.port}/control/{path}"
        return send(method, address, body, **{"X-Control-Token": self.token})

    def pay(self, code_url: str) -> str:
        """Pay the order behind a QR code and return its number."""
        rows = self.control("GET", "orders?limit=100")["orders"]
        number = next(str(row["out_trade_no"]) for row in rows if row["code_url"] == code_url)
        self.control("POST", f"orders/{number}/pay", {})
        return number

    def binding_of(self, call_id: str) -> dict[str, Any]:
        """Return the binding of a call of the clinic."""
        rows = self.control("GET", "calls")["bindings"]
        return next(dict(row) for row in rows if row["out_id"] == call_id)

    def disturb(self, number: str, kind: str, value: int = 1) -> None:
        """Let the next report of a binding go wrong once."""
        fault = {"kind": kind, "out_trade_no": number, "times": 1, "value": value}
        self.control("POST", "faults", fault)

    def dial(self, number: str, *, by: str, seconds: int) -> None:
        """Let the doctor (a) or the patient (b) dial the relay number."""
        told = {"by": by, "seconds": seconds, "url": self.reports}
        self.control("POST", f"calls/{number}/dial", told)


@dataclass
class Case:
    """A phone consultation of one patient with one doctor."""

    patient: Person
    doctor: Person
    provider: Provider
    id: str = ""
    order: str = ""
    number: str = ""  # of the payment, as the gateway knows it

    def begin(self, doctor_id: str) -> "Case":
        """Order, pay, be accepted."""
        person = self.patient.call("GET", "visit-persons")["results"][0]["id"]
        told = {"person_id": person, "kind": "phone_chosen", "doctor_id": doctor_id}
        told["complaint"] = "反复失眠三个月，想电话咨询。"
        self.id = self.patient.call("POST", "consultations", told)["consultation"]["id"]
        ordered = self.patient.call("POST", f"consultations/{self.id}/order")
        self.order = (ordered.get("order") or ordered)["id"]
        way = {"method": "wechat_native"}
        payable = self.patient.call("POST", f"orders/{self.order}/pay", way)
        self.number = self.provider.pay(payable["params"]["code_url"])
        self.is_in("waiting_accept")
        self.doctor.call("POST", f"consultations/{self.id}/accept", {"fits_revisit": True})
        return self

    def look(self) -> dict[str, Any]:
        """Return the case as the patient sees it."""
        return dict(self.patient.call("GET", f"consultations/{self.id}"))

    def is_in(self, state: str) -> None:
        """Wait for a state."""
        until(lambda: self.look()["state"] == state, what=f"{state}: {self.look()['state']}")

    def calls(self) -> list[dict[str, Any]]:
        """Return its calls as the patient sees them."""
        rows: list[dict[str, Any]] = self.patient.call("GET", f"consultations/{self.id}/calls")[
            "results"
        ]
        return rows

    def bound(self, number: int = 1) -> dict[str, Any]:
        """Wait until the patient hears that the call of this number is put through; return it."""

        def told() -> bool:
            heard = self.patient.heard_of("call_to_come")
            return len([one for one in heard if one["subject_id"] == self.id]) >= number

        until(told, what=f"call {number}")
        return self.calls()[number - 1]
