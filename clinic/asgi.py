"""Sockets by Channels; HTTP through a WSGI bridge with threads of its own.

Plain ASGI would open a database connection per request; the bridge's threads keep theirs.
"""

import gc
import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.embedded")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402 needs Django set up
from django.urls import get_resolver  # noqa: E402 needs Django set up

from clinic.core import housekeeping, waking  # noqa: E402 needs Django set up
from clinic.core.routes import companionship  # noqa: E402 needs Django set up
from clinic.core.wsgi_bridge import WsgiBridge  # noqa: E402 needs Django set up
from clinic.realtime.consumers import socket_application  # noqa: E402 needs Django set up

housekeeping.take_over()
_http = WsgiBridge(
    _django,
    threads=settings.HTTP_THREADS,
    beforehand=housekeeping.get_ready,
    afterwards=housekeeping.tidy_up,
    farewell=housekeeping.close_lines,
    goes_along=companionship(),
)
# What is loaded now stays for ever. Looking through it again at each full collection held every
# socket for 110-260 ms under load; set aside, a full collection takes a tenth of that.
assert get_resolver().url_patterns  # else the first request loads them
gc.collect()
gc.freeze()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Route by protocol: http to Django, websocket to the socket, lifespan to start and stop."""
    if scope["type"] == "http":
        await _http(scope, receive, send)
    elif scope["type"] == "websocket":
        await socket_application(scope, receive, send)
    else:
        await _lifespan(receive, send)


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            waking.start()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
