"""The web processes of `up`: uvicorn's command line, with the clinic loaded once for all of them.

By itself uvicorn starts each of several processes as a new Python, which loads everything anew:
seconds of a core and 100 MB for each. Here they are forks of one that has loaded it, at the start
and when one that died is replaced. macOS lets nobody fork who has used its frameworks.

uvicorn itself tells of one that died where nobody who wants warnings reads it; here it is a warning
and counted.
"""

import gc
import logging
import multiprocessing
import os
import signal
import sys

import django
import uvicorn
from django.urls import get_resolver
from uvicorn import _subprocess
from uvicorn.supervisors import Multiprocess

from clinic.core.metrics import WEB_PROCESSES_LOST

log = logging.getLogger("clinic.embedded.web")  # this module itself is __main__
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Serve what the arguments say. They are uvicorn's own."""
    if sys.platform != "darwin":
        _load()
        os.register_at_fork(after_in_child=_answer_signals)
        _subprocess.spawn = multiprocessing.get_context("fork")  # type: ignore[assignment]
    sys.modules["uvicorn.main"].Multiprocess = Watching  # type: ignore[attr-defined]
    uvicorn.main()


class Watching(Multiprocess):
    """The parent of several processes, which tells and counts each that it had to replace."""

    def keep_subprocess_alive(self) -> None:
        """Start anew what died or hangs."""
        before = list(self.processes)
        super().keep_subprocess_alive()
        for was, one in zip(before, self.processes, strict=True):
            if one is not was:
                WEB_PROCESSES_LOST.inc()
                log.warning("web process replaced", extra={"pid": was.pid, "exit": was.exitcode})


def _load() -> None:
    """Load all that needs no thread: threads do not survive a fork, so ``clinic.asgi`` waits."""
    django.setup()
    assert get_resolver().url_patterns  # loaded when first asked
    gc.collect()
    gc.freeze()  # a collection in a fork would write to, and so copy, what it shares


def _answer_signals() -> None:
    """Forget the parent's handlers: a process asked to stop while it begins would go on."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    main()
