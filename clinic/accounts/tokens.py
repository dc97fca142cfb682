"""Access tokens: short signed JWTs that name an account and a device session, nothing else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import jwt
from django.conf import settings

from clinic.core.errors import NotAuthenticatedError
from clinic.settings import rules

ALGORITHM = "HS256"
ISSUER = "xiangcao"
AUDIENCE = "clinic-api"


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says."""

    user_public_id: UUID
    session_public_id: UUID
    expires_at: int  # seconds since the epoch


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
        claims = jwt.decode(
            token,
            settings.JWT_KEY,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "iat", "sub", "sid"]},
        )
        return AccessClaims(UUID(claims["sub"]), UUID(claims["sid"]), int(claims["exp"]))
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        raise NotAuthenticatedError from None
