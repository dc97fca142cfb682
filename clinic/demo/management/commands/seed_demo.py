"""``manage.py seed_demo``: load the demo data; running it again adds what is missing."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinic.core.clock import now
from clinic.demo.seeding import is_sandbox, seed, write_logins


class Command(BaseCommand):
    """Only for the sandbox: the accounts have a password that everybody knows."""

    help = "Load demo departments, doctors, prices, staff and patients (sandbox only)."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Seed and write the logins into the data folder."""
        if not is_sandbox():
            raise CommandError(
                _("Demo accounts are for the sandbox. Make real ones with manage.py create_staff.")
            )
        logging.disable(logging.INFO)  # what services say of each step is no news at a first start
        try:
            logins = seed(now())
        finally:
            logging.disable(logging.NOTSET)
        write_logins(logins, settings.DATA_DIR)
        self.stdout.write(_("Demo data is in place: %(count)s logins.") % {"count": len(logins)})
