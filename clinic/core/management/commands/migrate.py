"""``manage.py migrate``: Django's own, with as much time as a table or a machine needs."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

# Nobody waits for the answer here. A lock is still given up soon: requests queue behind it.
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


class Command(migrate.Command):
    """Apply migrations without the limits of a request."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Lift the limits of this connection meanwhile."""
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            for limit in LIMITS:
                cursor.execute(f"SET {limit} = 0")
        try:
            super().handle(*args, **options)
        finally:
            if connection.is_usable():
                with connection.cursor() as cursor:
                    for limit in LIMITS:
                        cursor.execute(f"RESET {limit}")
