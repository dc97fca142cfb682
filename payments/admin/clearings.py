"""Console screen of movements that were explained: who says what one was cannot confirm it."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clinic.core.actor import Actor
from clinic.core.columns import money_column, state_column
from clinic.core.steps import ReasonForm, StateAdmin, Step
from payments.admin.offline import CLAIM_TONES
from payments.admin.roles import MONEY
from payments.enums import ClaimState
from payments.models import SuspenseClearing
from payments.services.clearings import confirm_clearing, reject_clearing


def _confirm(clearing: SuspenseClearing, actor: Actor, _cleaned: dict[str, Any]) -> None:
    confirm_clearing(clearing.pk, actor=actor)


def _reject(clearing: SuspenseClearing, actor: Actor, cleaned: dict[str, Any]) -> None:
    reject_clearing(clearing.pk, actor=actor, reason=cleaned["reason"])


def _waits(clearing: SuspenseClearing) -> bool:
    return clearing.state == ClaimState.WAITING


@admin.register(SuspenseClearing)
class SuspenseClearingAdmin(StateAdmin):
    """Money without an order on its way to where it belongs."""

    icon, place = "rule_settings", 55
    list_display = (
        "shown_number",
        "target",
        "shown_amount",
        "shown_state",
        "proposed_by",
        "decided_by",
        "created_at",
    )
    list_filter = ("state", "target")
    list_select_related = ("item", "proposed_by", "decided_by")
    search_fields = ("item__number", "item__gateway_number")
    ordering = ("-id",)
    fields = (
        "item",
        "target",
        "shown_amount",
        "why",
        "shown_state",
        "proposed_by",
        "created_at",
        "decided_by",
        "decided_at",
    )
    readonly_fields = ("shown_amount", "shown_state")
    shown_amount = money_column("amount_fen", _("amount"))
    shown_state = state_column("state", _("state"), CLAIM_TONES)
    steps = (
        Step(
            name="confirm",
            label=_("Confirm"),
            icon="verified",
            run=_confirm,
            roles=MONEY,
            when=_waits,
            who=lambda clearing, actor: clearing.proposed_by_id != actor.user_id,
            asks=_("The money is booked to what it was. This cannot be undone."),
        ),
        Step(
            name="reject",
            label=_("Do not accept"),
            icon="close",
            run=_reject,
            roles=MONEY,
            form=ReasonForm,
            when=_waits,
            danger=True,
        ),
    )

    @admin.display(description=_("number"), ordering="item__number")
    def shown_number(self, clearing: SuspenseClearing) -> str:
        """The number of the movement at the provider."""
        return clearing.item.number
