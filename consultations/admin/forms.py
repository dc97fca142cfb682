"""What the console asks before it does something with a case."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from clinic.core.clock import now
from clinic.core.steps import ReasonForm
from clinic.settings import rules
from doctors.models import Doctor


class DoctorForm(forms.Form):
    """Asks for a doctor with room."""

    doctor = forms.ModelChoiceField(
        label=_("Doctor"), queryset=Doctor.objects.none(), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer those who have room, least loaded first."""
        super().__init__(*args, **kwargs)
        rows = Doctor.objects.allowed_to_work(now()).with_room()  # type: ignore[attr-defined]
        self.fields["doctor"].queryset = rows.by_load()  # type: ignore[attr-defined]


class NamedDoctorForm(DoctorForm):
    """Asks for a doctor and why it is he."""

    reason = forms.CharField(
        label=_("Why this doctor?"),
        max_length=rules.ASSIGN_REASON_MAX_CHARS,
        widget=UnfoldAdminTextInputWidget,
    )


class AmountForm(ReasonForm):
    """Asks how much goes back, and why."""

    amount = forms.DecimalField(
        label=_("Amount to refund (yuan)"),
        help_text=_("0 refuses the refund."),
        min_value=Decimal(0),
        max_digits=9,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    field_order = ("amount", "reason")
