"""Console screens of reconciliation: days, offers of the balance."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MinValueValidator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from clinic.core.actor import Actor
from clinic.core.columns import money_column, state_column
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline
from clinic.core.steps import StateAdmin, Step
from payments.admin.roles import MONEY
from payments.admin.words import reason_words
from payments.enums import UNSETTLED_ITEM, RunStatus
from payments.models import BalanceOffer, ReconciliationItem, ReconciliationRun
from payments.selectors.bills import settled_of_day
from payments.services.reconciliation import reconcile, sign_off
from payments.services.settlements import record_settlement

RUN_TONES = {
    RunStatus.RUNNING: "info",
    RunStatus.FAILED: "warning",
    RunStatus.DIFFERENT: "danger",
    RunStatus.CLEAN: "success",
    RunStatus.SIGNED_OFF: "success",
}
SIGNABLE = frozenset({RunStatus.CLEAN, RunStatus.DIFFERENT})


class SettlementForm(forms.Form):
    """Asks what the provider paid out for a day and what he kept."""

    bank = forms.DecimalField(
        label=_("Arrived at the bank (yuan)"),
        max_digits=11,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        widget=UnfoldAdminDecimalFieldWidget,
    )
    fee = forms.DecimalField(
        label=_("Fee (yuan)"),
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        widget=UnfoldAdminDecimalFieldWidget,
    )

    def clean(self) -> dict[str, Any]:
        """A settlement moves money."""
        cleaned = super().clean() or {}
        if not self.errors and cleaned["bank"] + cleaned["fee"] == 0:
            raise forms.ValidationError(_("Give the amount that was settled."))
        return cleaned


def _again(run: ReconciliationRun, _actor: Actor, _cleaned: dict[str, Any]) -> str | None:
    found = reconcile(run.merchant, run.bill_date)
    return str(found.get_status_display()) if found.status == RunStatus.FAILED else None


def _sign_off(run: ReconciliationRun, actor: Actor, _cleaned: dict[str, Any]) -> None:
    sign_off(run.pk, actor=actor)


def _settle(run: ReconciliationRun, actor: Actor, cleaned: dict[str, Any]) -> None:
    record_settlement(
        run.pk,
        bank_fen=int(cleaned["bank"] * 100),
        fee_fen=int(cleaned["fee"] * 100),
        actor=actor,
    )


def _can_settle(run: ReconciliationRun) -> bool:
    """By hand only what no bill of movements told."""
    is_compared = run.status in SIGNABLE | {RunStatus.SIGNED_OFF}
    return is_compared and settled_of_day(run) is None


class ItemInline(ReadOnlyInline):
    """Differences of a day."""

    model = ReconciliationItem
    fields = ("kind", "verdict", "number", "shown_gateway", "shown_ours", "state", "shown_how")
    readonly_fields = fields
    ordering = ("id",)

    @display(description=_("resolution"))
    def shown_how(self, item: ReconciliationItem) -> str:
        """How it ended, in words."""
        return reason_words(item.resolution)

    shown_gateway = money_column("gateway_fen", _("by the bill"))
    shown_ours = money_column("our_fen", _("by our books"))


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(StateAdmin):
    """Days compared with the provider's bill; one with open differences cannot be signed off."""

    icon, place = "fact_check", 52
    list_display = (
        "bill_date",
        "merchant",
        "shown_status",
        "line_count",
        "matched_count",
        "shown_open",
        "shown_paid",
        "shown_refunded",
        "signed_off_at",
    )
    list_filter = ("status", "merchant", "bill_date")
    list_select_related = ("merchant",)
    ordering = ("-bill_date", "-id")
    date_hierarchy = "bill_date"
    inlines = (ItemInline,)
    fields = (
        "merchant",
        "bill_date",
        "shown_status",
        "shown_failure",
        "line_count",
        "matched_count",
        "shown_paid",
        "shown_our_paid",
        "shown_refunded",
        "shown_our_refunded",
        "shown_fee",
        "shown_payout",
        "started_at",
        "finished_at",
        "signed_off_by",
        "signed_off_at",
    )
    readonly_fields = (
        "shown_status",
        "shown_failure",
        "shown_paid",
        "shown_our_paid",
        "shown_refunded",
        "shown_our_refunded",
        "shown_fee",
        "shown_payout",
    )
    shown_status = state_column("status", _("status"), RUN_TONES)
    shown_paid = money_column("gateway_paid_fen", _("paid, by the bill"))
    shown_our_paid = money_column("our_paid_fen", _("paid, by our books"))
    shown_refunded = money_column("gateway_refunded_fen", _("refunded, by the bill"))
    shown_our_refunded = money_column("our_refunded_fen", _("refunded, by our books"))
    shown_fee = money_column("gateway_fee_fen", _("fees, by the bill"))
    shown_payout = money_column("gateway_payout_fen", _("paid out to the bank"))
    steps = (
        Step(
            name="again",
            label=_("Compare again"),
            icon="sync",
            run=_again,
            roles=MONEY,
            when=lambda run: run.status != RunStatus.SIGNED_OFF,
        ),
        Step(
            name="sign_off",
            label=_("Sign off"),
            icon="verified",
            run=_sign_off,
            roles=MONEY,
            when=lambda run: run.status in SIGNABLE,
        ),
        Step(
            name="settle",
            label=_("Settled to the bank"),
            icon="account_balance",
            run=_settle,
            roles=MONEY,
            form=SettlementForm,
            when=_can_settle,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReconciliationRun]:
        """Count the open differences with the rows."""
        is_open = Q(items__state__in=UNSETTLED_ITEM)
        rows: QuerySet[ReconciliationRun] = super().get_queryset(request)
        return rows.annotate(open_count=Count("items", filter=is_open))

    @display(description=_("failure"))
    def shown_failure(self, run: ReconciliationRun) -> str:
        """Why the day could not be compared, in words."""
        return reason_words(run.failure)

    @display(description=_("open"))
    def shown_open(self, run: Any) -> int:
        """How many differences are open."""
        return int(run.open_count)


@admin.register(BalanceOffer)
class BalanceOfferAdmin(ReadOnlyAdmin):
    """Stuck refunds offered to the payer's balance: proposed, consented, approved."""

    icon, place = "handshake", 35
    list_display = ("refund", "proposed_by", "created_at", "consented_at", "approved_by")
    list_select_related = ("refund", "proposed_by", "approved_by")
    search_fields = ("refund__out_refund_no",)
    ordering = ("-id",)
