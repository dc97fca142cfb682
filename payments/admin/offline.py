"""Console screens of payments outside: those that wait for a second person, and the proofs."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.actor import Actor
from clinic.core.columns import state_column
from clinic.core.money import display_fen
from clinic.core.screens import ReadOnlyAdmin
from clinic.core.steps import ReasonForm, StateAdmin, Step
from payments.admin.roles import MONEY
from payments.enums import ClaimState
from payments.models import OfflineClaim, OfflineProof
from payments.services.offline_claims import confirm_claim, reject_claim

CLAIM_TONES = {
    ClaimState.WAITING: "warning",
    ClaimState.CONFIRMED: "success",
    ClaimState.REJECTED: "danger",
}


def _confirm(claim: OfflineClaim, actor: Actor, _cleaned: dict[str, Any]) -> None:
    confirm_claim(claim.pk, actor=actor)


def _reject(claim: OfflineClaim, actor: Actor, cleaned: dict[str, Any]) -> None:
    reject_claim(claim.pk, actor=actor, reason=cleaned["reason"])


def _waits(claim: OfflineClaim) -> bool:
    return claim.state == ClaimState.WAITING


@admin.register(OfflineClaim)
class OfflineClaimAdmin(StateAdmin):
    """Large payments outside: who reports one cannot confirm it."""

    icon, place = "fact_check", 24
    list_display = (
        "reference",
        "kind",
        "order",
        "shown_amount",
        "shown_state",
        "claimed_by",
        "decided_by",
        "created_at",
    )
    list_filter = ("state", "kind")
    list_select_related = ("order", "claimed_by", "decided_by")
    search_fields = ("reference", "order__number")
    ordering = ("-id",)
    exclude = ("state",)
    readonly_fields = ("shown_state", "shown_amount")
    shown_state = state_column("state", _("state"), CLAIM_TONES)
    steps = (
        Step(
            name="confirm",
            label=_("Confirm"),
            icon="verified",
            run=_confirm,
            roles=MONEY,
            when=_waits,
            who=lambda claim, actor: claim.claimed_by_id != actor.user_id,
            asks=_("The order counts as paid by this receipt. This cannot be undone."),
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

    @display(description=_("amount"))
    def shown_amount(self, claim: OfflineClaim) -> str:
        """What the order costs."""
        return display_fen(claim.order.amount_fen)


@admin.register(OfflineProof)
class OfflineProofAdmin(ReadOnlyAdmin):
    """Money at the desk or the bank, with its receipt."""

    icon, place = "point_of_sale", 25
    list_display = (
        "reference",
        "kind",
        "attempt",
        "received_at",
        "confirmed_by",
        "approved_by",
    )
    list_filter = ("kind",)
    list_select_related = ("attempt", "confirmed_by", "approved_by")
    search_fields = ("reference", "attempt__out_trade_no", "attempt__order__number")
    ordering = ("-id",)
