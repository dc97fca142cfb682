"""manage.py prepare_database: what `up` does to the database before anything serves it."""

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from clinic.embedded.schema import lay

DEMO_COMMAND = "seed_demo"


class Command(BaseCommand):
    """One process for both steps: loading Django twice would double the time of a warm start."""

    help = "Apply migrations and, with --demo, load the demo data. Safe to repeat."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--demo", action="store_true", help="load the demo data too")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Lay a new database, migrate, give roles their console rights, then load the demo data."""
        lay(connection)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("sync_roles", verbosity=0)
        if options["demo"] and DEMO_COMMAND in get_commands():
            call_command(DEMO_COMMAND)
