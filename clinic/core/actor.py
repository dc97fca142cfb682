"""Who acts: one value passed through services instead of request, user and session."""

from dataclasses import dataclass, field
from uuid import UUID

from clinic.core.errors import NotAuthenticatedError
from clinic.core.roles import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """A person or a part of the system that does something.

    ``kind`` is "user", "system" or "gateway"; ``name`` tells parts of the system apart
    ("assignment sweep"). ``user_id`` is the database key and never leaves the server.
    """

    kind: str
    name: str = ""
    user_id: int | None = None
    public_id: UUID | None = None
    session_id: int | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)

    @property
    def account_id(self) -> int:
        """Database key of the account that acts. Raises NotAuthenticatedError without one."""
        if self.user_id is None:
            raise NotAuthenticatedError
        return self.user_id

    def has_role(self, role: Role) -> bool:
        """Say whether the actor holds the role."""
        return role in self.roles

    @property
    def label(self) -> str:
        """Name for history rows, without personal data: "user:<uuid>" or "system:<part>"."""
        return f"{self.kind}:{self.public_id or self.name}"


ANONYMOUS = Actor(kind="anonymous")


def system_actor(name: str) -> Actor:
    """Return the actor for a part of the system, for example ``system_actor("refund sweep")``."""
    return Actor(kind="system", name=name)
