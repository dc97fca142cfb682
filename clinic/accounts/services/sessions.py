"""Device sessions: opened by a log-in, carried on by refresh tokens, ended by revoking."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from clinic.accounts.enums import RevokedWhy
from clinic.accounts.errors import AccountSuspendedError, RefreshRefusedError
from clinic.accounts.events import SessionRevoked
from clinic.accounts.models import DeviceSession, User
from clinic.accounts.selectors import open_sessions
from clinic.accounts.tokens import (
    RefreshClaims,
    digest_of,
    issue_access,
    issue_refresh,
    read_refresh,
)
from clinic.core.events import publish
from clinic.settings import rules

KEPT = timedelta(days=90)  # how long the owner's side can ask about a past session


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A device that is logged in, with the tokens to hand to it."""

    user: User
    session: DeviceSession
    access_token: str
    refresh_token: str


def open_session(*, user: User, device: str, now: datetime, is_proven: bool = False) -> SignedIn:
    """Log an account in on a device; the oldest device leaves when there are too many.

    ``is_proven`` says that the second factor was given. Locks the account. Raises
    AccountSuspendedError.
    """
    with transaction.atomic():
        account = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        if not account.is_active:
            raise AccountSuspendedError
        _make_room(account, now)
        session = DeviceSession(
            user=account,
            device=device,
            created_at=now,
            second_factor_at=now if is_proven else None,
        )
        signed_in = _hand_out(session, now)
        session.save()
        account.last_login = now
        account.save(update_fields=["last_login"])
    return signed_in


def refresh_session(*, token: str, now: datetime) -> SignedIn:
    """Spend a refresh token for a new pair; a token spent before ends its whole session.

    Locks the session, so of parallel calls with one token exactly one is the first. Raises
    RefreshRefusedError.
    """
    claims = read_refresh(token)
    with transaction.atomic():
        session = _lock_session(claims.session_public_id)
        if session is None or not _is_open(session, now):
            raise RefreshRefusedError
        signed_in = _rotate(session, claims, now)
    if signed_in is None:
        raise RefreshRefusedError
    return signed_in


def revoke_session(*, session: DeviceSession, why: RevokedWhy, now: datetime) -> bool:
    """End a session and say so; False when it had ended before."""
    with transaction.atomic():
        changed = DeviceSession.objects.filter(pk=session.pk, revoked_at=None).update(
            revoked_at=now, revoked_why=why
        )
        if changed:
            publish(SessionRevoked(session_id=session.pk, user_public_id=session.user.public_id))
    return bool(changed)


def revoke_sessions(
    *, user_id: int, why: RevokedWhy, now: datetime, keep: int | None = None
) -> int:
    """End every open session of an account except ``keep``, and return how many."""
    rows = DeviceSession.objects.filter(user_id=user_id, revoked_at=None).exclude(pk=keep or 0)
    sessions = list(rows.select_related("user").order_by("pk"))
    return sum(revoke_session(session=session, why=why, now=now) for session in sessions)


def forget_old_sessions(now: datetime) -> int:
    """Remove sessions that ended long ago and return how many."""
    return DeviceSession.objects.filter(expires_at__lt=now - KEPT).delete()[0]


def _make_room(account: User, now: datetime) -> None:
    surplus = open_sessions(account.pk, now)[rules.MAX_DEVICE_SESSIONS - 1 :]
    for session in surplus.select_related("user"):
        revoke_session(session=session, why=RevokedWhy.TOO_MANY, now=now)


def _lock_session(public_id: UUID) -> DeviceSession | None:
    return (
        DeviceSession.objects.select_related("user")
        .select_for_update(of=("self",), no_key=True)
        .filter(public_id=public_id)
        .first()
    )


def _is_open(session: DeviceSession, now: datetime) -> bool:
    return session.revoked_at is None and session.expires_at > now and session.user.is_active


def _rotate(session: DeviceSession, claims: RefreshClaims, now: datetime) -> SignedIn | None:
    is_current = claims.number == session.refresh_number
    if not is_current or not hmac.compare_digest(claims.digest, session.refresh_hash):
        revoke_session(session=session, why=RevokedWhy.REUSE, now=now)
        return None
    session.refresh_number += 1
    signed_in = _hand_out(session, now)
    session.save(update_fields=["refresh_number", "refresh_hash", "expires_at", "last_used_at"])
    return signed_in


def _hand_out(session: DeviceSession, now: datetime) -> SignedIn:
    refresh = issue_refresh(session.public_id, session.refresh_number)
    session.refresh_hash = digest_of(refresh)
    session.expires_at = now + rules.REFRESH_TOKEN_LIFE
    session.last_used_at = now
    access = issue_access(session.user.public_id, session.public_id, now)
    return SignedIn(user=session.user, session=session, access_token=access, refresh_token=refresh)
