"""The smallest site there is: settings, addresses and application of one file."""

import os
from typing import Any

SECRET_KEY = "tiny"
ROOT_URLCONF = __name__
LOADED_BY = os.getpid()
urlpatterns = [()]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer with who loaded this file and who answers."""
    if scope["type"] != "http":
        return
    told = f"{LOADED_BY} {os.getpid()}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": told})
