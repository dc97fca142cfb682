"""``manage.py check_invariants``: prove the promises of the database by query."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinic.core.invariants import all_invariants


class Command(BaseCommand):
    """Exit code 0 when every promise holds, 1 otherwise."""

    help = "Check every promise of the database and list breaches by id; exit code 1 on a breach."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Print one line per promise; raise CommandError on a breach."""
        broken = 0
        for item in all_invariants():
            breaches = item.breaches()
            broken += len(breaches)
            mark = self.style.SUCCESS(_("ok")) if not breaches else self.style.ERROR(_("BROKEN"))
            self.stdout.write(f"{item.code}  {mark}  {item.sentence}")
            for line in breaches[:20]:
                self.stdout.write(f"      {line}")
        if broken:
            raise CommandError(_("%(count)s breaches found.") % {"count": broken})
