"""Group commit: what arrives while a batch is at the database goes together in the next one."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from clinic.realtime.threads import in_thread

T = TypeVar("T")
R = TypeVar("R")
LIMIT = 200  # items of one transaction
GATHER_FROM = 4  # a batch this large means load: wait a moment for more
GATHER_SECONDS = 0.003


class Batcher(Generic[T, R]):
    """Runs ``work(items)`` in the pool, one batch at a time; idle, an item goes alone at once."""

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]]) -> None:
        """Remember the work; it must be safe to repeat."""
        self._work = work
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: T) -> R:
        """Return the answer to the item once its batch is committed."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._waiting.clear()
            future = self._queue(item, loop)
            self._task = loop.create_task(self._run())
        else:
            future = self._queue(item, loop)
        return await future

    def _queue(self, item: T, loop: asyncio.AbstractEventLoop) -> "asyncio.Future[R]":
        future: asyncio.Future[R] = loop.create_future()
        self._waiting.append((item, future))
        return future

    async def _run(self) -> None:
        while self._waiting:
            count = min(LIMIT, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(count)]
            await self._do(batch)
            if count >= GATHER_FROM:
                await asyncio.sleep(GATHER_SECONDS)

    async def _do(self, batch: "list[tuple[T, asyncio.Future[R]]]") -> None:
        try:
            answers = await in_thread(self._work, [item for item, _future in batch])
        except Exception as error:  # noqa: BLE001 handed to whoever waits for it
            await self._apart(batch, error)
            return
        for (_item, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def _apart(self, batch: "list[tuple[T, asyncio.Future[R]]]", error: Exception) -> None:
        # One locked conversation or one bad item must not fail its neighbours.
        if len(batch) > 1:
            for pair in batch:
                await self._do([pair])
        elif not batch[0][1].done():
            batch[0][1].set_exception(error)
