"""Console screen of refunds: two people above a limit, and what waits for a decision."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from clinic.adapters.wechatpay.types import BankCard
from clinic.core.actor import Actor
from clinic.core.columns import money_column, state_column
from clinic.core.steps import ReasonForm, StateAdmin, Step
from payments.admin.roles import MONEY
from payments.admin.words import reason_words
from payments.enums import RefundStatus
from payments.gateways.registry import card_gateway_of
from payments.models import BalanceOffer, Refund
from payments.services.balance_offers import approve_balance, propose_balance
from payments.services.refund_cards import send_to_card
from payments.services.refunds import (
    approve_refund,
    is_second_person,
    reject_refund,
    retry_refund,
    settle_refund_by_staff,
)

REFUND_TONES = {
    RefundStatus.REQUESTED: "warning",
    RefundStatus.APPROVED: "info",
    RefundStatus.SUBMITTED: "info",
    RefundStatus.PROCESSING: "info",
    RefundStatus.SUCCEEDED: "success",
    RefundStatus.FAILED: "danger",
    RefundStatus.NEEDS_STAFF: "danger",
}


class EvidenceForm(ReasonForm):
    """Asks for the reference number of money returned outside."""

    reason = forms.CharField(
        label=_("Reference number"),
        max_length=40,
        widget=ReasonForm.base_fields["reason"].widget,
    )


class CardForm(forms.Form):
    """Asks for the payer's card; it goes to the provider encrypted and is kept nowhere."""

    bank = forms.RegexField(
        r"^[A-Z0-9_]{2,32}$",
        label=_("Code of the bank"),
        help_text=_("As the payment service names it, like ICBC_DEBIT."),
        widget=UnfoldAdminTextInputWidget,
    )
    account = forms.RegexField(
        r"^[0-9]{12,24}$",
        label=_("Card number"),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    holder = forms.CharField(
        label=_("Name on the card"),
        max_length=60,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


def _approve(refund: Refund, actor: Actor, _cleaned: dict[str, Any]) -> None:
    approve_refund(refund.pk, actor=actor)


def _reject(refund: Refund, actor: Actor, cleaned: dict[str, Any]) -> None:
    reject_refund(refund.pk, actor=actor, reason=cleaned["reason"])


def _retry(refund: Refund, actor: Actor, _cleaned: dict[str, Any]) -> None:
    retry_refund(refund.pk, actor=actor)


def _settle(refund: Refund, actor: Actor, cleaned: dict[str, Any]) -> None:
    settle_refund_by_staff(refund.pk, actor=actor, evidence=cleaned["reason"])


def _send_to_card(refund: Refund, actor: Actor, cleaned: dict[str, Any]) -> None:
    card = BankCard(bank_type=cleaned["bank"], account=cleaned["account"], holder=cleaned["holder"])
    send_to_card(refund.pk, card=card, actor=actor)


class WaitsForStaffFilter(admin.SimpleListFilter):
    """The work list: refunds that wait for an approval or a decision."""

    title = _("work list")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002 Django's form
        """Offer one choice."""
        return [("staff", _("waits for staff"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Refund]) -> QuerySet[Refund]:  # noqa: ARG002 Django's form
        """Keep what waits."""
        if self.value() != "staff":
            return queryset
        return queryset.filter(status__in=[RefundStatus.REQUESTED, RefundStatus.NEEDS_STAFF])


def _is_stuck(refund: Refund) -> bool:
    return refund.status == RefundStatus.NEEDS_STAFF


def _can_go_to_card(refund: Refund) -> bool:
    return _is_stuck(refund) and card_gateway_of(refund.attempt.provider) is not None


def _offer(refund: Refund) -> BalanceOffer | None:
    return BalanceOffer.objects.filter(refund=refund).first()


def _did_not_offer(refund: Refund, actor: Actor) -> bool:
    offer = _offer(refund)
    return offer is None or offer.proposed_by_id != actor.user_id


def _offer_balance(refund: Refund, actor: Actor, _cleaned: dict[str, Any]) -> None:
    propose_balance(refund.pk, actor=actor)


def _approve_balance(refund: Refund, actor: Actor, _cleaned: dict[str, Any]) -> None:
    approve_balance(refund.pk, actor=actor)


@admin.register(Refund)
class RefundAdmin(StateAdmin):
    """Money on its way back; large refunds by hand wait for a second person."""

    icon, place = "undo", 30
    list_display = (
        "out_refund_no",
        "order",
        "shown_amount",
        "reason",
        "source",
        "shown_status",
        "created_at",
        "completed_at",
    )
    list_filter = (WaitsForStaffFilter, "status", "reason", "source")
    list_select_related = ("order",)
    search_fields = ("out_refund_no", "public_id", "order__number")
    ordering = ("-id",)
    fields = (
        "out_refund_no",
        "order",
        "attempt",
        "shown_status",
        "shown_amount",
        "shown_failure",
        "reason",
        "source",
        "destination",
        "requested_by",
        "approved_by",
        "created_at",
        "submitted_at",
        "completed_at",
        "next_try_at",
        "tries",
        "gateway_refund_id",
        "billed_on",
        "shown_doctor",
        "shown_income",
    )
    readonly_fields = (
        "shown_status",
        "shown_amount",
        "shown_failure",
        "shown_doctor",
        "shown_income",
    )
    shown_amount = money_column("amount_fen", _("amount"))
    shown_doctor = money_column("from_doctor_fen", _("taken from the doctor"))
    shown_income = money_column("from_income_fen", _("taken from income"))
    shown_status = state_column("status", _("status"), REFUND_TONES)
    steps = (
        Step(
            name="approve",
            label=_("Approve"),
            icon="check",
            run=_approve,
            roles=MONEY,
            when=lambda refund: refund.status == RefundStatus.REQUESTED,
            who=is_second_person,
            asks=_("The money goes back to the payer. This cannot be undone."),
        ),
        Step(
            name="retry",
            label=_("Send again"),
            icon="replay",
            run=_retry,
            roles=MONEY,
            when=lambda refund: refund.status == RefundStatus.NEEDS_STAFF,
        ),
        Step(
            name="settle",
            label=_("Returned outside"),
            icon="task_alt",
            run=_settle,
            roles=MONEY,
            form=EvidenceForm,
            when=lambda refund: refund.status == RefundStatus.NEEDS_STAFF,
        ),
        Step(
            name="to_card",
            label=_("Send to the payer's card"),
            icon="credit_card",
            run=_send_to_card,
            roles=MONEY,
            form=CardForm,
            when=_can_go_to_card,
        ),
        Step(
            name="offer_balance",
            label=_("Offer the balance"),
            icon="account_balance_wallet",
            run=_offer_balance,
            roles=MONEY,
            when=lambda refund: _is_stuck(refund) and _offer(refund) is None,
        ),
        Step(
            name="approve_balance",
            label=_("Put on the balance"),
            icon="verified_user",
            run=_approve_balance,
            roles=MONEY,
            when=lambda refund: _is_stuck(refund) and _offer(refund) is not None,
            who=_did_not_offer,
            asks=_("The money goes to the payer's balance. This cannot be undone."),
        ),
        Step(
            name="reject",
            label=_("Give up"),
            icon="close",
            run=_reject,
            roles=MONEY,
            form=ReasonForm,
            when=lambda refund: refund.status in {RefundStatus.REQUESTED, RefundStatus.NEEDS_STAFF},
            danger=True,
        ),
    )

    @display(description=_("failure"))
    def shown_failure(self, refund: Refund) -> str:
        """Why it needs staff, in words."""
        return reason_words(refund.failure)
