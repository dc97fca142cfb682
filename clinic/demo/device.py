"""A phone of the demo: tokens, one socket that comes back after a cut, messages in order."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from clinic.demo.http import ApiClient, frame
from clinic.demo.tally import Tally

Frame = dict[str, Any]
OnFrame = Callable[[Frame], Awaitable[None]]
ANSWER_SECONDS = 10.0


class Device:
    """Keeps a socket open, answers each message with an ack, and resends what was not answered."""

    def __init__(
        self, http: httpx2.AsyncClient, ws_url: str, name: str, tally: Tally, on_frame: OnFrame
    ) -> None:
        """Nothing is connected yet."""
        self.api = ApiClient(http, name)
        self._url, self._name, self._tally, self._on_frame = ws_url, name, tally, on_frame
        self._socket: ClientConnection | None = None
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._last: dict[str, int] = {}
        self._open = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._handlers: set[asyncio.Task[None]] = set()
        self._ended = False

    def start(self) -> None:
        """Connect, and connect again after every cut, until ``stop``."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Close for good."""
        self._ended = True
        await self.cut()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def cut(self) -> None:
        """Lose the connection, as in a lift; the device comes back by itself."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def say(self, conversation: str, text: str) -> None:
        """Send a message until it is acknowledged, with the same id each time."""
        cid = uuid.uuid4().hex
        while True:
            answer = await self._ask("send", conv=conversation, cid=cid, body=text)
            if answer.get("t") == "ok":
                self._tally.acknowledged[answer["message_id"]] = conversation
                self._tally.add("messages")
                return
            if answer.get("code") == "writing_closed":
                self._tally.add("too late")  # the case was closed meanwhile; nothing was promised
                return
            if answer.get("code") not in {"rate_limited", "lost"}:
                self._tally.problem(f"{self._name}: send refused: {answer.get('code')}")
                return
            await asyncio.sleep(min(float(answer.get("retry_after") or 0.3), 20))

    async def _ask(self, kind: str, **fields: Any) -> Frame:
        await self._open.wait()
        number = uuid.uuid4().hex[:12]
        waiting = asyncio.get_running_loop().create_future()
        self._answers[number] = waiting
        try:
            if self._socket is not None:
                await self._socket.send(frame(kind, id=number, **fields))
            return await asyncio.wait_for(waiting, ANSWER_SECONDS)
        except (ConnectionClosed, TimeoutError):
            return {"t": "err", "code": "lost"}
        finally:
            self._answers.pop(number, None)

    async def _run(self) -> None:
        while not self._ended:
            with contextlib.suppress(OSError, ConnectionClosed, TimeoutError):
                self._socket = await self.api.socket(self._url)
                await self._resume()
                async for text in self._socket:
                    self._take(json.loads(text))
            self._open.clear()
            self._lose_answers()
            if not self._ended:
                self._tally.add("reconnected")
                await asyncio.sleep(0.3)

    async def _resume(self) -> None:
        self._open.set()
        for conversation, last in self._last.items():
            if self._socket is not None:
                await self._socket.send(frame("sync", conv=conversation, after=last))

    def _take(self, received: Frame) -> None:
        waiting = self._answers.get(str(received.get("id", "")))
        if received.get("t") in {"ok", "err"} and waiting is not None and not waiting.done():
            waiting.set_result(received)
        elif received.get("t") == "sync":
            for message in received["messages"]:
                self._take_message({**message, "t": "msg", "conv": received["conv"]})
        elif received.get("t") == "msg":
            self._take_message(received)
        else:
            self._pass_on(received)

    def _take_message(self, message: Frame) -> None:
        conversation, seq = message["conv"], message["seq"]
        if seq <= self._last.get(conversation, 0):
            return
        self._last[conversation] = seq
        self._tally.received[(self._name, message["message_id"])] += 1
        self._pass_on(message)

    def _pass_on(self, received: Frame) -> None:
        task = asyncio.create_task(self._on_frame_safely(received))
        self._handlers.add(task)
        task.add_done_callback(self._handlers.discard)

    async def _on_frame_safely(self, received: Frame) -> None:
        try:
            await self._on_frame(received)
        except Exception as error:  # noqa: BLE001 the edge of the demo: note it and go on
            self._tally.problem(f"{self._name}: {type(error).__name__}: {error}")

    def _lose_answers(self) -> None:
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_result({"t": "err", "code": "lost"})
