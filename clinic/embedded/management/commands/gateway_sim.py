"""manage.py gateway_sim: the local payment and message gateway in the foreground."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.embedded import paths
from clinic.embedded.simulator.serve import CannotServeError, add_arguments, serve


class Command(BaseCommand):
    """Serves WeChat Pay, SMS and a page for people on this machine alone."""

    help = "Run the local gateway: WeChat Pay and SMS by their real protocols, without money."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare port, host, time factor and data folder."""
        add_arguments(parser)
        parser.add_argument("--data-dir", type=Path, default=paths.data_dir(), help="env DATA_DIR")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until stopped; a start that is impossible ends with one sentence."""
        try:
            serve(
                data_dir=options["data_dir"],
                host=options["host"],
                port=options["port"],
                time_factor=options["time_factor"],
                reports_url=options["reports_url"],
            )
        except CannotServeError as error:
            raise CommandError(str(error)) from error
