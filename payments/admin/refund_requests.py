"""Console screen of what payers ask to get back."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.actor import Actor
from clinic.core.columns import money_column, state_column
from clinic.core.masking import mask_name, mask_phone
from clinic.core.steps import ReasonForm, StateAdmin, Step
from payments.admin.roles import MONEY
from payments.enums import RequestState
from payments.models import RefundRequest
from payments.services.refund_requests import grant_request, refuse_request

REQUEST_TONES = {
    RequestState.WAITING: "warning",
    RequestState.GRANTED: "success",
    RequestState.REFUSED: "danger",
}


def _grant(request: RefundRequest, actor: Actor, _cleaned: dict[str, Any]) -> None:
    grant_request(request.pk, actor=actor)


def _refuse(request: RefundRequest, actor: Actor, cleaned: dict[str, Any]) -> None:
    refuse_request(request.pk, actor=actor, reason=cleaned["reason"])


def _waits(request: RefundRequest) -> bool:
    return request.state == RequestState.WAITING


@admin.register(RefundRequest)
class RefundRequestAdmin(StateAdmin):
    """Requests of payers; above the limit the refund still needs a second person."""

    icon, place = "contact_support", 28
    list_display = (
        "order",
        "shown_payer",
        "shown_amount",
        "reason",
        "shown_state",
        "created_at",
        "decided_by",
    )
    list_filter = ("state",)
    list_select_related = ("order", "order__payer", "decided_by")
    search_fields = ("order__number", "public_id")
    ordering = ("-id",)
    fields = (
        "order",
        "shown_payer",
        "shown_amount",
        "reason",
        "shown_state",
        "created_at",
        "decided_by",
        "decided_at",
        "refund",
    )
    readonly_fields = ("shown_payer", "shown_amount", "shown_state")
    shown_amount = money_column("amount_fen", _("amount"))
    shown_state = state_column("state", _("state"), REQUEST_TONES)
    steps = (
        Step(
            name="grant",
            label=_("Refund"),
            icon="check",
            run=_grant,
            roles=MONEY,
            when=_waits,
            asks=_("The amount asked for goes back to the payer. This cannot be undone."),
        ),
        Step(
            name="refuse",
            label=_("Refuse"),
            icon="close",
            run=_refuse,
            roles=MONEY,
            form=ReasonForm,
            when=_waits,
            danger=True,
        ),
    )

    @display(description=_("payer"))
    def shown_payer(self, request: RefundRequest) -> str:
        """Who asks, masked."""
        payer = request.order.payer
        return f"{mask_name(payer.name)} · {mask_phone(payer.phone)}"
