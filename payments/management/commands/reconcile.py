"""Compares a day with the bills of the providers."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from clinic.core.clock import clinic_day, now
from clinic.core.terminal import day
from payments.enums import ItemState, RunFailure, RunStatus
from payments.models import ReconciliationRun
from payments.services.reconciliation import reconcile_day


class Command(BaseCommand):
    """Compare one day of every merchant; yesterday unless told otherwise."""

    help = "Compare a day with the bills of the payment providers. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day."""
        parser.add_argument("--date", type=day, help=_("day in Asia/Shanghai, YYYY-MM-DD"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one line per merchant; fail when a day does not agree."""
        today = clinic_day(now())
        wanted = options["date"] or today - timedelta(days=1)
        if wanted > today:
            told = _("%(day)s has not come yet: choose an earlier day.")
            raise CommandError(told % {"day": wanted})
        reconcile_day(wanted)
        runs = ReconciliationRun.objects.filter(bill_date=wanted).select_related("merchant")
        for run in runs.order_by("merchant_id"):
            self.stdout.write(_line(run))
        if runs.filter(failure=RunFailure.NO_BILL_YET).exists():
            raise CommandError(str(RunFailure.NO_BILL_YET.label))
        if runs.filter(status__in=[RunStatus.DIFFERENT, RunStatus.FAILED]).exists():
            raise CommandError(_("%(day)s does not agree with the bills.") % {"day": wanted})


def _line(run: ReconciliationRun) -> str:
    told = _("%(merchant)s: %(status)s, lines: %(lines)s, agree: %(agree)s, open: %(open)s") % {
        "merchant": run.merchant.name,
        "status": run.get_status_display(),
        "lines": run.line_count,
        "agree": run.matched_count,
        "open": run.items.filter(state=ItemState.OPEN).count(),
    }
    if run.failure == RunFailure.NO_BILL_YET:
        return told  # the last line says it once for all
    why = dict(RunFailure.choices).get(run.failure, run.failure)
    return f"{told} {why}".rstrip()
