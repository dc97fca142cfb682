"""Reads of accounts."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from clinic.accounts.models import DeviceSession, User
from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.core.statements import Statement, first_rows_of

ROLE_NAMES = frozenset(Role.values)


# Every request and every socket begins with it: building it by the ORM costs ten times its run.
ACTOR_OF_SESSION: Final = Statement(
    "actor_of_session",
    ("uuid",),
    """
    SELECT s.id, s.user_id, u.public_id, ARRAY(
      SELECT g.name FROM accounts_user_groups AS held JOIN auth_group AS g ON g.id = held.group_id
      WHERE held.user_id = s.user_id)
    FROM accounts_devicesession AS s JOIN accounts_user AS u ON u.id = s.user_id
    WHERE s.public_id = %s AND s.revoked_at IS NULL AND u.is_active
    """,
)


def actor_of_session(session_public_id: UUID) -> Actor | None:
    """Return who uses an open session of an active account, with the roles of this moment.

    One query. None when the session is revoked or the account is switched off.
    """
    rows = first_rows_of(ACTOR_OF_SESSION, session_public_id)
    if not rows:
        return None
    session_id, user_id, public_id, names = rows[0]
    return Actor(
        kind="user",
        user_id=user_id,
        public_id=public_id,
        session_id=session_id,
        roles=frozenset(Role(name) for name in names if name in ROLE_NAMES),
    )


def actor_of_user(user: User) -> Actor:
    """Return the actor for an account that proved itself by a console cookie."""
    names = user.groups.values_list("name", flat=True)
    return Actor(
        kind="user",
        user_id=user.pk,
        public_id=user.public_id,
        roles=frozenset(Role(name) for name in names if name in ROLE_NAMES)
        | (frozenset({Role.ADMIN}) if user.is_superuser else frozenset()),
    )


def open_sessions(user_id: int, now: datetime) -> QuerySet[DeviceSession]:
    """Return the devices an account is logged in on, newest first."""
    return DeviceSession.objects.filter(
        user_id=user_id, revoked_at=None, expires_at__gt=now
    ).order_by("-id")


def account_of(actor: Actor) -> User:
    """Return the account behind a logged-in actor."""
    return User.objects.get(pk=actor.account_id)


def role_names(user: User) -> list[str]:
    """Return the names of an account's roles, sorted."""
    return sorted(ROLE_NAMES.intersection(user.groups.values_list("name", flat=True)))
