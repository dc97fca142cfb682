"""Console screens of the operation log and of what is told about appointments."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.enums import Act, CancelledBy
from appointments.models import AppointmentStep, CalendarFeed, Reminder
from appointments.selectors.log import SHOWN, part_of, side_of_step, with_changes, words_of
from clinic.core.columns import duration_column, pill, state_column
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline

ACTS = {
    Act.ACCEPTED: "success",
    Act.FINISHED: "success",
    Act.CANCELLED: "danger",
    Act.MISSED: "danger",
    Act.HOLD_EXPIRED: "warning",
    Act.OFFER_EXPIRED: "warning",
    Act.TIMED_OUT: "warning",
    Act.DISPLACED: "warning",
    Act.MOVED: "info",
    Act.REASSIGNED: "info",
}


class StepColumns:
    """Columns of one step of ``with_changes``: who did it, and what it changed."""

    @display(description=_("actor"))
    def shown_actor(self, step: AppointmentStep) -> str:
        """The side that acted, and which part of the system."""
        side = str(CancelledBy(side_of_step(step)).label)
        return " · ".join(filter(None, [side, part_of(step)]))

    @display(description=_("note"))
    def shown_note(self, step: AppointmentStep) -> str:
        """What it changed, times on the clock of the branch."""
        return words_of(step)

    shown_act = state_column("act", _("act"), ACTS)


class StepInline(StepColumns, ReadOnlyInline):
    """The operation log of one appointment, oldest step first."""

    model = AppointmentStep
    fields = ("at", "shown_act", "before", "after", "shown_actor", "shown_note")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring people and changes along."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return with_changes(rows)


class ReminderInline(ReadOnlyInline):
    """What the patient will be reminded of, and when."""

    model = Reminder
    fields = ("shown_before", "due_at", "sent_at", "failed_at")
    readonly_fields = fields
    shown_before = duration_column("before", _("ahead of the start"))
    ordering = ("due_at",)
    show_change_link = False
    hide_title = True


@admin.register(AppointmentStep)
class AppointmentStepAdmin(StepColumns, ReadOnlyAdmin):
    """The operation log over all appointments."""

    icon, place = "history", 20
    list_display = (
        "at",
        "appointment",
        "shown_act",
        "before",
        "after",
        "shown_actor",
        "shown_note",
    )
    list_filter = ("act", "after")
    list_select_related = SHOWN
    search_fields = ("appointment__code", "actor")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring people and changes along."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return with_changes(rows)


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """Doctors' private calendar addresses; the secret is known to nobody here."""

    icon, place = "rss_feed", 70
    list_display = ("doctor", "created_at", "read_at", "shown_state")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("doctor",)
    search_fields = ("doctor__name",)
    ordering = ("-id",)
    fields = ("doctor", "created_at", "read_at", "revoked_at")
    readonly_fields = fields

    @display(description=_("state"))
    def shown_state(self, feed: CalendarFeed) -> str:
        """Whether the address still answers."""
        return pill(_("revoked"), "danger") if feed.revoked_at else pill(_("in use"), "success")
