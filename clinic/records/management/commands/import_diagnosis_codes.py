"""``manage.py import_diagnosis_codes``: take over a published table of diagnoses."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinic.core.terminal import refused
from clinic.records.enums import CodeSystem
from clinic.records.errors import CodeFileError
from clinic.records.services.importing import import_codes

TELL_EVERY = 5000


class Command(BaseCommand):
    """All or nothing; the table becomes the one in use."""

    help = "Import a CSV table of diagnosis codes (columns code, name, is_category)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what it is."""
        parser.add_argument("file", type=Path, help=_("CSV file in UTF-8 with a header"))
        parser.add_argument("--system", required=True, choices=CodeSystem.values)
        parser.add_argument("--edition", required=True, help=_("for example: GB/T 15657-2021"))
        parser.add_argument("--dry-run", action="store_true", help=_("check, store nothing"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Read line by line; say what was done."""
        edition = options["edition"].strip()
        if not 1 <= len(edition) <= 40:
            raise CommandError(_("Name the edition in 1 to 40 characters."))
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as lines:
                done = import_codes(
                    lines,
                    system=options["system"],
                    edition=edition,
                    dry_run=options["dry_run"],
                    tell=self._tell,
                )
        except OSError as error:
            raise refused(error, options["file"]) from None
        except CodeFileError as error:
            raise CommandError(error.detail) from None
        told = _(
            "%(rows)s rows, %(categories)s of them category words; %(added)s new, "
            "%(off)s switched off."
        )
        self.stdout.write(
            told
            % {
                "rows": done.rows,
                "categories": done.categories,
                "added": done.added,
                "off": done.switched_off,
            }
        )
        if options["dry_run"]:
            self.stdout.write(_("Nothing was stored."))

    def _tell(self, rows: int) -> None:
        if rows % TELL_EVERY == 0:
            self.stderr.write(_("%(rows)s rows read") % {"rows": rows})
