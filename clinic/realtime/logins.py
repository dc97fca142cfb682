"""What keeps a socket open: the device session or the console session it was opened by."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.conf import settings

from clinic.accounts.models import DeviceSession
from clinic.accounts.rules import console_session_id, roles_of
from clinic.accounts.selectors import console_logins
from clinic.core.roles import Role

CONSOLE: Final = "console"


@dataclass(frozen=True, slots=True)
class Login:
    """One of the two; ``session_key`` is the secret of a console cookie and stays in the process.

    ``name`` is what other processes may hear of it.
    """

    session_id: int = 0
    session_key: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The login without its secret."""
        if self.session_key:
            return console_name(console_session_id(self.session_key))
        return device_name(self.session_id)

    def is_ended_by(self, name: str) -> bool:
        """Say whether the end of what is named ends this login; "console" names all of them."""
        return name == self.name or (name == CONSOLE and bool(self.session_key))


def device_name(session_id: int) -> str:
    """Return the name of a device session."""
    return f"device:{session_id}"


def console_name(session: UUID | None) -> str:
    """Return the name of a console session, or of all when there is no id."""
    return f"{CONSOLE}:{session.hex}" if session else CONSOLE


def roles_behind(logins: Collection[Login]) -> dict[Login, frozenset[Role]]:
    """Return the roles of this moment behind each login that still stands; four queries at most."""
    devices = {login.session_id: login for login in logins if login.session_id}
    consoles = {login.session_key: login for login in logins if login.session_key}
    standing = {devices[key]: roles for key, roles in _roles_of_sessions(devices).items()}
    if consoles:
        for key, found in console_logins(consoles).items():
            standing[consoles[key]] = found.actor.roles
    return standing


def _roles_of_sessions(session_ids: Collection[int]) -> dict[int, frozenset[Role]]:
    if not session_ids:
        return {}
    rows = DeviceSession.objects.filter(
        pk__in=session_ids, revoked_at=None, user__is_active=True
    ).values_list("pk", "user__groups__name", "second_factor_at")
    held: dict[int, set[str | None]] = {}
    proven = set() if settings.SECOND_FACTOR_REQUIRED else set(session_ids)
    for session_id, name, proven_at in rows:
        held.setdefault(session_id, set()).add(name)
        proven.update([session_id] if proven_at else [])
    return {key: roles_of(names, is_proven=key in proven) for key, names in held.items()}
