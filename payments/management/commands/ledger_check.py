"""Proves the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from clinic.core.money import display_fen
from payments.enums import AccountKind
from payments.selectors.ledger import totals_by_kind
from payments.services.books import check_ledger


class Command(BaseCommand):
    """Print what the accounts add up to and every broken promise; fail when there is one."""

    help = "Prove that the ledger sums to zero, that balances equal their postings, and the rest."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the totals, then the breaches."""
        words = dict(AccountKind.choices)
        for kind, total in totals_by_kind().items():
            self.stdout.write(f"{display_fen(total):>20}  {words.get(kind, kind)}")
        breaches = check_ledger()
        for breach in breaches:
            self.stderr.write(breach)
        if breaches:
            raise CommandError(
                _("%(count)s promises of the ledger are broken.") % {"count": len(breaches)}
            )
        self.stdout.write(_("Every promise of the ledger holds."))
