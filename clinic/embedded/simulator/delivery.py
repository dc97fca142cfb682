"""Sends what is due: notifications to the merchant, settled refunds, late money."""

import asyncio
import logging
from datetime import datetime

import httpx2

from clinic.adapters.http import CONNECT_SECONDS
from clinic.adapters.wechatpay.facts import NOTIFY_BUDGET
from clinic.embedded.simulator import notices, orders, refunds
from clinic.embedded.simulator.model import Notification, Order, Refund
from clinic.embedded.simulator.notices import Outgoing
from clinic.embedded.simulator.state import FaultKind, SimulatorState

logger = logging.getLogger(__name__)

_AT_ONCE = 32
_LONGEST_SLEEP = 60.0


class Deliverer:
    """The one loop that acts by the clock. Woken by every change of the state."""

    def __init__(self, state: SimulatorState) -> None:
        """Belong to the running event loop."""
        self._state = state
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._wake.set)

        self._state.on_change = wake
        timeout = httpx2.Timeout(NOTIFY_BUDGET.total_seconds(), connect=CONNECT_SECONDS)
        try:
            async with httpx2.AsyncClient(timeout=timeout, trust_env=False) as client:
                while True:
                    await self._turn(client)
        finally:
            self._state.on_change = _nothing

    async def _turn(self, client: httpx2.AsyncClient) -> None:
        self._wake.clear()
        try:
            refunds.settle_due(self._state)
            orders.pay_scheduled(self._state)
            for notification in notices.claim_due(self._state):
                await self._slots.acquire()
                task = asyncio.create_task(self._deliver(client, notification))
                self._running.add(task)
                task.add_done_callback(self._done)
            delay = self._seconds_to_next()
        except Exception:  # edge of the loop: log and go on
            logger.exception("A turn of the deliverer failed")
            delay = 1.0
        try:
            await asyncio.wait_for(self._wake.wait(), delay)
        except TimeoutError:
            return

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._slots.release()

    def _seconds_to_next(self) -> float:
        moments = (
            self._state.store.earliest(Notification, "next_at"),
            self._state.store.earliest(Refund, "settles_at"),
            self._state.store.earliest(Order, "pay_at"),
        )
        return _seconds_until(self._state.now(), *moments)

    async def _deliver(self, client: httpx2.AsyncClient, notification: Notification) -> None:
        outgoing = notices.prepare(self._state, notification)
        status, note, body = await _send(client, outgoing)
        notices.record(self._state, outgoing, status=status, note=note, body=body)
        logger.info(
            "%s %s try %d: %s",
            notification.event_type,
            notification.number,
            notification.attempts + 1,
            " ".join(filter(None, [str(status) if status else "", note])),
        )


async def _send(client: httpx2.AsyncClient, outgoing: Outgoing) -> tuple[int, str, bytes]:
    """Return the HTTP status, 0 for no answer, what to note beside it, and the answer."""
    spoiled = outgoing.spoiled.value if outgoing.spoiled else ""
    if outgoing.spoiled is FaultKind.DROP:
        return 0, spoiled, b""
    try:
        answer = await client.post(outgoing.url, content=outgoing.body, headers=outgoing.headers)
    except httpx2.HTTPError as error:
        return 0, " ".join(filter(None, [spoiled, type(error).__name__])), b""
    return answer.status_code, spoiled, answer.content[:1024]


def _seconds_until(now: datetime, *moments: datetime | None) -> float:
    waits = [(moment - now).total_seconds() for moment in moments if moment is not None]
    return min(max(0.0, min(waits, default=_LONGEST_SLEEP)), _LONGEST_SLEEP)


def _nothing() -> None:
    return None
