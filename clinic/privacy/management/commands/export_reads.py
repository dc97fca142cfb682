"""``manage.py export_reads --from 2026-10-01 --to 2026-10-31 --out FILE``."""

import csv
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.core.actor import system_actor
from clinic.core.sheets import BOM, safe_cell
from clinic.privacy.selectors.reads import COLUMNS, lines, reads_between
from clinic.privacy.services.users import note_file


class Command(BaseCommand):
    """Row by row; the file of a former run is replaced."""

    help = "Write who opened which patient's data on these clinic days as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the days, both included, and a file."""
        parser.add_argument("--from", dest="since", type=date.fromisoformat, required=True)
        parser.add_argument("--to", dest="until", type=date.fromisoformat, required=True)
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Write and count."""
        since, until = options["since"], options["until"]
        count = 0
        try:
            with options["out"].open("w", encoding="utf-8", newline="") as target:
                target.write(BOM)
                writer = csv.writer(target)
                writer.writerow(COLUMNS)
                for line in lines(reads_between(since, until)):
                    writer.writerow([safe_cell(cell) for cell in line])
                    count += 1
        except OSError as error:
            raise CommandError(error.strerror or type(error).__name__) from None
        note_file(by=system_actor("export_reads"), kind="reads", since=since, until=until)
        self.stdout.write(str(count))
