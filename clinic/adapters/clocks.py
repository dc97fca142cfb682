"""Our clock against those of outside services: they refuse what was signed five minutes off.

Every answer tells the time, so the first one of a process finds a wrong clock.
"""

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

log = logging.getLogger(__name__)

ALARM = timedelta(seconds=60)  # answers may be a few seconds old; gateways refuse us at 300 s
QUIET_SECONDS = 3600.0  # one alarm an hour for each service and process

_alarmed_at: dict[str, float] = {}


def utc_now() -> datetime:
    """Return what this machine takes for the time."""
    return datetime.now(UTC)


def compare(host: str, headers: Mapping[str, str]) -> timedelta | None:
    """Return how far our clock is ahead of the answering one; raise an alarm when it is too far.

    None when the answer does not tell a time.
    """
    try:
        skew = utc_now() - parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError, TypeError):  # TypeError: a time without its zone
        return None
    if abs(skew) > ALARM and _is_time_to_say_so(host):
        log.error("our clock is wrong", extra={"host": host, "seconds": int(skew.total_seconds())})
    return skew


def _is_time_to_say_so(host: str) -> bool:
    moment = time.monotonic()
    last = _alarmed_at.get(host)
    if last is not None and moment - last < QUIET_SECONDS:
        return False
    _alarmed_at[host] = moment
    return True
