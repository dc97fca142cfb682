"""``manage.py regulator_export --from 2026-10-01 --to 2026-10-31 --out DIR``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinic.core.actor import system_actor
from clinic.core.terminal import day, refused
from clinic.privacy.errors import FolderBusyError, PeriodError
from clinic.privacy.services.regulator import write_export


class Command(BaseCommand):
    """Safe to run again: the same data makes the same bytes."""

    help = "Write what the regulator asks for: CSV files with schemas and a manifest with hashes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the days of the clinic, both included, and a folder."""
        parser.add_argument("--from", dest="since", type=day, required=True)
        parser.add_argument("--to", dest="until", type=day, required=True)
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Write and tell how far it is."""
        try:
            manifest = write_export(
                options["since"],
                options["until"],
                options["out"],
                by=system_actor("regulator export"),
                progress=self._tell,
            )
        except (FolderBusyError, PeriodError) as error:
            raise CommandError(error.detail) from None
        except OSError as error:
            raise refused(error, options["out"]) from None
        for table in manifest["tables"]:
            self.stdout.write(f"{table['file']}: {table['rows']}, {table['sha256']}")
        for name, why in manifest["none_yet"].items():
            self.stdout.write(f"{name}: {why}")

    def _tell(self, name: str, rows: int) -> None:
        self.stderr.write(_("%(table)s: %(rows)s rows") % {"table": name, "rows": rows})
