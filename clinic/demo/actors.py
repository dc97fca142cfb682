"""People of the demo as those who act."""

from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.core.roles import Role


def actor_of(user: User, role: Role) -> Actor:
    """Return an account as it calls in one of its roles."""
    return Actor(kind="user", user_id=user.pk, public_id=user.public_id, roles=frozenset({role}))
