"""A person's log-in on one device: carried on by refresh tokens, begun anew when one was lost."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from clinic.accounts.models import User
from clinic.accounts.services.sessions import open_session
from clinic.core.clock import now

PASSWORD = "Faults-2026"
RENEWED_AFTER_SECONDS = 120  # of 900: early, so that a short story meets it too
PATIENCE_SECONDS = 10
NOBODY, BROKEN = -1, 0  # no listener; a connection that ended before its answer


@dataclass(eq=False)
class Login:
    """Tokens of a device. An answer that never came leaves it open whether the token was spent.

    Only such a device may have to log in anew; ``sent_away`` counts the others who had to.
    """

    phone: str
    access: str
    refresh: str
    made_at: float  # of the monotonic clock
    may_be_spent: bool = False
    renewed: int = 0
    begun_anew: int = 0
    sent_away: int = 0

    @property
    def is_old(self) -> bool:
        """Say whether a good client would renew it now."""
        return time.monotonic() - self.made_at > RENEWED_AFTER_SECONDS

    def renew(self, port: int) -> bool:
        """Ask for the next pair of tokens; log in again where it is refused. Blocks."""
        status, found, _ = ask(port, "POST", "auth/refresh", {"refresh_token": self.refresh})
        if status == 401:
            self.sent_away += not self.may_be_spent
            self.may_be_spent = True  # told once: the log-in below may need several attempts
            told = {"phone": self.phone, "password": PASSWORD, "device": "test"}
            status, found, _ = ask(port, "POST", "auth/login", told)
            self.begun_anew += status == 200
        if status != 200:
            self.may_be_spent |= status == BROKEN or status >= 500
            return False
        self.may_be_spent = False
        self.access, self.refresh = found["access_token"], found["refresh_token"]
        self.made_at = time.monotonic()
        self.renewed += 1
        return True


def logins(users: list[int]) -> dict[int, Login]:
    """Log accounts in, each on a device of its own; their password is ``PASSWORD``."""
    User.objects.filter(pk__in=users).update(password=make_password(PASSWORD))
    found = {}
    for user in User.objects.filter(pk__in=users):
        signed_in = open_session(user=user, device="test", now=now())
        found[user.pk] = Login(
            phone=str(user.phone),
            access=signed_in.access_token,
            refresh=signed_in.refresh_token,
            made_at=time.monotonic(),
        )
    return found


def ask(port: int, method: str, path: str, body: Any, token: str = "") -> tuple[int, Any, float]:
    """Ask once by REST; return status, body, and the seconds to wait before asking again.

    The status is ``NOBODY`` or ``BROKEN`` when nobody answered. Blocks.
    """
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        link.request(method, f"/api/v1/{path}", json.dumps(body or {}), headers)
        answer = link.getresponse()
        text = answer.read()
        wait = float(answer.headers.get("Retry-After", 0))
        return answer.status, json.loads(text) if text else None, wait
    except ConnectionRefusedError:
        return NOBODY, None, 0.0
    except (OSError, http.client.HTTPException):
        return BROKEN, None, 0.0
    finally:
        link.close()
