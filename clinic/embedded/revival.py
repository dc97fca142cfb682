"""What ended by itself is started anew, after a pause that grows while it goes on ending."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NoReturn

from clinic.embedded.running import Running

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0  # who lived longer than this is taken for well again


async def keep_alive(
    running: Running,
    *,
    tell: Callable[[Running, float], None],
    start: Callable[[Running], Awaitable[Running]],
) -> NoReturn:
    """Start the process anew each time it ends; ``tell`` hears the pause in seconds before that.

    ``start`` gets the one that ended. What that one left in its group is killed, for it may hold
    the port. Raises what ``start`` raises.
    """
    pause = FIRST_PAUSE_SECONDS
    while True:
        begun = time.monotonic()
        await running.ended()
        running.kill()
        if time.monotonic() - begun > LONGEST_PAUSE_SECONDS:
            pause = FIRST_PAUSE_SECONDS
        tell(running, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        running = await start(running)
