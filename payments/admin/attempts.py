"""Console screens of the tries to pay."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.adapters.errors import AdapterError
from clinic.core.actor import Actor
from clinic.core.columns import money_column, state_column
from clinic.core.roles import Role
from clinic.core.steps import StateAdmin, Step
from payments.admin.roles import MONEY
from payments.admin.words import reason_words
from payments.enums import AttemptStatus, EventOutcome
from payments.models import PaymentAttempt
from payments.selectors.orders import odd_payments
from payments.services.staff import query_by_staff

ATTEMPT_TONES = {
    AttemptStatus.SUBMITTED: "warning",
    AttemptStatus.UNKNOWN: "danger",
    AttemptStatus.SUCCEEDED: "success",
    AttemptStatus.FAILED: "danger",
}


def _query(attempt: PaymentAttempt, actor: Actor, _cleaned: dict[str, Any]) -> str | None:
    try:
        outcome = query_by_staff(attempt.pk, actor=actor)
    except AdapterError:
        return gettext("The provider did not answer. Try again later.")
    return None if outcome == EventOutcome.APPLIED else str(outcome.label)


class OddFilter(admin.SimpleListFilter):
    """Payments that do not match or stay open: what the first page counts."""

    title = _("to look at")
    parameter_name = "odd"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002 Django's form
        """Return the one choice."""
        return [("yes", _("Do not match or stay open"))]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002 Django's form
        queryset: QuerySet[PaymentAttempt],
    ) -> QuerySet[PaymentAttempt]:
        """Narrow the list when asked."""
        return queryset.filter(odd_payments()) if self.value() == "yes" else queryset


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(StateAdmin):
    """Tries to pay, each with its number at the provider."""

    icon, place = "payments", 20
    list_display = (
        "out_trade_no",
        "order",
        "provider",
        "channel",
        "shown_amount",
        "shown_status",
        "disposition",
        "created_at",
    )
    list_filter = (OddFilter, "status", "provider", "disposition")
    list_select_related = ("order",)
    search_fields = ("out_trade_no", "gateway_transaction_id", "order__number")
    ordering = ("-id",)
    fields = (
        "out_trade_no",
        "order",
        "shown_status",
        "shown_amount",
        "disposition",
        "provider",
        "channel",
        "merchant",
        "gateway_transaction_id",
        "created_at",
        "time_expire",
        "succeeded_at",
        "billed_on",
        "next_poll_at",
        "poll_count",
        "shown_failure",
    )
    readonly_fields = ("shown_amount", "shown_status", "shown_failure")
    shown_amount = money_column("amount_fen", _("amount"))
    shown_status = state_column("status", _("status"), ATTEMPT_TONES)
    steps = (
        Step(
            name="query",
            label=_("Ask the provider"),
            icon="sync",
            run=_query,
            roles=MONEY | {Role.CUSTOMER_SERVICE},
            when=lambda attempt: attempt.merchant_id is not None,
            in_list=True,
        ),
    )

    @display(description=_("failure"))
    def shown_failure(self, attempt: PaymentAttempt) -> str:
        """Why it failed, in words."""
        return reason_words(attempt.failure)
