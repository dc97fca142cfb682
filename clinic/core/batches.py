"""Going through many things of which one may be broken."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


def each_alone(items: Iterable[T], act: Callable[[T], object]) -> int:
    """Do the same for each item; one that fails is logged and does not stop the others.

    Returns how many went well. Never in a transaction: a failure would spoil it for all.
    """
    done = 0
    for item in items:
        try:
            act(item)
        except Exception as error:
            log.error("one of many failed", exc_info=error)
        else:
            done += 1
    return done
