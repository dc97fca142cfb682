"""Public identifiers: time-ordered UUIDs and short random codes; never a database key."""

import secrets
import time
import uuid

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def uuid7() -> uuid.UUID:
    """Return a UUID version 7 (RFC 9562): 48 bits of milliseconds, the rest random."""
    millis = time.time_ns() // 1_000_000
    value = (millis & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    random = secrets.randbits(74)  # the system is asked once
    value |= random >> 62 << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return uuid.UUID(int=value)


def random_code(length: int) -> str:
    """Return a random base-62 text of the given length from the system's secure source."""
    return "".join(secrets.choice(BASE62) for _ in range(length))


def random_digits(length: int) -> str:
    """Return random decimal digits, leading zeros allowed."""
    return str(secrets.randbelow(10**length)).zfill(length)
