"""Console screen of differences between bills and books."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from clinic.core.actor import Actor
from clinic.core.columns import money_column, state_column
from clinic.core.steps import ReasonForm, StateAdmin, Step
from payments.admin.roles import MONEY
from payments.admin.words import reason_words
from payments.enums import ClaimState, ClearingTarget, ItemState
from payments.models import ReconciliationItem
from payments.services.clearings import propose_clearing
from payments.services.movements import (
    BOOKED,
    confirm_booking,
    decline_booking,
    is_bookable,
    is_booked_apart,
    propose_booking,
)
from payments.services.reconciliation import resolve_item

ITEM_TONES = {
    ItemState.OPEN: "danger",
    ItemState.PROPOSED: "warning",
    ItemState.HEALED: "info",
    ItemState.RESOLVED: "success",
}


def _resolve(item: ReconciliationItem, actor: Actor, cleaned: dict[str, Any]) -> None:
    resolve_item(item.pk, actor=actor, resolution=cleaned["reason"])


def _propose(item: ReconciliationItem, actor: Actor, _cleaned: dict[str, Any]) -> None:
    propose_booking(item.pk, actor=actor)


def _confirm(item: ReconciliationItem, actor: Actor, _cleaned: dict[str, Any]) -> None:
    confirm_booking(item.pk, actor=actor)


def _decline(item: ReconciliationItem, actor: Actor, _cleaned: dict[str, Any]) -> None:
    decline_booking(item.pk, actor=actor)


def _explain(item: ReconciliationItem, actor: Actor, cleaned: dict[str, Any]) -> None:
    propose_clearing(
        item.pk,
        target=ClearingTarget(cleaned["target"]),
        why=cleaned["reason"],
        actor=actor,
    )


class ExplainForm(ReasonForm):
    """Asks what a movement was, and how that is known."""

    target = forms.ChoiceField(
        label=_("What it was"), choices=ClearingTarget.choices, widget=UnfoldAdminSelectWidget
    )


class ApartFilter(admin.SimpleListFilter):
    """Movements that stand as money without an order until somebody says what they were."""

    title, parameter_name = _("money without an order"), "apart"

    def lookups(self, *_args: Any) -> list[tuple[str, Any]]:
        """One choice."""
        return [("yes", _("Not explained yet"))]

    def queryset(
        self, _request: HttpRequest, rows: QuerySet[ReconciliationItem]
    ) -> QuerySet[ReconciliationItem]:
        """Those that two people booked and whose explanation nobody has confirmed."""
        if self.value() != "yes":
            return rows
        explained = Q(clearings__state=ClaimState.CONFIRMED)
        return rows.filter(state=ItemState.RESOLVED, resolution=BOOKED).exclude(explained)


def _is_open(item: ReconciliationItem) -> bool:
    return item.state == ItemState.OPEN


def _is_proposed(item: ReconciliationItem) -> bool:
    return item.state == ItemState.PROPOSED


@admin.register(ReconciliationItem)
class ReconciliationItemAdmin(StateAdmin):
    """The work list of differences between bills and books."""

    icon, place = "difference", 54
    list_display = (
        "number",
        "shown_day",
        "kind",
        "verdict",
        "shown_gateway",
        "shown_ours",
        "shown_state",
    )
    list_filter = ("state", ApartFilter, "verdict", "kind", "run__merchant")
    list_select_related = ("run", "run__merchant")
    search_fields = ("number", "gateway_number", "public_id")
    ordering = ("-id",)
    fields = (
        "run",
        "kind",
        "verdict",
        "shown_state",
        "number",
        "gateway_number",
        "shown_gateway",
        "shown_ours",
        "attempt",
        "refund",
        "shown_how",
        "proposed_by",
        "resolved_by",
        "resolved_at",
    )
    readonly_fields = ("shown_gateway", "shown_ours", "shown_state", "shown_how")
    shown_gateway = money_column("gateway_fen", _("by the bill"))
    shown_ours = money_column("our_fen", _("by our books"))
    shown_state = state_column("state", _("state"), ITEM_TONES)
    steps = (
        Step(
            name="resolve",
            label=_("Resolve"),
            icon="task_alt",
            run=_resolve,
            roles=MONEY,
            form=ReasonForm,
            when=_is_open,
        ),
        Step(
            name="propose",
            label=_("Book as money without an order"),
            icon="post_add",
            run=_propose,
            roles=MONEY,
            when=lambda item: _is_open(item) and is_bookable(item),
        ),
        Step(
            name="confirm",
            label=_("Confirm the booking"),
            icon="verified",
            run=_confirm,
            roles=MONEY,
            when=_is_proposed,
        ),
        Step(
            name="decline",
            label=_("Do not book"),
            icon="close",
            run=_decline,
            roles=MONEY,
            when=_is_proposed,
            danger=True,
        ),
        Step(
            name="explain",
            label=_("Say what the money was"),
            icon="rule_settings",
            run=_explain,
            roles=MONEY,
            form=ExplainForm,
            when=is_booked_apart,
        ),
    )

    @display(description=_("resolution"))
    def shown_how(self, item: ReconciliationItem) -> str:
        """How it ended, in words."""
        return reason_words(item.resolution)

    @display(description=_("day"))
    def shown_day(self, item: ReconciliationItem) -> str:
        """The day of the bill."""
        return str(item.run)
