"""Console screen of appointment types."""

from datetime import timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from appointments.models import AppointmentType
from appointments.rules import DESK_ADVANCE
from appointments.services.displacing import withdraw_type
from clinic.core.actor import Actor
from clinic.core.columns import money_column
from clinic.core.money import MAX_AMOUNT_FEN
from clinic.core.screens import HouseAdmin
from clinic.core.steps import Step, Steps

# What the database promises, said before it refuses.
LIMITS: Final = {
    "duration_minutes": (5, 720),
    "step_minutes": (5, 720),
    "buffer_before_minutes": (0, 240),
    "buffer_after_minutes": (0, 240),
    "capacity": (1, 200),
    "price_fen": (0, MAX_AMOUNT_FEN),
}
FURTHEST: Final = timedelta(seconds=DESK_ADVANCE)


LENGTH = _("Days, then hours:minutes:seconds: 0:30:00 is half an hour, 2 0:00:00 two days.")


class AppointmentTypeForm(forms.ModelForm):
    """A type whose numbers can be worked with."""

    class Meta:
        widgets: ClassVar = {"reminders": UnfoldAdminTextInputWidget}
        help_texts: ClassVar = dict.fromkeys(
            ("min_notice", "max_advance", "free_cancel_before", "waiting_timeout"), LENGTH
        )

    def clean(self) -> dict[str, Any]:
        """Refuse numbers beyond their limits."""
        cleaned = super().clean() or {}
        for name, (low, high) in LIMITS.items():
            value = cleaned.get(name)
            if value is not None and not low <= value <= high:
                limits = {"low": low, "high": high}
                self.add_error(name, _("Write a number from %(low)s to %(high)s.") % limits)
        notice, advance = cleaned.get("min_notice"), cleaned.get("max_advance")
        if notice is not None and notice < timedelta(0):
            self.add_error("min_notice", _("A notice is not negative."))
        if advance is not None and not timedelta(0) < advance <= FURTHEST:
            self.add_error("max_advance", _("Bookings open up to a year ahead."))
        waiting = cleaned.get("waiting_timeout")
        if waiting is not None and not timedelta(0) < waiting <= FURTHEST:
            self.add_error("waiting_timeout", _("People wait for up to a year."))
        if (minutes := cleaned.get("reminders")) is not None:
            cleaned["reminders"] = sorted(set(minutes), reverse=True)
        return cleaned


def _withdraw(kind: AppointmentType, actor: Actor, _cleaned: dict[str, Any]) -> None:
    withdraw_type(kind.pk, by=actor)


@admin.register(AppointmentType)
class AppointmentTypeAdmin(Steps, HouseAdmin):
    """What can be booked. Switched off it takes no bookings; those it has stay unless withdrawn."""

    steps = (
        Step(
            name="withdraw",
            label=_("Cancel what is booked"),
            icon="event_busy",
            run=_withdraw,
            when=lambda kind: not kind.is_active,
            asks=_("All appointments ahead are cancelled and paid back in full."),
            danger=True,
        ),
    )

    icon, place = "medical_services", 50
    form = AppointmentTypeForm
    list_display = (
        "code",
        "name_zh",
        "name_en",
        "mode",
        "duration_minutes",
        "capacity",
        "shown_price",
        "is_active",
    )
    list_filter = ("mode", "is_active")
    search_fields = ("code", "name_zh", "name_en")
    autocomplete_fields = ("doctors", "branches")
    shown_price = money_column("price_fen", _("price"))
    fields = (
        ("code", "mode"),
        ("name_zh", "name_en"),
        "description_zh",
        "description_en",
        ("duration_minutes", "step_minutes", "capacity"),
        ("buffer_before_minutes", "buffer_after_minutes"),
        ("min_notice", "max_advance"),
        ("free_cancel_before", "needs_acceptance"),
        "price_fen",
        ("waiting_way", "waiting_timeout"),
        "reminders",
        "doctors",
        "branches",
        ("position", "is_active"),
    )
