"""The console's cookie sessions, kept in the database; the end of one is told (SESSION_ENGINE)."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import transaction

from clinic.accounts.events import ConsoleEnded
from clinic.accounts.models import User
from clinic.accounts.rules import console_session_id
from clinic.core.events import publish


class SessionStore(db.SessionStore):
    """Django's sessions. Log-out, a new log-in and a changed password all remove a row here."""

    def delete(self, session_key: str | None = None) -> None:
        """Remove a session and say so, that its sockets close."""
        key = session_key or self.session_key
        if key is None:
            return
        with transaction.atomic():
            row = self.model.objects.filter(session_key=key).first()
            if row is None:
                return
            self._tell(key, row.get_decoded().get(SESSION_KEY))
            row.delete()

    def _tell(self, key: str, user_id: str | None) -> None:
        account = User.objects.filter(pk=user_id or 0).values_list("public_id", flat=True).first()
        if account is not None:
            publish(ConsoleEnded(user_public_id=account, session=console_session_id(key)))
