"""``manage.py retention``: remove what was kept for the years of the law."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinic.core.clock import clinic_day, now
from clinic.records.errors import KeptLongerError
from clinic.records.services.retention import keep_only
from clinic.settings import rules

MOST_YEARS = 200


class Command(BaseCommand):
    """Safe to run again; refuses to keep anything for less than the law wants."""

    help = "Empty old dialogue and remove old records, after their years; never earlier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take longer years than the least ones."""
        parser.add_argument(
            "--dialogue-years",
            type=int,
            default=rules.DIALOGUE_KEPT_YEARS,
            help=_("at least %(years)s") % {"years": rules.DIALOGUE_KEPT_YEARS},
        )
        parser.add_argument(
            "--record-years",
            type=int,
            default=rules.RECORD_KEPT_YEARS,
            help=_("at least %(years)s") % {"years": rules.RECORD_KEPT_YEARS},
        )
        parser.add_argument("--dry-run", action="store_true", help=_("count, remove nothing"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Remove and report; exit code 1 when something could not be removed."""
        dialogue, records = options["dialogue_years"], options["record_years"]
        if max(dialogue, records) > MOST_YEARS:
            raise CommandError(_("Choose at most %(years)s years.") % {"years": MOST_YEARS})
        try:
            report = keep_only(
                dialogue_years=dialogue,
                record_years=records,
                now=now(),
                dry_run=options["dry_run"],
                progress=self._tell,
            )
        except KeptLongerError as error:
            raise CommandError(error.detail) from None
        for line in report:
            told = _(
                "%(what)s, kept %(years)s years, before %(day)s: %(found)s, removed %(removed)s"
            )
            self.stdout.write(
                told
                % {
                    "what": line.what,
                    "years": line.years,
                    "day": clinic_day(line.before),
                    "found": line.found,
                    "removed": line.removed,
                }
            )
        if options["dry_run"]:
            self.stdout.write(_("Nothing was removed."))
        elif any(line.removed < line.found for line in report):
            raise CommandError(_("Some could not be removed: see the log, then run it again."))

    def _tell(self, what: str, done: int, total: int) -> None:
        told = {"what": what, "done": done, "all": total}
        self.stderr.write(_("%(what)s: %(done)s of %(all)s") % told)
