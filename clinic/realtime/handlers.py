"""What the sockets do about facts of accounts."""

from clinic.accounts.events import ConsoleEnded, RoleRevoked, SessionRevoked
from clinic.accounts.selectors import open_sessions
from clinic.core.clock import now
from clinic.core.events import handles
from clinic.realtime.logins import CONSOLE, console_name, device_name
from clinic.realtime.push import close_login_on_commit


@handles(SessionRevoked)
def close_sockets_of_session(fact: SessionRevoked) -> None:
    """Close every socket of a revoked device session with 4401."""
    close_login_on_commit(fact.user_public_id, device_name(fact.session_id))


@handles(ConsoleEnded)
def close_sockets_of_console(fact: ConsoleEnded) -> None:
    """Close the sockets of a console log-in that ended, or of all of the account."""
    close_login_on_commit(fact.user_public_id, console_name(fact.session))


@handles(RoleRevoked)
def close_sockets_of_account(fact: RoleRevoked) -> None:
    """Close every socket of the account with 4401; who connects again has the roles he has now."""
    for session_id in open_sessions(fact.user_id, now()).values_list("pk", flat=True):
        close_login_on_commit(fact.user_public_id, device_name(session_id))
    close_login_on_commit(fact.user_public_id, CONSOLE)
