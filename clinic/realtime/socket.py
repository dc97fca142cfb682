"""One open socket: a bounded writer, an order-keeping inbox of pushes, and limits on its frames."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from clinic.core.clock import now
from clinic.realtime.enums import CloseCode
from clinic.realtime.feeds import Filling
from clinic.realtime.frames import Push, encode
from clinic.realtime.services import Admission
from clinic.settings import rules

CLOSE_SECONDS = 10.0  # how long a slow reader may take to notice that he is closed
HELD_PUSHES = 256  # pushes kept while the state is being read; the positioner finds the rest
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Pace:
    """A bucket of frames: so many per second, so many at once."""

    __slots__ = ("_at", "_left")

    def __init__(self) -> None:
        """Start full."""
        self._left = float(rules.SOCKET_FRAMES_BURST)
        self._at = time.monotonic()

    def take(self) -> bool:
        """Take one frame; False when the bucket is empty."""
        moment = time.monotonic()
        refill = (moment - self._at) * rules.SOCKET_FRAMES_PER_SECOND
        self._left = min(float(rules.SOCKET_FRAMES_BURST), self._left + refill) - 1
        self._at = moment
        return self._left >= 0


class Socket:
    """What the hub and the commands know of one connection. Lives on one event loop."""

    def __init__(self, send: Send, admission: Admission, *, language: str) -> None:
        """Keep who it is and by what he was admitted."""
        self.id = uuid4().hex
        self.actor = actor = admission.actor
        self.user = actor.public_id.hex if actor.public_id else ""
        self.user_id = actor.user_id or 0
        self.login = admission.login
        self.expires_at = admission.expires_at
        self.language = language
        self.opened_at = self.heard_at = self.pinged_at = time.monotonic()
        self.pace = Pace()
        self.bad_frames: deque[float] = deque(maxlen=rules.SOCKET_BAD_FRAMES)
        self.typed_at: dict[str, float] = {}
        self.muted: set[str] = set()
        self.positions: dict[str, int] = {}
        self.healing: dict[str, int] = {}
        self.on_gap: Callable[[Socket, str], None] = lambda _socket, _key: None
        self.close_code: CloseCode | None = None
        self._held: list[Push] | None = []
        self._send = send
        self._queue: deque[str] = deque()
        self._queued_chars = 0
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    def write(self, text: str) -> None:
        """Queue an encoded frame; a reader who lets the queue overflow is closed."""
        if self.close_code is not None:
            return
        self._queued_chars += len(text)
        self._queue.append(text)
        if (
            len(self._queue) > rules.SOCKET_QUEUE_FRAMES
            or self._queued_chars > rules.SOCKET_QUEUE_BYTES
        ):
            self._queue.clear()
            self.close(CloseCode.SLOW)
        self._wake.set()

    def write_frame(self, frame: dict[str, Any]) -> None:
        """Encode and queue a frame."""
        self.write(encode(frame))

    def close(self, code: CloseCode) -> None:
        """End the socket after what is queued; only the first code counts."""
        if self.close_code is not None:
            return
        self.close_code = code
        self._wake.set()
        if self._writer is not None:
            self._writer.get_loop().call_later(CLOSE_SECONDS, self._writer.cancel)

    def start_writer(self) -> "asyncio.Task[None]":
        """Begin to send what is queued; the task ends when the socket is closed."""
        self._writer = asyncio.get_running_loop().create_task(self._write())
        return self._writer

    async def _write(self) -> None:
        while True:
            while self._queue:
                text = self._queue.popleft()
                self._queued_chars -= len(text)
                await self._send({"type": "websocket.send", "text": text})
            if self.close_code is not None:
                await self._send({"type": "websocket.close", "code": int(self.close_code)})
                return
            self._wake.clear()
            await self._wake.wait()

    # Pushes in order

    def take(self, push: Push) -> None:
        """Pass a push on: at once, in the order of its feed, or never when it is known."""
        if push.ended_login:
            if self.login.is_ended_by(push.ended_login):
                self.close(CloseCode.NOT_AUTHENTICATED)
        elif not push.key:
            self.write(push.text(self.language))
        elif self._held is not None:
            if len(self._held) < HELD_PUSHES:
                self._held.append(push)
        elif push.key not in self.muted:
            self._take_numbered(push)

    def _take_numbered(self, push: Push) -> None:
        if push.key in self.healing:
            self.healing[push.key] = max(self.healing[push.key], push.number)
            return
        position = self.positions.get(push.key, 0 if push.number == 1 else None)
        if position is not None and push.number <= position:
            return
        if position is None or push.number > position + 1:
            self.need(push.key, push.number)
            return
        self.positions[push.key] = push.number
        if push.skip != self.id:
            self.write(push.text(self.language))

    def need(self, key: str, number: int) -> None:
        """Ask the hub to fill the feed of a key up to a number from the database."""
        if key not in self.muted and self.close_code is None:
            is_new = key not in self.healing
            self.healing[key] = max(self.healing.get(key, 0), number)
            if is_new:
                self.on_gap(self, key)

    def filled(self, key: str, filling: Filling | None) -> None:
        """Take what the database had; ask again when the feed has grown meanwhile."""
        wanted = self.healing.pop(key, 0)
        if filling is None:
            self.positions.pop(key, None)
            return
        before = self.positions.get(key, 0)
        self.positions[key] = max(before, filling.upto)
        if filling.text:
            self.write(filling.text)
        if filling.upto < wanted and filling.upto > before:
            self.need(key, wanted)

    def begin(self, standings: dict[str, int]) -> None:
        """Start at the state that was read, then let go what was pushed meanwhile."""
        self.positions = dict(standings)
        held, self._held = self._held or [], None
        for push in held:
            self._take_numbered(push)

    def compare(self, standings: dict[str, int]) -> None:
        """Find what no push brought: the last numbers of the database against one's own."""
        if self._held is not None:
            return
        for key, last in standings.items():
            position = self.positions.get(key)
            if position is None or position < last:
                self.need(key, last)

    # Time

    def heard(self) -> None:
        """Note a sign of life."""
        self.heard_at = time.monotonic()

    def note_bad_frame(self) -> None:
        """Count an unreadable frame; too many of them within a minute close the socket."""
        moment = time.monotonic()
        self.bad_frames.append(moment)
        window = rules.SOCKET_BAD_FRAMES_WINDOW.total_seconds()
        if len(self.bad_frames) == rules.SOCKET_BAD_FRAMES and moment - self.bad_frames[0] < window:
            self.close(CloseCode.ABUSE)

    def tick(self) -> None:
        """Ping a silent socket; close a dead, an expired and a very old one."""
        moment = time.monotonic()
        silence = moment - self.heard_at
        if now().timestamp() >= self.expires_at:
            self.close(CloseCode.NOT_AUTHENTICATED)
        elif silence > rules.SOCKET_SILENCE_MAX.total_seconds():
            self.close(CloseCode.SLOW)
        elif moment - self.opened_at > rules.SOCKET_MAX_AGE.total_seconds():
            self.write_frame({"t": "bye", "retry_in": 5})
            self.close(CloseCode.RESTART)
        elif silence > (ping_after := rules.SOCKET_PING_AFTER.total_seconds()) and (
            moment - self.pinged_at > ping_after
        ):
            self.pinged_at = moment
            self.write('{"t":"ping"}')
