"""manage.py sync_roles: console rights of the roles, from the table in accounts/rules.py."""

from typing import Any

from django.core.management.base import BaseCommand

from clinic.accounts.services.roles import sync_roles


class Command(BaseCommand):
    """Run after every migrate; safe to repeat."""

    help = "Give each role's group exactly the console rights of the table. Safe to repeat."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Set the rights and say how many each role has, unless verbosity is 0."""
        counts = sync_roles()
        if options["verbosity"]:
            for role, count in counts.items():
                self.stdout.write(f"{role}: {count}")
