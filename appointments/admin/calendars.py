"""Console screens of branches and special days. They stand here because they show what they hit."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import ngettext

from appointments.admin.asking import AsksAgain
from appointments.admin.hours import TellsOutside
from appointments.selectors.hits import at_branches
from appointments.services.foreseeing import hits_of_day
from clinic.core.clock import now
from clinic.core.console import actor_of, may
from clinic.core.screens import HouseAdmin
from doctors.admin.calendar import BranchForm, BranchHoursInline, SpecialDayForm
from doctors.models import Branch, CalendarDay
from doctors.services.branches import announce_closing
from doctors.services.special_days import announce_day, remove_special_day

DAY_FIELDS = SpecialDayForm.Meta.fields


class ClosingForm(AsksAgain, BranchForm):
    """A branch that is switched off loses what is booked there; how much is told before."""

    class Meta(BranchForm.Meta):
        pass

    @property
    def is_closing(self) -> bool:
        """Whether the branch is on and would be off."""
        was_active = self.instance.pk is not None and self.initial.get("is_active", False)
        return bool(was_active and not self.cleaned_data.get("is_active"))

    def clean(self) -> dict[str, Any]:
        """Count what is hit."""
        cleaned = super().clean() or {}
        if self.is_closing:
            hits = at_branches([self.instance.pk], now()).count()
            self.ask(hits, ngettext(
                "%(count)s appointment or wait at this branch ends and is paid back in full. Save "
                "again to confirm.",
                "%(count)s appointments and waits at this branch end and are paid back in full. "
                "Save again to confirm.",
                hits,
            ))  # fmt: skip
        return cleaned


@admin.register(Branch)
class BranchAdmin(TellsOutside, HouseAdmin):
    """Places that patients can visit."""

    owner = "branch"

    icon, place = "location_on", 40
    list_display = ("name", "code", "address", "phone", "time_zone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "code", "address")
    form = ClosingForm
    inlines = (BranchHoursInline,)
    fields = (
        "code", "name", "description", "address", "phone", "time_zone", "is_active", "agreed",
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Store the branch; what is booked at one that closes is ended and paid back."""
        super().save_model(request, obj, form, change)
        if form.is_closing:
            announce_closing(obj.pk)


class AskingDayForm(AsksAgain, SpecialDayForm):
    """Tells what a special day hits before it is stored."""

    class Meta(SpecialDayForm.Meta):
        pass

    def clean(self) -> dict[str, Any]:
        """Count what is hit."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        day = CalendarDay(**{name: cleaned[name] for name in DAY_FIELDS})
        if self.instance.pk:
            day.pk, day.public_id = self.instance.pk, self.instance.public_id
        hits = hits_of_day(day)
        self.ask(hits, ngettext(
            "This day hits %(count)s appointment. It goes to another doctor, or is paid back in "
            "full. Save again to confirm.",
            "This day hits %(count)s appointments. They go to other doctors, or are paid back in "
            "full. Save again to confirm.",
            hits,
        ))  # fmt: skip
        return cleaned


@admin.register(CalendarDay)
class CalendarDayAdmin(HouseAdmin):
    """Holidays, make-up workdays and other special days."""

    icon, place = "event", 45
    form = AskingDayForm
    list_display = ("date", "name", "kind", "works_as", "branch", "doctor")
    list_filter = ("kind", "branch")
    list_select_related = ("branch", "doctor")
    search_fields = ("name",)
    ordering = ("-date",)
    autocomplete_fields = ("branch", "doctor")
    fields = (
        ("date", "name"),
        ("kind", "works_as"),
        ("start_minute", "end_minute"),
        ("branch", "doctor"),
        "agreed",
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Who may change may remove: the week holds again."""
        return may(request, "change", self.opts)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Store the day; what is booked outside its hours, or those it left, finds its way."""
        super().save_model(request, obj, form, change)
        owners = {(obj.date, obj.doctor_id, obj.branch_id)}
        if change:
            owners.add(tuple(form.initial[name] for name in ("date", "doctor", "branch")))
        for day, doctor_id, branch_id in owners:
            announce_day(day, doctor_id=doctor_id, branch_id=branch_id)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove the day; the week holds again."""
        remove_special_day(obj, by=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Remove several days."""
        with transaction.atomic():
            for day in queryset:
                remove_special_day(day, by=actor_of(request))
