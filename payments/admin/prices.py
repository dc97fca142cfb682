"""Console screen of prices."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from clinic.core.changes import Naming, name_by
from clinic.core.columns import money_column
from clinic.core.money import MAX_AMOUNT_FEN
from clinic.core.screens import HouseAdmin
from payments.admin.words import level_words, service_words
from payments.models import (
    PriceRule,
)
from payments.services.prices import end_predecessor


class PriceForm(forms.ModelForm):
    """A price as staff writes it: in yuan."""

    amount = forms.DecimalField(
        label=_("Amount (yuan)"),
        min_value=0,
        max_value=MAX_AMOUNT_FEN // 100,
        decimal_places=2,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    class Meta:
        model = PriceRule
        exclude = ("amount_fen",)  # noqa: DJ006 the fields shown stand in the admin

    def clean(self) -> dict[str, Any]:
        """A new price has an amount; it is stored in fen."""
        cleaned = super().clean() or {}
        amount = cleaned.get("amount")
        if self.instance.pk is None:
            if amount is None and "amount" not in self.errors:
                self.add_error("amount", _("Give the price; nought is free of charge."))
            self.instance.amount_fen = int((amount or 0) * 100)
        return cleaned


@admin.register(PriceRule)
class PriceRuleAdmin(HouseAdmin):
    """Prices. A new one ends the open one before it; what overlaps otherwise is refused."""

    icon, place = "sell", 40
    list_display = (
        "shown_service",
        "scope",
        "shown_target",
        "shown_amount",
        "valid_from",
        "valid_until",
        "is_active",
    )
    list_filter = ("service", "scope", "is_active")
    ordering = ("-id",)
    form = PriceForm
    fields = (
        "service",
        "scope",
        "doctor_public_id",
        "level",
        "department_code",
        "amount",
        "valid_from",
        "valid_until",
        "is_active",
        "note",
    )
    shown_amount = money_column("amount_fen", _("amount"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 Django's form
        """A stored price can only be ended."""
        return (*self.fields[:5], "shown_amount", "valid_from") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 Django's form
        """The amount of a stored price is shown, never asked for."""
        return tuple("shown_amount" if obj and name == "amount" else name for name in self.fields)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Make room for a new price before it is stored."""
        if not change:
            end_predecessor(obj)
        super().save_model(request, obj, form, change)

    @display(description=_("service"), ordering="service")
    def shown_service(self, rule: PriceRule) -> str:
        """The service in words."""
        return service_words(rule.service)

    @display(description=_("for"))
    def shown_target(self, rule: PriceRule) -> str:
        """Whom the price is for."""
        return str(rule.doctor_public_id or level_words(rule.level) or rule.department_code or "")


def _price_in_history(rule: PriceRule) -> str:
    target = rule.doctor_public_id or level_words(rule.level) or rule.department_code
    told = [
        service_words(rule.service),
        rule.get_scope_display(),
        *([str(target)] if target else []),
    ]
    return " / ".join(told)


name_by(PriceRule, Naming(name=_price_in_history))
