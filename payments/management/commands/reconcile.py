"""Compares a day with the bills of the providers."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.core.clock import clinic_day, now
from payments.enums import RunStatus
from payments.models import ReconciliationRun
from payments.services.reconciliation import reconcile_day


class Command(BaseCommand):
    """Compare one day of every merchant; yesterday unless told otherwise."""

    help = "Compare a day with the bills of the payment providers. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day."""
        parser.add_argument("--date", type=_day, help="day in Asia/Shanghai, YYYY-MM-DD")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one line per merchant; fail when a day does not agree."""
        day = options["date"] or clinic_day(now()) - timedelta(days=1)
        reconcile_day(day)
        runs = ReconciliationRun.objects.filter(bill_date=day).select_related("merchant")
        for run in runs.order_by("merchant_id"):
            open_items = run.items.filter(state="open").count()
            self.stdout.write(
                f"{run.merchant.name}: {run.status}, {run.line_count} lines, "
                f"{run.matched_count} agree, {open_items} open {run.failure}".rstrip()
            )
        if runs.filter(status__in=[RunStatus.DIFFERENT, RunStatus.FAILED]).exists():
            raise CommandError(f"{day} does not agree with the bills")


def _day(text: str) -> date:
    return date.fromisoformat(text)
