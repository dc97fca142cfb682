"""Who may open a socket: by token, single-use ticket or the console's cookie."""

import hashlib
import secrets
from dataclasses import dataclass

from clinic.accounts.selectors import actor_of_session, console_logins
from clinic.accounts.tokens import read_access
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import NotAuthenticatedError
from clinic.realtime.logins import Login
from clinic.realtime.models import SocketTicket
from clinic.settings import rules


@dataclass(frozen=True, slots=True)
class Admission:
    """Who opens a socket by what, and till when (seconds since the epoch) without a fresh token."""

    actor: Actor
    expires_at: float
    login: Login


def issue_ticket(session_id: int) -> str:
    """Return a ticket that opens one socket within 30 seconds for this device session."""
    moment = now()
    ticket = secrets.token_urlsafe(32)
    SocketTicket.objects.filter(session_id=session_id, expires_at__lte=moment).delete()
    SocketTicket.objects.create(
        token_hash=_hash(ticket),
        session_id=session_id,
        created_at=moment,
        expires_at=moment + rules.SOCKET_TICKET_LIFE,
    )
    return ticket


def admit_by_ticket(ticket: str) -> Admission:
    """Consume a ticket. Raises NotAuthenticatedError when unknown, used or too old."""
    moment = now()
    row = (
        SocketTicket.objects.filter(token_hash=_hash(ticket), expires_at__gt=moment)
        .values_list("pk", "session__public_id")
        .first()
    )
    # Two sockets with one ticket: only the one whose DELETE meets the row gets in.
    if row is None or SocketTicket.objects.filter(pk=row[0]).delete()[0] != 1:
        raise NotAuthenticatedError
    actor = actor_of_session(row[1])
    if actor is None:
        raise NotAuthenticatedError
    return _of_device(actor, (moment + rules.ACCESS_TOKEN_LIFE).timestamp())


def admit_by_token(token: str) -> Admission:
    """Accept an access token of an open session. Raises NotAuthenticatedError."""
    claims = read_access(token)
    actor = actor_of_session(claims.session_public_id)
    if actor is None:
        raise NotAuthenticatedError
    return _of_device(actor, float(claims.expires_at))


def admit_by_console(session_key: str) -> Admission:
    """Accept the cookie of the staff console. Raises NotAuthenticatedError.

    The caller has judged the Origin: a cookie alone proves nothing about the page.
    """
    found = console_logins([session_key]).get(session_key)
    if found is None:
        raise NotAuthenticatedError
    login = Login(session_key=session_key)
    return Admission(found.actor, found.expires_at.timestamp(), login)


def _of_device(actor: Actor, expires_at: float) -> Admission:
    return Admission(actor, expires_at, Login(session_id=actor.session_id or 0))


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).hexdigest()
