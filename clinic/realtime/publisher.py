"""Carries pushes from any thread of this process to the hubs of all processes.

Every hub subscribes to one group. Many waiting pushes leave as one message, so the cost of Redis
is shared under load. Redis away means counted losses, never an error for the caller: what matters
is in the database and the positioner finds it.
"""

import asyncio
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from clinic.core.metrics import PUSH_FAILED
from clinic.core.standing import outlived
from clinic.realtime.frames import Push

log = logging.getLogger(__name__)
GROUP = "hubs"
BATCH = 200  # pushes in one message of the channel layer
MAX_WAITING = 20_000  # beyond this Redis is too slow to matter; the rest is counted as lost
SEND_SECONDS = 2.0  # a hanging Redis must not hold the queue
GATHER_SECONDS = 0.01  # after a message: what comes meanwhile shares the next; hubs wait longer
PAUSE_SECONDS = 1.0  # how long a broken Redis is left alone

Deliver = Callable[[list[Push]], None]


class Publisher:
    """Sends pushes from one event loop; ``offer`` may be called from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Deliver | None = None) -> None:
        """Remember the loop, and the hub that shares it (its sockets get pushes at once)."""
        self.loop = loop
        self.origin = uuid4().hex
        self._deliver = deliver
        self._offered: deque[Push] = deque()
        self._is_called = False
        self._waiting: deque[Push] = deque()
        self._is_planned = False
        self._sent_at = 0.0
        self._task: asyncio.Task[None] | None = None  # kept: the loop holds tasks weakly
        self._closed_until = 0.0

    def offer(self, pushes: list[Push]) -> None:
        """Hand over pushes from any thread; returns at once. The loop is woken once for many."""
        self._offered.extend(pushes)
        if not self._is_called:
            self._is_called = True
            try:
                self.loop.call_soon_threadsafe(self._take_offered)
            except RuntimeError:  # the loop is closing
                self._is_called = False
                raise

    def _take_offered(self) -> None:
        self._is_called = False  # first of all: what is offered from now on calls again
        self.take([self._offered.popleft() for _ in range(len(self._offered))])

    def take(self, pushes: list[Push]) -> None:
        """Deliver in this process and queue for the others. Call it on the loop's own thread."""
        if self._deliver is not None:
            self._deliver(pushes)
        if time.monotonic() < self._closed_until or len(self._waiting) > MAX_WAITING:
            PUSH_FAILED.inc(len(pushes))
            return
        self._waiting.extend(pushes)
        self._plan()

    def _plan(self) -> None:
        """Have what waits sent, but not right after the last message: a burst leaves together."""
        if self._waiting and not self._is_planned:
            self._is_planned = True
            since = self.loop.time() - self._sent_at
            is_full = len(self._waiting) >= BATCH
            self.loop.call_later(0 if is_full else max(0.0, GATHER_SECONDS - since), self._begin)

    def _begin(self) -> None:
        self._task = self.loop.create_task(self._send_next())

    async def _send_next(self) -> None:
        count = min(BATCH, len(self._waiting))
        batch = [self._waiting.popleft() for _ in range(count)]
        try:
            await self._send(batch)
        except (RedisError, OSError, RuntimeError) as error:
            self._give_up(len(batch), error)
        except Exception as error:  # noqa: BLE001 what cannot be sent takes only its own batch with it
            PUSH_FAILED.inc(len(batch))
            outlived("pushes", error)
        finally:
            self._is_planned, self._sent_at = False, self.loop.time()
            self._plan()

    async def _send(self, batch: list[Push]) -> None:
        message = {
            "type": "hub.push",
            "origin": self.origin,
            "pushes": [push.packed() for push in batch],
        }
        async with asyncio.timeout(SEND_SECONDS):
            await channel_layer().group_send(GROUP, message)

    def _give_up(self, count: int, error: BaseException) -> None:
        lost = count + len(self._waiting)
        self._waiting.clear()
        self._closed_until = time.monotonic() + PAUSE_SECONDS
        PUSH_FAILED.inc(lost)
        log.warning("pushes lost", extra={"count": lost, "error": type(error).__name__})


def channel_layer() -> Any:
    """Return the house's channel layer."""
    return get_channel_layer()


class _Place:
    """Where this process publishes: on its hub's loop, else on a thread of its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.of_hub: Publisher | None = None
        self.of_thread: Publisher | None = None


_place = _Place()


def _forget_after_fork() -> None:
    # Threads and loops do not survive a fork; the child makes its own.
    global _place  # noqa: PLW0603 one per process
    _place = _Place()


os.register_at_fork(after_in_child=_forget_after_fork)


def attach(publisher: Publisher) -> None:
    """Make a hub's publisher the way out of this process."""
    _place.of_hub = publisher


def current_publisher() -> Publisher:
    """Return this process's publisher; starts a long-lived thread where no hub runs."""
    of_hub = _place.of_hub
    if of_hub is not None and of_hub.loop.is_running():
        return of_hub
    with _place.lock:
        if _place.of_thread is None:
            _place.of_thread = _on_own_thread()
        return _place.of_thread


def _on_own_thread() -> Publisher:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="pushes", daemon=True).start()
    return Publisher(loop)
