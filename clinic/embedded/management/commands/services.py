"""manage.py services: the embedded servers without the clinic, as daemons."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.services import act, add_arguments


class Command(BaseCommand):
    """The same as python -m clinic.embedded.services, with translated errors."""

    help = "Start, stop or show the embedded PostgreSQL and Valkey of the data folder."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Act and print the state of both servers."""
        try:
            for line in act(options["action"], options["data_dir"], fast=options["fast"]):
                self.stdout.write(line)
        except EmbeddedError as error:
            raise CommandError(error.translated(_)) from None
