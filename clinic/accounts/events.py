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
