"""Who really calls, when proxies of our own stand in between."""


def caller_address(remote: str, forwarded: str, hops: int) -> str:
    """Return the caller's address behind ``hops`` proxies of our own.

    ``forwarded`` is X-Forwarded-For: each proxy appends whom it saw, so only the last ``hops``
    entries are ours to believe. With no proxies, or too few entries, it is ``remote``.
    """
    entries = [entry.strip() for entry in forwarded.split(",") if entry.strip()]
    return entries[-hops] if 0 < hops <= len(entries) else remote
