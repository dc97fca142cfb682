"""Two people in each of many conversations write to each other over raw WebSockets.

JSON on stdin, figures on stdout. Loopback only, bounded in time and in messages.
"""

import asyncio
import base64
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import uvloop

GRACE_SECONDS = 10  # how long messages may still arrive after the last one was sent
TEXT = "最近睡得不好，晚上总是醒，白天没有精神。"


@dataclass
class Run:
    """What was sent, acknowledged and received; keys are client ids."""

    sent: dict[str, float] = field(default_factory=dict)
    acked: dict[str, float] = field(default_factory=dict)
    received: dict[str, list[float]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    until: float = 0.0
    is_closed_loop: bool = True

    @property
    def is_settled(self) -> bool:
        """Say whether everything acknowledged has arrived."""
        return len(self.acked) == len(self.sent) and self.acked.keys() <= self.received.keys()


class Phone(asyncio.Protocol):
    """One socket: opens, sends, and notes what comes."""

    def __init__(self, run: Run, port: int, seat: dict[str, str]) -> None:
        self.run, self.port, self.seat = run, port, seat
        self.buffer = bytearray()
        self.is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self.transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.transport.write(
            (
                f"GET /ws/v1/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Protocol: clinic.v1, bearer.{self.seat['token']}\r\n\r\n"
            ).encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 given by asyncio
        """Note an end that nobody asked for."""
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(bytes(self.buffer[:200])))

    def data_received(self, data: bytes) -> None:
        """Take whole frames out of the stream."""
        self.buffer += data
        if not self.is_open:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self.buffer[:20]:
                self.transport.close()
                return
            del self.buffer[: end + 4]
            self.is_open = True
        while (frame := self._frame()) is not None:
            self._take(*frame)

    def say(self) -> None:
        """Send the next message."""
        cid = secrets.token_hex(8)
        self.run.sent[cid] = time.perf_counter()
        frame = {"t": "send", "id": cid, "conv": self.seat["conv"], "cid": cid, "kind": "text"}
        self._write(1, orjson.dumps(frame | {"body": TEXT}))

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

    def _take(self, code: int, body: bytes) -> None:
        if code == 9:
            self._write(10, body)
        if code != 1:
            return
        moment, frame = time.perf_counter(), orjson.loads(body)
        match frame["t"]:
            case "welcome":
                self.opened.set_result(None)
            case "ping":
                self._write(1, b'{"t":"pong"}')
            case "ok":
                self.run.acked[frame["id"]] = moment
                if self.run.is_closed_loop and moment < self.run.until:
                    self.say()
            case "err":
                self.run.refused.append(str(frame.get("code")))
            case "msg":
                self._note(frame, moment)
            case "sync":
                for message in frame["messages"]:
                    self._note(message, moment)

    def _note(self, message: dict[str, Any], moment: float) -> None:
        if message.get("cid") in self.run.sent and message["sender"] != self.seat["user"]:
            self.run.received.setdefault(message["cid"], []).append(moment)

    def _write(self, code: int, body: bytes) -> None:
        size = len(body)
        length = bytes([128 | size]) if size < 126 else bytes([254]) + size.to_bytes(2, "big")
        # A mask of zeros is a valid mask and costs nothing.
        self.transport.write(bytes([128 | code]) + length + b"\0\0\0\0" + body)


async def drive(given: dict[str, Any]) -> dict[str, Any]:
    """Open all sockets, write for a while, wait for the rest, and return figures."""
    run = Run(is_closed_loop=given["per_second"] is None)
    phones = await _open(run, given)
    await asyncio.sleep(0.5)
    start = time.perf_counter()
    run.until = start + given["seconds"]
    if run.is_closed_loop:
        for phone in phones:
            phone.say()
        await asyncio.sleep(given["seconds"])
    else:
        await _pace(run, phones, given["per_second"], start)
    ended = time.perf_counter()
    while not run.is_settled and time.perf_counter() < ended + GRACE_SECONDS:  # noqa: ASYNC110 a look is cheap
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)  # a message that comes twice comes late
    for phone in phones:
        phone.transport.abort()
    return figures(run, start)


async def _open(run: Run, given: dict[str, Any]) -> list[Phone]:
    loop = asyncio.get_running_loop()
    phones: list[Phone] = []
    for seat in given["seats"]:
        _transport, phone = await loop.create_connection(
            lambda s=seat: Phone(run, given["port"], s), "127.0.0.1", given["port"]
        )
        phones.append(phone)
        async with asyncio.timeout(10):
            await phone.opened
    return phones


async def _pace(run: Run, phones: list[Phone], per_second: float, start: float) -> None:
    number = 0
    while time.perf_counter() < run.until:
        phones[number % len(phones)].say()
        number += 1
        await asyncio.sleep(max(0.0, start + number / per_second - time.perf_counter()))


def figures(run: Run, start: float) -> dict[str, Any]:
    """Summarise. ``lost``: acknowledged, but the other one did not get it."""
    ended = max(run.acked.values(), default=start + 1)
    ways = sorted(times[0] - run.sent[cid] for cid, times in run.received.items())
    acks = sorted(moment - run.sent[cid] for cid, moment in run.acked.items())
    return {
        "acked": len(run.acked),
        "per_second": len(run.acked) / (ended - start),
        "unanswered": len(run.sent) - len(run.acked),
        "lost": len(run.acked.keys() - run.received.keys()),
        "doubled": sum(len(times) > 1 for times in run.received.values()),
        "refused": run.refused[:3],
        "p50_ms": _share(ways, 0.5),
        "p99_ms": _share(ways, 0.99),
        "ack_p50_ms": _share(acks, 0.5),
        "ack_p99_ms": _share(acks, 0.99),
    }


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


if __name__ == "__main__":
    print(json.dumps(uvloop.run(drive(json.load(sys.stdin)))))
