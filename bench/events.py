"""From the commit of a paid order to a doctor: through outbox, relay and worker."""

import asyncio
import threading
import time
from datetime import datetime

import orjson

from bench import seed
from bench.report import Report, Row
from bench.stack import Stack
from clinic.core.clock import now
from clinic.realtime.frames import unpacked
from clinic.realtime.publisher import GROUP, channel_layer
from consultations.enums import State
from consultations.models import ConsultationEvent
from consultations.services.ordering import create_order_for

SECTION = "Paid order to assigned doctor, relay and one worker of 4 threads"
PATIENCE_SECONDS = 30


class Listener(threading.Thread):
    """Notes when the push "assigned" of each case leaves the database's side."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, datetime] = {}
        self.is_ready = threading.Event()

    def run(self) -> None:
        """Listen until the process ends."""
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        layer = channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        self.is_ready.set()
        while True:
            message = await layer.receive(channel)
            for values in message["pushes"]:
                frame = orjson.loads(unpacked(values).text(""))
                if frame.get("t") == "assigned":
                    self.seen.setdefault(frame["id"], now())


def measure(stack: Stack, report: Report, *, orders: int) -> None:
    """Add a paced row, a burst, and the delay until a handler starts."""
    seed.price(0)  # an order of nothing is paid in the transaction that makes it
    seed.refresh_doctors()
    stack.start("worker", "relay")
    listener = Listener()
    listener.start()
    listener.is_ready.wait(10)
    _run(listener, 10, pause=0.1)  # the worker's first tasks open its connections
    paced = _run(listener, orders, pause=0.1)
    burst = _run(listener, 100, pause=0.0)
    stack.stop("relay", "worker")
    report.add(
        SECTION,
        _row("commit → doctor assigned and both told, 10 orders/s", paced.told, orders),
        _row("commit → handler has the case, 10 orders/s", paced.started, orders),
        _row("commit → doctor assigned, burst of 100 orders", burst.told, 100, burst.per_second),
    )


class Outcome:
    """Seconds from commit, sorted."""

    def __init__(self) -> None:
        self.told: list[float] = []
        self.started: list[float] = []
        self.per_second = 0.0


def _run(listener: Listener, count: int, *, pause: float) -> Outcome:
    drafts = seed.drafts(count)
    committed: dict[str, datetime] = {}
    begin = time.monotonic()
    for number, (person, case) in enumerate(drafts, start=1):
        create_order_for(case.pk, actor=person.actor)
        committed[str(case.public_id)] = now()
        time.sleep(max(0.0, begin + number * pause - time.monotonic()))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not committed.keys() <= listener.seen.keys() and time.monotonic() < deadline:
        time.sleep(0.02)
    return _outcome(listener, committed)


def _outcome(listener: Listener, committed: dict[str, datetime]) -> Outcome:
    outcome = Outcome()
    told = {key: listener.seen[key] for key in committed.keys() & listener.seen.keys()}
    outcome.told = sorted((told[key] - committed[key]).total_seconds() for key in told)
    if told:
        passed = (max(told.values()) - min(committed.values())).total_seconds()
        outcome.per_second = len(told) / passed
    queued = ConsultationEvent.objects.filter(
        consultation__public_id__in=list(committed), to_state=State.WAITING_ASSIGNMENT
    ).values_list("consultation__public_id", "at")
    outcome.started = sorted((at - committed[str(key)]).total_seconds() for key, at in queued)
    return outcome


def _row(what: str, seconds: list[float], wanted: int, per_second: float | None = None) -> Row:
    last = len(seconds) - 1
    return Row(
        what=what,
        per_second=per_second,
        p50_ms=max(0.0, seconds[last // 2]) * 1000 if seconds else None,
        p99_ms=seconds[min(last, int(len(seconds) * 0.99))] * 1000 if seconds else None,
        note=f"{len(seconds)} of {wanted}",
    )
