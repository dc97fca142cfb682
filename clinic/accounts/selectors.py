"""Reads of accounts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from clinic.accounts.models import DeviceSession, RecoveryCode, SecondFactor, User
from clinic.accounts.rules import ROLE_NAMES, console_session_id, roles_of
from clinic.core.actor import Actor
from clinic.core.clock import now as current
from clinic.core.roles import Role
from clinic.core.statements import Read, Row, Statement, first_rows_of, shared_rows_of, together

# Every request and every socket begins with it: building it by the ORM costs ten times its run.
ACTOR_OF_SESSION: Final = Statement(
    "actor_of_session",
    ("uuid",),
    """
    SELECT s.id, s.user_id, u.public_id, ARRAY(
      SELECT g.name FROM accounts_user_groups AS held JOIN auth_group AS g ON g.id = held.group_id
      WHERE held.user_id = s.user_id), s.second_factor_at IS NOT NULL AS is_proven
    FROM accounts_devicesession AS s JOIN accounts_user AS u ON u.id = s.user_id
    WHERE s.public_id = %s AND s.revoked_at IS NULL AND u.is_active
    """,
)
OF_ACTOR: Final = 5  # columns


def actor_of_session(session_public_id: UUID) -> Actor | None:
    """Return who uses an open session of an active account, with the roles of this moment.

    Those of staff only when the session was opened with the second factor, where it is required.
    One query. None when the session is revoked or the account is switched off.
    """
    rows = first_rows_of(ACTOR_OF_SESSION, session_public_id)
    return _actor(rows[0]) if rows else None


def actor_and_rows(session_public_id: UUID, read: Read) -> tuple[Actor | None, list[Row]]:
    """Return who uses a session as ``actor_of_session``, and the rows of a read; one query."""
    both = together(ACTOR_OF_SESSION, read.statement)
    rows = shared_rows_of(both, session_public_id, *read.values)
    if not rows:
        return None, []
    who, found = rows[0][:OF_ACTOR], rows[0][OF_ACTOR:]
    return _actor(who), [read.statement.row_of(found)] if found[0] is not None else []


def _actor(row: Row) -> Actor:
    session_id, user_id, public_id, names, is_proven = row
    return Actor(
        kind="user",
        user_id=user_id,
        public_id=public_id,
        session_id=session_id,
        roles=roles_of(names, is_proven=is_proven or not settings.SECOND_FACTOR_REQUIRED),
    )


def actor_of_user(user: User) -> Actor:
    """Return the actor for an account that proved itself by a console cookie."""
    names = [group.name for group in user.groups.all()]
    return Actor(
        kind="user",
        user_id=user.pk,
        public_id=user.public_id,
        roles=frozenset(Role(name) for name in names if name in ROLE_NAMES)
        | (frozenset({Role.ADMIN}) if user.is_superuser else frozenset()),
    )


@dataclass(frozen=True, slots=True)
class ConsoleLogin:
    """Who is behind a console cookie, and till when."""

    actor: Actor
    expires_at: datetime


def console_logins(keys: Collection[str]) -> dict[str, ConsoleLogin]:
    """Return who is behind each of these session keys; what opens the console no more is left out.

    Three queries for any number. A key is void once its row is gone or too old, the account is
    switched off or no staff, or the password is another than at log-in.
    """
    rows = Session.objects.filter(
        session_key__in=[key for key in keys if _is_session_key(key)], expire_date__gt=current()
    )
    sessions = {row.session_key: (row.get_decoded(), row.expire_date) for row in rows}
    users = _staff_by_id([proof.get(SESSION_KEY) for proof, _end in sessions.values()])
    found = {}
    for key, (proof, end) in sessions.items():
        user = users.get(str(proof.get(SESSION_KEY)))
        if user is not None and _is_proved(user, proof):
            found[key] = ConsoleLogin(actor_of_user(user), end)
    return found


def open_sessions(user_id: int, now: datetime) -> QuerySet[DeviceSession]:
    """Return the devices an account is logged in on, newest first."""
    return DeviceSession.objects.filter(
        user_id=user_id, revoked_at=None, expires_at__gt=now
    ).order_by("-id")


def account_of(actor: Actor) -> User:
    """Return the account behind a logged-in actor."""
    return User.objects.get(pk=actor.account_id)


def demands_second_factor(user: User) -> bool:
    """Say whether a log-in of this account needs a second proof."""
    return user.is_staff and (settings.SECOND_FACTOR_REQUIRED or user.second_factor_at is not None)


def standing_factor(user_id: int) -> SecondFactor | None:
    """Return the second factor that counts for an account; None before it is set up."""
    return SecondFactor.objects.filter(user_id=user_id, confirmed_at__isnull=False).first()


def recovery_codes_left(user_id: int) -> int:
    """Return how many recovery codes of an account are unused."""
    return RecoveryCode.objects.filter(factor__user_id=user_id, used_at=None).count()


def role_names(user: User) -> list[str]:
    """Return the names of an account's roles, sorted."""
    return sorted(ROLE_NAMES.intersection(user.groups.values_list("name", flat=True)))


def _is_session_key(text: str) -> bool:
    try:
        console_session_id(text)
    except ValueError:
        return False
    return True


def _staff_by_id(ids: Collection[str | None]) -> dict[str, User]:
    rows = User.objects.filter(
        pk__in=[int(user_id) for user_id in ids if user_id], is_active=True, is_staff=True
    )
    return {str(user.pk): user for user in rows.prefetch_related("groups")}


def _is_proved(user: User, proof: Mapping[str, str]) -> bool:
    held = proof.get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(held, one) for one in hashes)
