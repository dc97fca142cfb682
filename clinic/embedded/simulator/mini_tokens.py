"""Access tokens of a mini program, as the platform's stable token call hands them out."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.embedded.simulator.model import GatewayRefusal

TOKEN_LIFE = timedelta(hours=2)
LAST_MINUTES = timedelta(minutes=5)  # of a token: the next one is handed out, both open
FORCED_A_DAY = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class _Token:
    text: str
    ends_at: datetime


class MiniTokens:
    """The tokens that open the calls now; a restart forgets them, callers then fetch anew."""

    def __init__(self) -> None:
        """Begin without a token."""
        self._living: list[_Token] = []
        self._forced: list[datetime] = []

    def fetch(self, now: datetime, *, force: bool) -> tuple[str, int]:
        """Return the token and its seconds; the same one while it lives, unless forced."""
        self._living = [token for token in self._living if token.ends_at > now]
        if force:
            self._count_forced(now)
            self._living = []
        if not self._living or self._living[-1].ends_at - now <= LAST_MINUTES:
            text = secrets.token_urlsafe(100)
            self._living.append(_Token(text=text, ends_at=now + TOKEN_LIFE))
        newest = self._living[-1]
        return newest.text, int((newest.ends_at - now).total_seconds())

    def opens(self, text: str, now: datetime) -> bool:
        """Say whether a token is valid."""
        living = [token for token in self._living if token.ends_at > now]
        return any(hmac.compare_digest(token.text.encode(), text.encode()) for token in living)

    def _count_forced(self, now: datetime) -> None:
        self._forced = [at for at in self._forced if now - at < timedelta(days=1)]
        if len(self._forced) >= FORCED_A_DAY:
            raise GatewayRefusal(200, "45009", "reach max api daily quota limit")
        self._forced.append(now)
