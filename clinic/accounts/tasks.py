"""Background work of accounts."""

from celery import shared_task

from clinic.accounts.services import codes, sessions
from clinic.core.clock import now


@shared_task(name="accounts.forget_old_proofs")
def forget_old_proofs() -> None:
    """Remove old one-time codes and sessions that ended long ago."""
    codes.forget_old_codes(now())
    sessions.forget_old_sessions(now())
