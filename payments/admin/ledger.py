"""Console screens of the books: to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.columns import money_column
from clinic.core.money import display_fen
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline
from payments.models import (
    LedgerAccount,
    LedgerPosting,
    LedgerTransaction,
    RecognisedIncome,
)
from payments.selectors.ledger import sum_of


class PostingInline(ReadOnlyInline):
    """The legs of a booking."""

    model = LedgerPosting
    fields = ("account", "shown_amount", "sequence", "shown_balance")
    readonly_fields = fields
    show_change_link = False
    shown_amount = money_column("amount_fen", _("amount"))
    shown_balance = money_column("balance_after_fen", _("balance after"))


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(ReadOnlyAdmin):
    """Bookings; their legs sum to zero."""

    icon, place = "account_balance", 60
    list_display = ("created_at", "kind", "order", "refund")
    list_filter = ("kind",)
    list_select_related = ("order", "refund")
    search_fields = ("key", "order__number")
    ordering = ("-id",)
    inlines = (PostingInline,)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnlyAdmin):
    """Accounts of the ledger."""

    icon, place = "account_balance_wallet", 70
    list_display = ("__str__", "code", "shown_balance", "created_at")
    list_filter = ("kind",)
    search_fields = ("code",)
    ordering = ("id",)
    fields = ("code", "kind", "shown_balance", "shown_total", "last_sequence", "created_at")
    readonly_fields = ("shown_balance", "shown_total")
    shown_balance = money_column("balance_fen", _("balance"))

    @display(description=_("sum of all movements"))
    def shown_total(self, account: LedgerAccount) -> str:
        """What the account adds up to; only wallets keep it, so it is summed for one page."""
        return display_fen(sum_of(account))


@admin.register(RecognisedIncome)
class RecognisedIncomeAdmin(ReadOnlyAdmin):
    """How the money of completed services was split."""

    icon, place = "pie_chart", 80
    list_display = ("order", "shown_doctor", "shown_clinic", "created_at")
    list_select_related = ("order",)
    search_fields = ("order__number", "doctor_user_public_id")
    ordering = ("-id",)
    shown_doctor = money_column("doctor_fen", _("doctor"))
    shown_clinic = money_column("clinic_fen", _("clinic"))
