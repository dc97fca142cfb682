"""The socket ``/ws/v1/``: from the handshake to the close."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError

from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.core.metrics import SOCKET_CLOSED
from clinic.realtime.dispatch import dispatch
from clinic.realtime.enums import CloseCode
from clinic.realtime.feeds import current_feed
from clinic.realtime.handshake import Offer, is_welcome, read_offer
from clinic.realtime.hub import Hub, current_hub
from clinic.realtime.socket import Socket
from clinic.realtime.threads import in_thread
from clinic.settings import rules

log = logging.getLogger(__name__)
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def socket_application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve one socket. Failed log-ins are accepted first: browsers see only then why."""
    await receive()
    if not is_welcome(scope):
        await send({"type": "websocket.close", "code": int(CloseCode.BLOCKED)})
        return
    offer = read_offer(scope)
    await send({"type": "websocket.accept", "subprotocol": offer.protocol})
    hub = current_hub()
    opened = CloseCode.OVERLOAD if hub.is_full else await _admitted(offer, send)
    if isinstance(opened, CloseCode):
        SOCKET_CLOSED.labels(code=int(opened)).inc()
        await send({"type": "websocket.close", "code": int(opened)})
        return
    await _serve(hub, opened, receive)


async def _admitted(offer: Offer, send: Send) -> Socket | CloseCode:
    try:
        admission = await in_thread(offer.admit)
    except ClinicError:
        return CloseCode.NOT_AUTHENTICATED
    except (DatabaseError, InterfaceError):
        return CloseCode.OVERLOAD
    return Socket(send, admission, language=offer.language)


async def _serve(hub: Hub, socket: Socket, receive: Receive) -> None:
    # First listen, then read the state, then let go what came meanwhile: nothing falls between.
    hub.add(socket)
    writer = socket.start_writer()
    reader = asyncio.create_task(_read(hub, socket, receive))
    try:
        await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
        if reader.done() and socket.close_code is not None:
            await asyncio.wait({writer})
    finally:
        hub.discard(socket)
        for task in (reader, writer):
            task.cancel()
        _log_faults(await asyncio.gather(reader, writer, return_exceptions=True))
        SOCKET_CLOSED.labels(code=int(socket.close_code or CloseCode.NORMAL)).inc()


def _log_faults(outcomes: Sequence[BaseException | None]) -> None:
    for outcome in outcomes:
        # A client that is gone shows as an OSError of the server; that is no fault.
        if isinstance(outcome, Exception) and not isinstance(outcome, OSError):
            log.error("socket failed", exc_info=outcome)


async def _read(hub: Hub, socket: Socket, receive: Receive) -> None:
    if not await _begin(hub, socket):
        return
    while socket.close_code is None:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        socket.heard()
        text = message.get("text")
        if not socket.pace.take():
            socket.close(CloseCode.FLOOD)
        elif text is not None and len(text.encode()) > rules.SOCKET_FRAME_MAX_BYTES:
            socket.close(CloseCode.TOO_BIG)
        else:
            await dispatch(socket, text)


async def _begin(hub: Hub, socket: Socket) -> bool:
    try:
        standings = await in_thread(current_feed().latest, [socket.user_id], since=None)
        await hub.beat(socket)
    except (DatabaseError, InterfaceError) as error:
        log.warning("socket not begun", extra={"error": type(error).__name__})
        socket.close(CloseCode.OVERLOAD)
        return False
    socket.write_frame(
        {
            "t": "welcome",
            "user": socket.actor.public_id,
            "now": now(),
            "expires_at": int(socket.expires_at),
            "ping_after": int(rules.SOCKET_PING_AFTER.total_seconds()),
            "language": socket.language,
        }
    )
    socket.begin(standings.get(socket.user_id, {}))
    return True
