"""The socket."""

from typing import Any


async def socket_application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Refuse until the room is furnished."""
    await receive()
    await send({"type": "websocket.close", "code": 4503})
