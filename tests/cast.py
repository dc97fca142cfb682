"""The cast: patient Lin, patient Ge (the stranger), doctor Shen, doctor Wu, agent Bao, admin An.

Each member is an account with a logged-in API client.
"""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from clinic.accounts.models import DeviceSession, User
from clinic.accounts.tokens import issue_access
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.roles import Role
from clinic.settings import rules

_numbers = itertools.count(10_000_000)


@dataclass(frozen=True)
class Member:
    """One member of the cast: the account, the actor for services, a client with his token."""

    user: User
    actor: Actor
    client: APIClient
    token: str

    @property
    def public_id(self) -> UUID:
        """Public id of the account."""
        return self.user.public_id


@cache
def _group(role: Role) -> Group:
    """Return the group of a role, which migrations made; asked for once per worker."""
    return Group.objects.get(name=role.value)


def make_member(name: str, *roles: Role, **fields: Any) -> Member:
    """Store an account with roles and log it in on one device."""
    user = User.objects.create_user(
        phone=f"+86139{next(_numbers):08d}", password="Cast-2026", name=name, **fields
    )
    for role in roles:
        user.groups.add(_group(role))
    session = DeviceSession.objects.create(
        user=user, device="test", refresh_hash="0" * 64, expires_at=now() + rules.REFRESH_TOKEN_LIFE
    )
    token = issue_access(user.public_id, session.public_id, now())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    actor = Actor(
        kind="user",
        user_id=user.pk,
        public_id=user.public_id,
        session_id=session.pk,
        roles=frozenset(roles),
    )
    return Member(user, actor, client, token)


@pytest.fixture
def anonymous() -> APIClient:
    """A client without login."""
    return APIClient()


@pytest.fixture
def lin(db: None) -> Member:
    """The patient."""
    return make_member("林小月", Role.PATIENT)


@pytest.fixture
def ge(db: None) -> Member:
    """Another patient: the stranger."""
    return make_member("葛明", Role.PATIENT)


@pytest.fixture
def bao(db: None) -> Member:
    """The customer service agent."""
    return make_member("包青", Role.CUSTOMER_SERVICE, is_staff=True)


@pytest.fixture
def an(db: None) -> Member:
    """The administrator."""
    return make_member("安宁", Role.ADMIN, is_staff=True)
