"""The last resort of a stop: whatever happens, it is over after some time."""

import os
import sys
import threading
from collections.abc import Callable

from django.utils.translation import gettext as _

# Twice the longest ordinary stop: first the children, then the servers, each killed when stuck.
LONGEST_STOP_SECONDS = 45


class Patience:
    """A clock that, once begun, ends this process unless it is called off."""

    def __init__(self, kill_all: Callable[[], None]) -> None:
        self._kill_all = kill_all
        self._timer: threading.Timer | None = None

    def begin(self) -> None:
        """Let the time run; safe to repeat."""
        if self._timer is None:
            self._timer = threading.Timer(LONGEST_STOP_SECONDS, self._give_up)
            self._timer.daemon = True
            self._timer.start()

    def call_off(self) -> None:
        """Stop the clock: everything has ended."""
        if self._timer is not None:
            self._timer.cancel()

    def _give_up(self) -> None:
        self._kill_all()
        text = _("The stop took longer than %(seconds)s s: what was left was killed.")
        sys.stderr.write(text % {"seconds": LONGEST_STOP_SECONDS} + "\n")
        sys.stderr.flush()
        os._exit(1)  # nothing that could be stuck is asked any more
