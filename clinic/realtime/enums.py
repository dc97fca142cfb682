"""How a socket ends."""

from enum import IntEnum


class CloseCode(IntEnum):
    """Close codes of ``/ws/v1/``; docs/asyncapi.yaml tells clients what to do with each."""

    NORMAL = 1000
    TOO_BIG = 1009
    RESTART = 1012
    ABUSE = 4400
    NOT_AUTHENTICATED = 4401
    BLOCKED = 4403
    SLOW = 4408
    TOO_MANY = 4409
    FLOOD = 4429
    OVERLOAD = 4503


MEANINGS: dict[CloseCode, str] = {
    CloseCode.NORMAL: "The client closed. Do not reconnect.",
    CloseCode.TOO_BIG: "A frame was larger than 64 KB. Do not repeat it.",
    CloseCode.RESTART: "The server restarts or the socket is 12 hours old. Reconnect after a "
    "random 0-10 s.",
    CloseCode.ABUSE: "Five unreadable frames within a minute. Do not reconnect.",
    CloseCode.NOT_AUTHENTICATED: "No valid token, ticket or console cookie, it expired, or "
    "the log-in behind it ended. Refresh and reconnect once.",
    CloseCode.BLOCKED: "The account is blocked. Do not reconnect.",
    CloseCode.SLOW: "The client was silent for a minute or read too slowly. Reconnect with "
    "backoff.",
    CloseCode.TOO_MANY: "An eleventh socket of the account was opened; the oldest is closed.",
    CloseCode.FLOOD: "More than 20 frames a second. Reconnect after 10 s.",
    CloseCode.OVERLOAD: "The server is full or has no database. Reconnect with backoff.",
}
