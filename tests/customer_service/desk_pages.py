"""Agents at their desks in a real browser, and customers who talk to them over HTTP and socket."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from playwright.sync_api import Page, expect
from websockets.sync.client import ClientConnection, connect

from tests.cast import Member
from tests.console.conftest import browser
from tests.customer_service.conftest import AgentMember
from tests.live import LiveServer
from tests.windows import Windows

PICTURES = Path(__file__).resolve().parents[2] / "test-output" / "desk"
DESK = "/admin/chat/desk/"
BOARD = "/admin/chat/board/"
PATIENCE_MS = 10_000


@dataclass
class Seat:
    """A page of the desk and what went wrong on it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def row(self, name: str) -> Any:
        """The row of a customer in the list."""
        return self.page.locator("#rows [data-chat]").filter(has_text=name)

    def open(self, name: str) -> None:
        """Choose a chat and wait for its thread."""
        self.row(name).click()
        expect(self.page.locator("#chatbar h2")).to_contain_text(name)
        expect(self.page.locator("#messages > *").first).to_be_visible()

    def write(self, text: str) -> None:
        """Type into the composer and send by the keys."""
        self.page.locator("#composer-text").fill(text)
        self.page.keyboard.press("Control+Enter")

    def count(self, tab: str) -> Any:
        """The number beside a tab."""
        return self.page.locator(f"#count-{tab}")

    def last(self, text: str) -> Any:
        """A bubble with these words."""
        return self.page.locator(".bubble").filter(has_text=text)

    def picture(self, name: str) -> None:
        """Keep a picture when asked for."""
        if os.environ.get("CONSOLE_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=PICTURES / f"{name}.png")


def sit_down(
    chromium: Windows,
    server: LiveServer,
    agent: AgentMember,
    *,
    address: str = DESK,
    locale: str = "zh-CN",
    width: int = 1280,
    keep: bool = True,
    prepare: Callable[[Page], None] | None = None,
) -> Seat:
    """Open a page of the desk as an agent who is logged in to the console."""
    page = chromium.take(
        server.http_url, locale, width=width, height=800, keep=keep and prepare is None
    )
    page.set_default_timeout(PATIENCE_MS)
    key = browser(agent.member.user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": server.http_url}])
    seat = Seat(page)
    chromium.listen(page, "pageerror", lambda error: seat.faults.append(str(error)))
    chromium.listen(page, "console", lambda told: _note(seat, told))
    if prepare is not None:
        prepare(seat.page)
    seat.page.goto(address)
    if address == DESK:
        expect(seat.page.locator("#status [aria-pressed=true]")).to_have_count(1)
    return seat


def _note(seat: Seat, told: Any) -> None:
    # What a cut line shows is no fault of the page.
    if told.type == "error" and "ERR_CONNECTION" not in told.text:
        seat.faults.append(told.text)


@dataclass
class Customer:
    """A customer's phone: HTTP with his token and one socket."""

    member: Member
    server: LiveServer
    link: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API; return what it tells."""
        answer = requests.request(
            method,
            f"{self.server.http_url}/api/v1/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.member.token}"},
            timeout=10,
        )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def ask_for_help(self, **wish: Any) -> dict[str, Any]:
        """Ask for somebody; return the answer of assign."""
        return dict(self.call("POST", "service/chats", wish))

    def say(self, conversation: str, text: str) -> None:
        """Send a message over the socket and wait until it is stored."""
        frame = {"t": "send", "id": str(uuid4()), "conv": conversation, "cid": str(uuid4())}
        self.link.send(json.dumps({**frame, "body": text}))
        answer = self.hear(id=frame["id"])
        assert answer["t"] == "ok", answer

    def do(self, **frame: Any) -> None:
        """Send a frame."""
        self.link.send(json.dumps(frame))

    def hear(self, **like: Any) -> dict[str, Any]:
        """Return the next frame with these values; others are kept."""
        for known in self.heard:
            if _is_like(known, like):
                self.heard.remove(known)
                return known
        while True:
            frame = json.loads(self.link.recv(timeout=PATIENCE_MS / 1000))
            if _is_like(frame, like):
                return dict(frame)
            self.heard.append(frame)

    def read_file(self, file: str) -> bytes:
        """Return the content of a file that he was sent."""
        headers = {"Authorization": f"Bearer {self.member.token}"}
        address = f"{self.server.http_url}/api/v1/files/{file}"
        return bytes(requests.get(address, headers=headers, timeout=10).content)

    def messages(self, conversation: str) -> list[dict[str, Any]]:
        """Return the messages of a conversation as he reads them."""
        return list(self.call("GET", f"conversations/{conversation}/messages")["messages"])


def _is_like(frame: dict[str, Any], like: dict[str, Any]) -> bool:
    return all(frame.get(key) == value for key, value in like.items())


def pick_up(server: LiveServer, member: Member) -> Customer:
    """Open a customer's socket."""
    protocols = ["clinic.v1", f"bearer.{member.token}"]
    link = connect(server.socket_url, subprotocols=protocols, compression=None)  # type: ignore[arg-type]
    customer = Customer(member, server, link)
    customer.hear(t="welcome")
    return customer
