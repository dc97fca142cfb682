"""Sends prepared HTTP/1.1 requests over kept connections: JSON on stdin, figures on stdout.

Loopback only, bounded in time and in requests. It measures what a closed loop of N clients gets.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

import uvloop

HEAD_END = b"\r\n\r\n"
HIT = b"cache-status: slots; hit"
LAST_CHUNK = b"\r\n0\r\n\r\n"


@dataclass
class Run:
    """Requests still to send and what came back."""

    requests: list[bytes]
    is_endless: bool
    warm_up: int
    deadline: float = 0.0
    position: int = 0
    started: float = 0.0
    ended: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    hits: int = 0  # answers that the server says it had kept
    odd: list[str] = field(default_factory=list)

    def take(self) -> bytes | None:
        """Return the next request; None when the run is over."""
        if time.perf_counter() >= self.deadline:
            return None
        if self.position >= len(self.requests):
            if not self.is_endless:
                return None
            self.position = 0
        self.position += 1
        return self.requests[self.position - 1]

    def note(self, status: int, seconds: float, body: bytes, *, is_hit: bool) -> None:
        """Count one answer; the first few of a run only warm the server."""
        if self.warm_up > 0:
            self.warm_up -= 1
            self.started = time.perf_counter()
            return
        self.ended = time.perf_counter()
        self.latencies.append(seconds)
        self.statuses[status] += 1
        self.hits += is_hit
        if status >= 300 and len(self.odd) < 3:
            self.odd.append(body[:300].decode(errors="replace"))


class Client(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends again."""

    def __init__(self, run: Run, done: asyncio.Future[None]) -> None:
        self.run, self.done = run, done
        self.buffer = bytearray()
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start with the first request."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 given by asyncio
        """End; an early end shows as fewer answers than requests."""
        if not self.done.done():
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Collect until the answer is whole."""
        self.buffer += data
        head_end = self.buffer.find(HEAD_END)
        if head_end < 0:
            return
        head = bytes(self.buffer[:head_end]).lower()
        end = _end_of(head, self.buffer)
        if end is None or len(self.buffer) < end:
            return
        status = int(head[9:12])
        body = bytes(self.buffer[head_end + 4 : end])
        self.buffer.clear()
        seconds = time.perf_counter() - self.sent_at
        self.run.note(status, seconds, body, is_hit=HIT in head)
        self._send()

    def _send(self) -> None:
        request = self.run.take()
        if request is None:
            self.transport.close()
            return
        self.sent_at = time.perf_counter()
        self.transport.write(request)


def _end_of(head: bytes, answer: bytearray) -> int | None:
    """Return where an answer ends, None while that is unknown."""
    if b"transfer-encoding: chunked" in head:  # others' servers; ours say the length
        return len(answer) if answer.endswith(LAST_CHUNK) else None
    return len(head) + len(HEAD_END) + _content_length(head)


def _content_length(head: bytes) -> int:
    if head[9:12] == b"204":  # has no body and says nothing of it
        return 0
    at = head.find(b"content-length:")
    if at < 0:
        raise ValueError("an answer without a length")
    return int(head[at + 15 :].split(b"\r\n", 1)[0])


async def drive(given: dict[str, Any]) -> dict[str, Any]:
    """Run and return rates, percentiles in ms and statuses."""
    run = Run(
        requests=[request.encode() for request in given["requests"]],
        is_endless=given["is_endless"],
        warm_up=given["warm_up"],
    )
    loop = asyncio.get_running_loop()
    run.deadline = time.perf_counter() + given["seconds"]
    run.started = time.perf_counter()
    ends = []
    for _ in range(given["connections"]):
        done: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(lambda d=done: Client(run, d), "127.0.0.1", given["port"])
        ends.append(done)
    async with asyncio.timeout(given["seconds"] + given.get("patience", 20)):
        await asyncio.gather(*ends)
    return figures(run)


def figures(run: Run) -> dict[str, Any]:
    """Summarise."""
    ordered = sorted(run.latencies)
    passed = max(run.ended - run.started, 1e-9)
    return {
        "count": len(ordered),
        "per_second": len(ordered) / passed,
        "p50_ms": _share(ordered, 0.50),
        "p99_ms": _share(ordered, 0.99),
        "statuses": dict(run.statuses),
        "hits": run.hits,
        "odd": run.odd,
    }


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


if __name__ == "__main__":
    print(json.dumps(uvloop.run(drive(json.load(sys.stdin)))))
