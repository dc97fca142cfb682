"""Access tokens (short signed JWTs) and refresh tokens (opaque, numbered, used once)."""

import base64
import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import jwt
from django.conf import settings

from clinic.accounts.errors import RefreshRefusedError, SecondStepOverError
from clinic.core.errors import NotAuthenticatedError
from clinic.settings import rules

ALGORITHM = "HS256"
ISSUER = "xiangcao"
AUDIENCE = "clinic-api"
TICKET_AUDIENCE = "second-factor"
_REFRESH = re.compile(r"([0-9a-f-]{36})\.([1-9][0-9]{0,8})\.([\w-]{43})([\w-]{22})", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says."""

    user_public_id: UUID
    session_public_id: UUID
    expires_at: int  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """What a genuine refresh token says; it may be spent."""

    session_public_id: UUID
    number: int
    digest: str


def issue_access(user_public_id: UUID, session_public_id: UUID, now: datetime) -> str:
    """Return an access token valid for 15 minutes from ``now``."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user_public_id),
        "sid": str(session_public_id),
        "iat": int(now.timestamp()),
        "exp": int((now + rules.ACCESS_TOKEN_LIFE).timestamp()),
    }
    return jwt.encode(claims, settings.JWT_KEY, algorithm=ALGORITHM)


def read_access(token: str) -> AccessClaims:
    """Return the claims of a genuine, unexpired token. Raises NotAuthenticatedError otherwise."""
    try:
        claims = _genuine(token, settings.JWT_KEY)
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        raise NotAuthenticatedError from None
    if claims.expires_at <= time.time():
        raise NotAuthenticatedError
    return claims


# A client sends the same token many times: its signature is checked once, its end every time.
@lru_cache(maxsize=4096)
def _genuine(token: str, key: str) -> AccessClaims:
    claims = jwt.decode(
        token,
        key,
        algorithms=[ALGORITHM],
        audience=AUDIENCE,
        issuer=ISSUER,
        options={"require": ["exp", "iat", "sub", "sid"]},
    )
    return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]), int(claims["exp"]))


def issue_ticket(user_public_id: UUID, stamp: str, now: datetime) -> str:
    """Return a ticket for the second step of a log-in; ``stamp`` changes with the password."""
    claims = {
        "iss": ISSUER,
        "aud": TICKET_AUDIENCE,
        "sub": str(user_public_id),
        "stamp": stamp,
        "exp": int((now + rules.SECOND_STEP_WITHIN).timestamp()),
    }
    return jwt.encode(claims, settings.JWT_KEY, algorithm=ALGORITHM)


def read_ticket(ticket: str, now: datetime) -> tuple[UUID, str]:
    """Return account and stamp of a genuine ticket. Raises SecondStepOverError."""
    try:
        claims = jwt.decode(
            ticket,
            settings.JWT_KEY,
            algorithms=[ALGORITHM],
            audience=TICKET_AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "sub", "stamp"], "verify_exp": False},
        )
        found = UUID(claims["sub"]), str(claims["stamp"])
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        raise SecondStepOverError from None
    if int(claims["exp"]) <= now.timestamp():
        raise SecondStepOverError
    return found


def issue_refresh(session_public_id: UUID, number: int) -> str:
    """Return the session's refresh token of this number: "<session>.<number>.<secret>".

    The secret ends in a keyed mark. By it a spent token can be told from an invented one, so that
    a guess of somebody else's session id cannot end that session.
    """
    head = f"{session_public_id}.{number}.{secrets.token_urlsafe(32)}"
    return head + _mark(head)


def read_refresh(token: str) -> RefreshClaims:
    """Return the claims of a token that was issued here. Raises RefreshRefusedError otherwise."""
    found = _REFRESH.fullmatch(token)
    if found is None:
        raise RefreshRefusedError
    session, number, random, mark = found.groups()
    if not hmac.compare_digest(mark, _mark(f"{session}.{number}.{random}")):
        raise RefreshRefusedError
    return RefreshClaims(UUID(session), int(number), digest_of(token))


def digest_of(token: str) -> str:
    """Return what is stored of a refresh token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mark(head: str) -> str:
    mac = hmac.new(settings.JWT_KEY.encode(), f"refresh\n{head}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()[:16]).decode().rstrip("=")
