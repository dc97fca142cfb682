"""``manage.py export_reads --from 2026-10-01 --to 2026-10-31 --out FILE``."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.core.actor import system_actor
from clinic.core.sheets import BOM, safe_cell
from clinic.core.terminal import day, refused, replaced
from clinic.privacy.errors import PeriodError
from clinic.privacy.selectors.reads import COLUMNS, Line, lines, reads_between
from clinic.privacy.services.users import note_file

STEP: Final = 10_000  # rows between two words of progress


class Command(BaseCommand):
    """Row by row; the file of a former run is replaced when the new one is whole."""

    help = "Write who opened which patient's data on these clinic days as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the days, both included, and a file."""
        parser.add_argument("--from", dest="since", type=day, required=True)
        parser.add_argument("--to", dest="until", type=day, required=True)
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Write and count."""
        since, until, out = options["since"], options["until"], options["out"]
        if until < since:
            raise CommandError(PeriodError().detail)
        try:
            with replaced(out) as target:
                count = self._write(lines(reads_between(since, until)), target)
        except OSError as error:
            raise refused(error, out) from None
        note_file(by=system_actor("export_reads"), kind="reads", since=since, until=until)
        told = ngettext("%(count)s row in %(file)s", "%(count)s rows in %(file)s", count)
        self.stdout.write(told % {"count": count, "file": out})

    def _write(self, rows: Iterator[Line], target: TextIO) -> int:
        target.write(BOM)
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        count = 0
        for count, line in enumerate(rows, start=1):
            writer.writerow([safe_cell(cell) for cell in line])
            if count % STEP == 0:
                told = {"table": "reads", "rows": count}
                self.stderr.write(_("%(table)s: %(rows)s rows") % told)
        return count
