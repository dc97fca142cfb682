"""The hub of a process: subscribes once, fans out inside, and fills what pushes have lost."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from clinic.core.clock import now
from clinic.core.metrics import PUSH_FAILED, SOCKETS
from clinic.core.standing import outlived
from clinic.realtime.enums import CloseCode
from clinic.realtime.feeds import Want, current_feed
from clinic.realtime.frames import Push, unpacked
from clinic.realtime.logins import roles_behind
from clinic.realtime.publisher import GROUP, Publisher, attach, channel_layer
from clinic.realtime.registry import BEATS
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread
from clinic.settings import rules

log = logging.getLogger(__name__)
REORDER_SECONDS = 0.03  # a push of another process may still be on its way
LOOK_BACK = timedelta(seconds=30)  # the positioner reads this much twice: commits are not instant
RESUBSCRIBE_SECONDS = 1.0


class Hub:
    """All open sockets of one event loop."""

    def __init__(self) -> None:
        """Attach to the running loop and start the standing tasks."""
        self.loop = asyncio.get_running_loop()
        self.publisher = Publisher(self.loop, self.deliver)
        attach(self.publisher)
        self.count = 0
        self._users: dict[str, dict[Socket, None]] = {}
        self._gaps: set[tuple[Socket, str]] = set()
        self._is_filling = False
        self._filling: asyncio.Task[None] | None = None
        self._positioned_at: datetime | None = None
        self._tasks = [self.loop.create_task(work) for work in self._standing()]

    def _standing(self) -> list[Any]:
        return [
            self._receive(),
            _every(lambda: rules.SOCKET_TICK, self._tick),
            _every(lambda: rules.POSITIONER_EVERY, self._position),
            _every(lambda: rules.SOCKET_BEAT_EVERY, self._beat),
            _every(lambda: rules.SOCKET_SESSION_CHECK_EVERY, self._check_sessions),
        ]

    @property
    def is_full(self) -> bool:
        """Say whether no more sockets fit."""
        return self.count >= rules.SOCKETS_PER_PROCESS

    def sockets(self) -> list[Socket]:
        """Return all open sockets."""
        return [socket for group in self._users.values() for socket in group]

    def add(self, socket: Socket) -> None:
        """Let the socket receive pushes; the oldest of an account with too many is closed."""
        group = self._users.setdefault(socket.user, {})
        still_open = [other for other in group if other.close_code is None]
        if len(still_open) >= rules.SOCKETS_PER_USER:
            still_open[0].close(CloseCode.TOO_MANY)
        group[socket] = None
        socket.on_gap = self._note_gap
        self.count += 1
        SOCKETS.inc()

    def discard(self, socket: Socket) -> None:
        """Forget a socket; safe to repeat."""
        group = self._users.get(socket.user, {})
        if socket not in group:
            return
        del group[socket]
        if not group:
            del self._users[socket.user]
        self.count -= 1
        SOCKETS.dec()

    # Pushes

    def deliver(self, pushes: list[Push]) -> None:
        """Hand pushes to the sockets of this process; one that cannot be read holds up no other."""
        for push in pushes:
            try:
                self._deliver(push)
            except Exception as error:  # the others of the batch are of other people
                PUSH_FAILED.inc()
                log.warning("push not delivered", exc_info=error)

    def _deliver(self, push: Push) -> None:
        for user in push.users:
            for socket in self._users.get(user, ()):
                socket.take(push)

    async def _receive(self) -> None:
        while True:
            try:
                layer = channel_layer()
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                while True:
                    self._take_message(await layer.receive(channel))
            except Exception as error:  # noqa: BLE001 a hub that stops listening would stay deaf for ever
                outlived("hub", error)
                await asyncio.sleep(RESUBSCRIBE_SECONDS)

    def _take_message(self, message: dict[str, Any]) -> None:
        if message["origin"] == self.publisher.origin:
            return
        try:
            pushes = [unpacked(values) for values in message["pushes"]]
        except ValueError:  # from a process of another release
            PUSH_FAILED.inc(len(message["pushes"]))
            return
        self.deliver(pushes)

    # Gaps

    def _note_gap(self, socket: Socket, key: str) -> None:
        self._gaps.add((socket, key))
        if not self._is_filling:
            self._is_filling = True
            self.loop.call_later(REORDER_SECONDS, self._start_filling)

    def _start_filling(self) -> None:
        self._filling = self.loop.create_task(self._fill())

    async def _fill(self) -> None:
        try:
            while self._gaps:
                gaps, self._gaps = list(self._gaps), set()
                await self._fill_once(gaps)
        finally:
            self._is_filling = False

    async def _fill_once(self, gaps: list[tuple[Socket, str]]) -> None:
        wants = [
            Want(
                socket.user_id,
                key,
                socket.positions.get(key),
                socket.language,
                socket.healing.get(key, 0),
            )
            for socket, key in gaps
        ]
        try:
            fillings = await in_thread(current_feed().missing, wants)
        except Exception as error:  # noqa: BLE001 a gap that stays marked would keep its socket waiting
            outlived("gaps", error)
            for socket, key in gaps:
                socket.healing.pop(key, None)  # the positioner finds them again
            return
        for (socket, key), filling in zip(gaps, fillings, strict=True):
            socket.filled(key, filling)

    async def _position(self) -> None:
        sockets = self.sockets()
        if not sockets:
            return
        started = now()
        since = self._positioned_at - LOOK_BACK if self._positioned_at else started - LOOK_BACK
        users = sorted({socket.user_id for socket in sockets})
        standings = await in_thread(current_feed().latest, users, since=since)
        self._positioned_at = started
        for socket in sockets:
            socket.compare(standings.get(socket.user_id, {}))

    # Standing checks

    async def _tick(self) -> None:
        for socket in self.sockets():
            socket.tick()

    async def _beat(self) -> None:
        alive = time.monotonic() - rules.SOCKET_SILENCE_MAX.total_seconds()
        living = {socket.user_id: socket for socket in self.sockets() if socket.heard_at > alive}
        for socket in living.values():
            await self.beat(socket)

    async def beat(self, socket: Socket) -> None:
        """Tell the rooms that watch presence that this person is here."""
        for role, callback in BEATS:
            if socket.actor.has_role(role):
                try:
                    await in_thread(callback, socket.user_id)
                except Exception as error:  # presence must not cost the socket
                    log.warning("heartbeat not taken", exc_info=error)

    async def _check_sessions(self) -> None:
        seen = {socket: socket.login for socket in self.sockets()}
        roles = await in_thread(roles_behind, set(seen.values())) if seen else {}
        for socket, login in seen.items():
            if login not in roles:
                socket.close(CloseCode.NOT_AUTHENTICATED)
            elif socket.login == login:
                socket.actor = replace(socket.actor, roles=roles[login])


async def _every(period: Callable[[], timedelta], work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(period().total_seconds())
        try:
            await work()
        except Exception as error:  # noqa: BLE001 the edge of a standing task: log and go on
            outlived("checks of sockets", error)


class _Current:
    hub: Hub | None = None


def current_hub() -> Hub:
    """Return the hub of the running loop; made when the first socket opens."""
    hub = _Current.hub
    if hub is None or hub.loop is not asyncio.get_running_loop():
        hub = _Current.hub = Hub()
    return hub
