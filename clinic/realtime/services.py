"""Who may open a socket: tokens and single-use tickets."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from clinic.accounts.models import DeviceSession
from clinic.accounts.selectors import ROLE_NAMES, actor_of_session
from clinic.accounts.tokens import read_access
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import NotAuthenticatedError
from clinic.core.roles import Role
from clinic.realtime.models import SocketTicket
from clinic.settings import rules


@dataclass(frozen=True, slots=True)
class Admission:
    """Who opens a socket, and till when (seconds since the epoch) without a fresh token."""

    actor: Actor
    expires_at: float


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
    return Admission(actor, (moment + rules.ACCESS_TOKEN_LIFE).timestamp())


def admit_by_token(token: str) -> Admission:
    """Accept an access token of an open session. Raises NotAuthenticatedError."""
    claims = read_access(token)
    actor = actor_of_session(claims.session_public_id)
    if actor is None:
        raise NotAuthenticatedError
    return Admission(actor, float(claims.expires_at))


def roles_of_sessions(session_ids: Collection[int]) -> dict[int, frozenset[Role]]:
    """Return the roles of this moment behind each session that is still open, in one query."""
    rows = DeviceSession.objects.filter(
        pk__in=session_ids, revoked_at=None, user__is_active=True
    ).values_list("pk", "user__groups__name")
    held: dict[int, set[Role]] = {}
    for session_id, name in rows:
        held.setdefault(session_id, set()).update([Role(name)] if name in ROLE_NAMES else [])
    return {session_id: frozenset(roles) for session_id, roles in held.items()}


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "surrogatepass")).hexdigest()
