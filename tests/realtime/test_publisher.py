"""Pushes are gathered: the loop is woken once for many, and many leave as one message."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from clinic.core.metrics import PUSH_FAILED, STANDING_FAILED
from clinic.realtime import publisher
from clinic.realtime.frames import Push
from clinic.realtime.publisher import BATCH, GATHER_SECONDS, Publisher


class HandLoop:
    """A loop whose time stands still, and which does what it is told to by hand."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.woken: list[Callable[[], None]] = []
        self.planned: list[tuple[float, Callable[[], None]]] = []
        self.tasks: list[asyncio.Task[None]] = []

    def time(self) -> float:
        return self.at

    def call_soon_threadsafe(self, call: Callable[[], None]) -> None:
        self.woken.append(call)

    def call_later(self, delay: float, call: Callable[[], None]) -> None:
        self.planned.append((delay, call))

    def create_task(self, work: Any) -> asyncio.Task[None]:
        self.tasks.append(asyncio.get_running_loop().create_task(work))
        return self.tasks[-1]

    async def pass_on(self) -> float:
        """Do what is planned; return how long it was to wait."""
        (delay, call), self.planned = self.planned[0], self.planned[1:]
        call()
        await self.tasks[-1]
        return delay


class Layer:
    """Keeps how many pushes each message held."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.error: Exception | None = None

    async def group_send(self, _group: str, message: dict[str, Any]) -> None:
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        self.sizes.append(len(message["pushes"]))


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    """Stand where Redis would."""
    found = Layer()
    monkeypatch.setattr(publisher, "channel_layer", lambda: found)
    return found


def _push(name: str) -> Push:
    return Push((), {"": name})


def test_pushes_of_many_threads_wake_the_loop_once_and_none_is_lost() -> None:
    loop: Any = HandLoop()
    came: list[Push] = []
    ours = Publisher(loop, came.extend)
    ours.offer([_push("first")])

    def offer(thread: int) -> None:
        for number in range(100):
            ours.offer([_push(f"{thread}-{number}")])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(offer, range(8)))
    assert len(loop.woken) == 1
    loop.woken[0]()

    texts = [push.text("") for push in came]
    assert len(texts) == len(set(texts)) == 801
    for thread in range(8):
        of_thread = [text for text in texts if text.startswith(f"{thread}-")]
        assert of_thread == [f"{thread}-{number}" for number in range(100)]


def test_a_push_that_comes_while_others_are_taken_wakes_the_loop_again() -> None:
    loop: Any = HandLoop()
    came: list[str] = []

    def deliver(pushes: list[Push]) -> None:
        came.extend(push.text("") for push in pushes)
        if came == ["early"]:
            ours.offer([_push("late")])

    ours = Publisher(loop, deliver)
    ours.offer([_push("early")])
    for wake in loop.woken:  # grows meanwhile
        wake()

    assert came == ["early", "late"]


async def test_a_burst_shares_a_message_and_a_full_one_leaves_at_once(layer: Layer) -> None:
    loop: Any = HandLoop()
    ours = Publisher(loop)
    delays = []

    ours.take([_push("alone")])
    delays.append(await loop.pass_on())
    loop.at += GATHER_SECONDS / 4
    for name in "abc":
        ours.take([_push(name)])
    delays.append(await loop.pass_on())
    ours.take([_push("many")] * (BATCH + 1))
    delays.append(await loop.pass_on())
    delays.append(await loop.pass_on())

    assert layer.sizes == [1, 3, BATCH, 1]
    assert delays == pytest.approx([0, GATHER_SECONDS * 3 / 4, 0, GATHER_SECONDS])
    assert loop.planned == []


async def test_what_cannot_be_sent_is_counted_and_takes_only_its_own_message_with_it(
    layer: Layer, caplog: pytest.LogCaptureFixture
) -> None:
    loop: Any = HandLoop()
    ours = Publisher(loop)
    layer.error = TypeError("no form for 13912345678")
    lost, failed = PUSH_FAILED._value.get(), STANDING_FAILED.labels("pushes")._value.get()

    ours.take([_push("odd")] * BATCH + [_push("next")])
    await loop.pass_on()
    await loop.pass_on()
    ours.take([_push("later")])
    await loop.pass_on()

    assert layer.sizes == [1, 1]
    assert PUSH_FAILED._value.get() == lost + BATCH
    assert STANDING_FAILED.labels("pushes")._value.get() == failed + 1
    assert "standing work failed" in caplog.text
