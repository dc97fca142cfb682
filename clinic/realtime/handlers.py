"""What the sockets do about facts of accounts."""

from clinic.accounts.events import SessionRevoked
from clinic.core.events import handles
from clinic.realtime.push import close_session_on_commit


@handles(SessionRevoked)
def close_sockets_of_session(fact: SessionRevoked) -> None:
    """Close every socket of a revoked device session with 4401."""
    close_session_on_commit(fact.user_public_id, fact.session_id)
