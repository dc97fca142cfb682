"""Proving the books."""

import logging

from payments.selectors.invariants import money_adds_up

log = logging.getLogger(__name__)


def check_ledger() -> list[str]:
    """Return every broken promise about money; each is also logged as an error."""
    found = money_adds_up()
    for breach in found:
        log.error("ledger breach", extra={"breach": breach})
    return found
