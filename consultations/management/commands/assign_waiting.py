"""Look for doctors for waiting consultations, by hand."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinic.core.actor import system_actor
from clinic.settings import rules as numbers
from consultations.enums import Trigger
from consultations.selectors.consultations import by_public_id
from consultations.services.assignment import Attempt, try_assign
from consultations.services.ordering import open_paid
from consultations.services.sweeping import sweep_waiting

OPERATOR = system_actor("assign_waiting command")


class Command(BaseCommand):
    """Try to assign the consultations that wait longest, or one of them."""

    help = "Look for doctors for the consultations that wait longest (or for one)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a limit or the public id of one consultation."""
        parser.add_argument("--limit", type=int, default=numbers.ASSIGNMENT_SWEEP_BATCH)
        parser.add_argument("--consultation", type=UUID, metavar="ID")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one line per consultation and a sum."""
        attempts = (
            self._one(options["consultation"])
            if options["consultation"]
            else self._all(options["limit"])
        )
        for attempt in attempts:
            self.stdout.write(f"{attempt.public_id}: {attempt.outcome} ({attempt.reason})")
        assigned = sum(attempt.outcome == "assigned" for attempt in attempts)
        told = {"assigned": assigned, "all": len(attempts)}
        self.stdout.write(_("%(assigned)s of %(all)s assigned") % told)

    def _all(self, limit: int) -> list[Attempt]:
        if limit < 1:
            raise CommandError(_("Choose a limit of 1 or more."))
        return sweep_waiting(trigger=Trigger.COMMAND, limit=limit, actor=OPERATOR)

    def _one(self, public_id: UUID) -> list[Attempt]:
        consultation = by_public_id(public_id)
        if consultation is None:
            told = _("There is no consultation %(id)s: take its id from the console.")
            raise CommandError(told % {"id": public_id})
        open_paid(consultation.pk, actor=OPERATOR)
        return [try_assign(consultation.pk, trigger=Trigger.COMMAND, actor=OPERATOR)]
