"""``manage.py import_holidays FILE``: take over the year's holidays and make-up workdays."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.core.actor import system_actor
from clinic.core.errors import ClinicError
from clinic.core.terminal import refused
from clinic.customer_service.services.holidays import import_holidays


class Command(BaseCommand):
    """Running it again replaces the same days; days a team set for itself stay."""

    help = "Import special days of all teams from a CSV file (date,kind,opens,closes,remark)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", help=_("CSV file in UTF-8"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Read, store and say how many days it were."""
        path = Path(options["file"])
        try:
            text = path.read_text(encoding="utf-8")
            count = import_holidays(text, by=system_actor("import_holidays"))
        except OSError as error:
            raise refused(error, path) from None
        except UnicodeDecodeError:
            told = _("%(file)s is no text in UTF-8: save it as CSV in UTF-8.")
            raise CommandError(told % {"file": path}) from None
        except ClinicError as error:
            raise CommandError(error.detail) from None
        told = ngettext("%(count)s day stored.", "%(count)s days stored.", count)
        self.stdout.write(told % {"count": count})
        self.stdout.write(
            _("Appointments on these holidays are called off and paid back by the worker.")
        )
