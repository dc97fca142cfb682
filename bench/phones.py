"""Clients of three chat servers over raw WebSockets: the clinic's, ejabberd's, stock Channels'.

A phone knows how to log in and how to write to its peer; what it hears goes to its run.
"""

import asyncio
import base64
import re
import secrets
import time
from collections import deque
from typing import Any, ClassVar, Protocol, cast

import orjson

# 120 bytes of UTF-8: what one line of a person weighs.
TEXT = "最近睡得不好，晚上总是醒，白天没有精神，想问问医生怎么办才好，谢谢您了，等您回。"
Seat = dict[str, str]


class Hearing(Protocol):
    """What a phone tells its run."""

    def said(self, cid: str) -> None:
        """A message left."""

    def acked(self, phone: "Phone", cid: str) -> None:
        """The server confirmed it."""

    def received(self, cid: str) -> None:
        """The other one has it."""

    def refused(self, why: str) -> None:
        """The server said no."""


class Phone(asyncio.Protocol):
    """One socket: opens, logs in, sends, and notes what comes."""

    path: ClassVar[str] = ""

    def __init__(self, run: Hearing, port: int, seat: Seat) -> None:
        self.run, self.port, self.seat = run, port, seat
        self.buffer = bytearray()
        self.is_upgraded = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def protocols(self) -> str:
        """Return the subprotocols to offer; empty offers none."""
        return ""

    def begin(self) -> None:
        """Log in; the socket was just upgraded."""

    def say(self) -> None:
        """Send the next message."""
        raise NotImplementedError

    def hear(self, body: bytes) -> None:
        """Take the text of a frame."""
        raise NotImplementedError

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self.transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        offered = self.protocols()
        lines = [
            f"GET {self.path.format(**self.seat)} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *([f"Sec-WebSocket-Protocol: {offered}"] if offered else []),
        ]
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 given by asyncio
        """Note an end that nobody asked for."""
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(bytes(self.buffer[:200])))

    def data_received(self, data: bytes) -> None:
        """Take whole frames out of the stream."""
        self.buffer += data
        if not self.is_upgraded and not self._upgraded():
            return
        while (frame := self._frame()) is not None:
            code, body = frame
            if code == 9:
                self.write(body, code=10)
            elif code == 1:
                self.hear(body)

    def is_open(self) -> None:
        """Note that messages may be sent now."""
        if not self.opened.done():
            self.opened.set_result(None)

    def write(self, body: bytes, *, code: int = 1) -> None:
        """Send a frame."""
        size = len(body)
        length = bytes([128 | size]) if size < 126 else bytes([254]) + size.to_bytes(2, "big")
        # A mask of zeros is a valid mask and costs nothing.
        self.transport.write(bytes([128 | code]) + length + b"\0\0\0\0" + body)

    def _upgraded(self) -> bool:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if b" 101 " not in self.buffer[:20]:
            self.transport.close()
            return False
        del self.buffer[: end + 4]
        self.is_upgraded = True
        self.begin()
        return True

    def _frame(self) -> tuple[int, bytes] | None:
        if len(self.buffer) < 2:
            return None
        size, at = self.buffer[1] & 127, 2
        if size >= 126:
            at = 4 if size == 126 else 10
            if len(self.buffer) < at:
                return None
            size = int.from_bytes(self.buffer[2:at], "big")
        if len(self.buffer) < at + size:
            return None
        code, body = self.buffer[0] & 15, bytes(self.buffer[at : at + size])
        del self.buffer[: at + size]
        return code, body


class ClinicPhone(Phone):
    """The clinic's socket; a seat has ``conv``, ``token`` and ``user``."""

    path = "/ws/v1/"

    def protocols(self) -> str:
        """Offer the protocol and the access token."""
        return f"clinic.v1, bearer.{self.seat['token']}"

    def say(self) -> None:
        """Send the next message."""
        cid = secrets.token_hex(8)
        self.run.said(cid)
        frame = {"t": "send", "id": cid, "conv": self.seat["conv"], "cid": cid, "kind": "text"}
        self.write(orjson.dumps(frame | {"body": TEXT}))

    def hear(self, body: bytes) -> None:
        """Take answers, messages and what a gap brought."""
        frame = orjson.loads(body)
        match frame["t"]:
            case "welcome":
                self.is_open()
            case "ping":
                self.write(b'{"t":"pong"}')
            case "ok":
                self.run.acked(self, frame["id"])
            case "err":
                self.run.refused(str(frame.get("code")))
            case "msg":
                self._note(frame)
            case "sync":
                for message in frame["messages"]:
                    self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        if message["sender"] != self.seat["user"]:
            self.run.received(message["cid"])


class StockPhone(Phone):
    """The stock Channels consumer; a seat has ``room`` and ``user``."""

    path = "/ws/chat/{room}/?user={user}"

    def begin(self) -> None:
        """Nothing to log in to: an upgraded socket has joined its room."""
        self.is_open()

    def say(self) -> None:
        """Send the next message."""
        cid = secrets.token_hex(8)
        self.run.said(cid)
        self.write(orjson.dumps({"cid": cid, "message": TEXT}))

    def hear(self, body: bytes) -> None:
        """Take answers and messages."""
        frame = orjson.loads(body)
        if "stored" in frame:
            self.run.acked(self, frame["cid"])
        elif frame["user"] != self.seat["user"]:
            self.run.received(frame["cid"])


class EjabberdPhone(Phone):
    """XMPP in WebSocket frames (RFC 7395); a seat has ``user``, ``peer`` and ``password``.

    The answer to a message is the count of stream management (XEP-0198): ejabberd handles the
    stanzas of a session in order, so the count says which of them it is done with.
    """

    path = "/ws"
    OPEN = b'<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="localhost" version="1.0"/>'
    MESSAGE = re.compile(rb"<message[^>]* id=['\"]([0-9a-f]{16})['\"]")
    ANSWER = re.compile(rb"<a[^>]* h=['\"](\d+)['\"]")

    def __init__(self, run: Hearing, port: int, seat: Seat) -> None:
        super().__init__(run, port, seat)
        self.is_known = False
        self.confirmed = 0
        self.unconfirmed: deque[str] = deque()
        self.taken = 0

    def protocols(self) -> str:
        """Offer XMPP."""
        return "xmpp"

    def begin(self) -> None:
        """Open the stream."""
        self.write(self.OPEN)

    def say(self) -> None:
        """Send the next message and ask what was handled."""
        cid = secrets.token_hex(8)
        self.unconfirmed.append(cid)
        self.run.said(cid)
        to = f"{self.seat['peer']}@localhost"
        words = f'<message xmlns="jabber:client" to="{to}" type="chat" id="{cid}">'
        self.write(f"{words}<body>{TEXT}</body></message>".encode())
        self.write(b'<r xmlns="urn:xmpp:sm:3"/>')

    def hear(self, body: bytes) -> None:
        """Log in step by step, then take answers and messages."""
        if body.startswith(b"<message"):
            self.taken += 1
            if found := self.MESSAGE.search(body):
                self.run.received(found.group(1).decode())
        elif body.startswith(b"<a "):
            self._confirm(body)
        elif body.startswith(b"<r "):
            self.write(b'<a xmlns="urn:xmpp:sm:3" h="%d"/>' % self.taken)
        elif not self.opened.done():
            self._log_in(body)
        elif body.startswith((b"<presence", b"<iq")):
            self.taken += 1

    def _log_in(self, body: bytes) -> None:
        if b"<mechanism>" in body:
            word = f"\0{self.seat['user']}\0{self.seat['password']}".encode()
            sasl = b'<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">%s</auth>'
            self.write(sasl % base64.b64encode(word))
        elif b"<success" in body:
            self.is_known = True
            self.write(self.OPEN)
        elif self.is_known and b":xmpp-bind" in body and b"features" in body:
            bind = b'<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>a</resource></bind>'
            self.write(b'<iq xmlns="jabber:client" type="set" id="b">%s</iq>' % bind)
        elif b"<jid>" in body:
            self.write(b'<enable xmlns="urn:xmpp:sm:3"/>')
        elif b"<enabled" in body:
            self.write(b'<presence xmlns="jabber:client"/>')
            self.is_open()
        elif b"<failure" in body:
            self.transport.close()

    def _confirm(self, body: bytes) -> None:
        found = self.ANSWER.search(body)
        count = int(found.group(1)) - 1 if found else 0  # the first stanza was the presence
        while self.unconfirmed and self.confirmed < count:
            self.confirmed += 1
            self.run.acked(self, self.unconfirmed.popleft())


KINDS: dict[str, type[Phone]] = {
    "clinic": ClinicPhone,
    "ejabberd": EjabberdPhone,
    "stock": StockPhone,
}


async def connect(kind: str, run: Hearing, port: int, seat: Seat, *, seconds: float) -> Phone:
    """Return a phone that may send. Raises OSError or TimeoutError."""
    loop = asyncio.get_running_loop()
    _transport, phone = await loop.create_connection(
        lambda: KINDS[kind](run, port, seat), "127.0.0.1", port
    )
    async with asyncio.timeout(seconds):
        await phone.opened
    return phone


def moment() -> float:
    """Return the time on the clock of all figures, in seconds."""
    return time.perf_counter()
