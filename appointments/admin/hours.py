"""Appointments that other hours leave outside: told to who changed them, and listed."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments.models import Appointment
from appointments.selectors.hits import ahead_outside_hours
from clinic.core.clock import now
from clinic.core.console import list_link
from clinic.core.screens import HouseAdmin

OUTSIDE = "outside"


class HoursFilter(admin.SimpleListFilter):
    """Appointments ahead whose time is outside the hours of their doctor or branch."""

    title = _("working hours")
    parameter_name = "hours"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002 Django's form
        """Return the one choice."""
        return [(OUTSIDE, _("Ahead and outside the hours"))]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002 Django's form
        queryset: QuerySet[Appointment],
    ) -> QuerySet[Appointment]:
        """Narrow the list when asked."""
        if self.value() != OUTSIDE:
            return queryset
        return queryset.filter(pk__in=ahead_outside_hours(queryset, now()))


class TellsOutside(HouseAdmin):
    """A screen with hours in rows: what they leave outside stays booked, and staff is told of it.

    Only what was inside before is counted; the list shows all. ``owner`` is what the screen is of.
    """

    owner: ClassVar[str] = ""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Store the row; remember what lay outside before."""
        form.outside_before = self._outside(obj) if change else set()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Store the hours, and tell what lies outside of them now."""
        super().save_related(request, form, formsets, change)
        left = self._outside(form.instance) - form.outside_before if change else set()
        if not left:
            return
        told = ngettext(
            "%(count)s appointment lies outside the new hours. It stays booked: move or cancel it, "
            "or give the hours back.",
            "%(count)s appointments lie outside the new hours. They stay booked: move or cancel "
            "them, or give the hours back.",
            len(left),
        )
        query = f"{self.owner}__id__exact={form.instance.pk}&hours={OUTSIDE}"
        address = list_link("appointments.Appointment", query)
        messages.warning(
            request,
            format_html(
                '{} <a class="console-link" href="{}">{}</a>',
                told % {"count": len(left)},
                address,
                _("Show them"),
            ),
        )

    def _outside(self, obj: Any) -> set[int]:
        rows = Appointment.objects.filter(**{self.owner: obj})
        return set(ahead_outside_hours(rows, now()))
