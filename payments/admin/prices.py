"""Console screen of prices."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.admin import (
    HouseAdmin,
    money_column,
)
from payments.models import (
    PriceRule,
)
from payments.services.prices import end_predecessor


@admin.register(PriceRule)
class PriceRuleAdmin(HouseAdmin):
    """Prices. A new one ends the open one before it; what overlaps otherwise is refused."""

    icon, place = "sell", 40
    list_display = (
        "service",
        "scope",
        "shown_target",
        "shown_amount",
        "valid_from",
        "valid_until",
        "is_active",
    )
    list_filter = ("service", "scope", "is_active")
    ordering = ("-id",)
    fields = (
        "service",
        "scope",
        "doctor_public_id",
        "level",
        "department_code",
        "amount_fen",
        "valid_from",
        "valid_until",
        "is_active",
        "note",
    )
    shown_amount = money_column("amount_fen", _("amount"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 Django's form
        """A stored price can only be ended."""
        return self.fields[:7] if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Make room for a new price before it is stored."""
        if not change:
            end_predecessor(obj)
        super().save_model(request, obj, form, change)

    @display(description=_("for"))
    def shown_target(self, rule: PriceRule) -> str:
        """Whom the price is for."""
        return str(rule.doctor_public_id or rule.level or rule.department_code or "")
