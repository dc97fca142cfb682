"""Facts about accounts."""

from uuid import UUID

from clinic.core.events import Event, event


@event
class SessionRevoked(Event):
    """A device session ended before its time; its sockets must close."""

    session_id: int
    user_public_id: UUID


@event
class ConsoleEnded(Event):
    """A log-in to the console ended, or all of the account's when ``session`` is None.

    ``session`` is the id of ``rules.console_session_id``, which opens nothing.
    """

    user_public_id: UUID
    session: UUID | None


@event
class RoleRevoked(Event):
    """An account may do less than before; its open sockets still know the old roles."""

    user_id: int
    user_public_id: UUID


@event
class AccountAnonymised(Event):
    """An account lost its person; rooms above remove what they keep of him."""

    user_id: int


@event
class SecondFactorSet(Event):
    """An account has an authenticator app, or another than before."""

    user_id: int


@event
class SecondFactorReset(Event):
    """Somebody else took an account's second factor away."""

    user_id: int


@event
class RecoveryCodeUsed(Event):
    """An account came in without its authenticator app; ``left`` codes are unused."""

    user_id: int
    left: int
