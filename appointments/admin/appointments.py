"""Console screen of appointments. States move only by services; words of patients are for few."""

import re
from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.admin.hours import HoursFilter
from appointments.admin.log import ReminderInline, StepInline
from appointments.enums import State
from appointments.models import Appointment
from clinic.core.columns import money_column, state_column
from clinic.core.console import holds
from clinic.core.masking import mask_name
from clinic.core.roles import Role
from clinic.core.steps import StateAdmin

# Who may read what patients wrote; every reading is in the audit log.
READS_WORDS: Final = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE})
CODE: Final = re.compile(r"[0-9]{6}", re.ASCII)
TONES: Final = {
    State.QUEUED: "info",
    State.OFFERED: "info",
    State.HELD: "warning",
    State.PENDING: "warning",
    State.CONFIRMED: "primary",
    State.IN_PROGRESS: "primary",
    State.COMPLETED: "success",
    State.CANCELLED: "",
    State.NO_SHOW: "danger",
    State.EXPIRED: "",
}


@admin.register(Appointment)
class AppointmentAdmin(StateAdmin):
    """Appointments from the booking to the end, with all their steps."""

    icon, place = "event", 10
    readers = READS_WORDS
    list_display = (
        "code",
        "shown_state",
        "starts_at",
        "kind",
        "branch",
        "doctor",
        "shown_person",
        "source",
        "shown_price",
        "created_at",
    )
    list_filter = (
        "state",
        "kind",
        "branch",
        "doctor",
        "source",
        "cancelled_by",
        "kind__mode",
        HoursFilter,  # last: it looks at what the others leave
    )
    list_select_related = ("kind", "branch", "doctor", "person")
    search_fields = ("code", "order__number", "doctor__name", "public_id")
    search_help_text = _("Code, order number, doctor or id")
    ordering = ("-id",)
    date_hierarchy = "starts_at"
    inlines = (StepInline, ReminderInline)
    readonly_fields = ("shown_state", "shown_person", "shown_price")
    shown_state = state_column("state", _("state"), TONES)
    shown_price = money_column("price_fen", _("price"))
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "shown_state", "state_since"),
                    ("kind", "branch"),
                    ("doctor", "is_doctor_chosen", "hops"),
                    ("shown_person", "source"),
                    ("order", "shown_price"),
                    ("cancelled_by", "moves"),
                    "public_id",
                )
            },
        ),
        (
            _("Times"),
            {
                "fields": (
                    ("starts_at", "ends_at"),
                    ("busy_from", "busy_until"),
                    ("created_at", "expires_at"),
                    ("checked_in_at", "started_at"),
                    ("finished_at", "ended_at"),
                )
            },
        ),
        (
            _("Waiting list"),
            {
                "fields": (
                    ("wanted_from", "wanted_until"),
                    ("wanted_doctor", "queued_at", "priority"),
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add the words of patients for those who may read them."""
        shown = super().get_fieldsets(request, obj)
        if not holds(request, READS_WORDS):
            return shown
        return (*shown, (_("Words"), {"fields": ("requirements", "cancel_reason")}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the people along."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("kind", "branch", "doctor", "person", "order")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Take six digits for a code, which is found by its index; search the rest as usual."""
        if CODE.fullmatch(search_term.strip()):
            return queryset.filter(code=search_term.strip()), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    @display(description=_("visit person"))
    def shown_person(self, row: Appointment) -> str:
        """The name, masked."""
        return mask_name(row.person.name)
