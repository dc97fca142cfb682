"""Work beside the requests that must go on: what fails in it is told and counted."""

import logging
import threading
from typing import Final

from clinic.core.metrics import STANDING_FAILED

log = logging.getLogger(__name__)
ENDED: Final = "thread"  # the label of a thread that is no more


def outlived(work: str, error: BaseException) -> None:
    """Tell and count an error after which the work of this name goes on."""
    STANDING_FAILED.labels(work).inc()
    log.error("standing work failed", exc_info=error, extra={"work": work})


def watch_threads() -> None:
    """Have threads that end by an error told in the log, without its text, and counted."""
    threading.excepthook = _thread_ended


def _thread_ended(told: threading.ExceptHookArgs) -> None:
    if issubclass(told.exc_type, SystemExit):
        return  # it was asked to end
    STANDING_FAILED.labels(ENDED).inc()
    name = told.thread.name if told.thread is not None else ""
    log.error("thread ended", exc_info=told.exc_value, extra={"name_of_thread": name})
