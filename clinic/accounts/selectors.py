"""Reads of accounts."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from clinic.accounts.models import DeviceSession, User
from clinic.core.actor import Actor
from clinic.core.roles import Role

ROLE_NAMES = frozenset(Role.values)


def actor_of_session(session_public_id: UUID) -> Actor | None:
    """Return who uses an open session of an active account, with the roles of this moment.

    One query. None when the session is revoked or the account is switched off.
    """
    roles = Group.objects.filter(user=OuterRef("user_id")).values("name")
    row = (
        DeviceSession.objects.filter(
            public_id=session_public_id, revoked_at=None, user__is_active=True
        )
        .values_list("pk", "user_id", "user__public_id", ArraySubquery(roles))
        .first()
    )
    if row is None:
        return None
    session_id, user_id, public_id, names = row
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


def display_names(user_ids: list[int]) -> dict[int, str]:
    """Return the display names of accounts by key, in one query."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))
