"""Console screen of doctors' leave. It stands here because it shows what a leave hits."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from appointments.admin.asking import AsksAgain
from appointments.selectors.hits import in_time_of
from clinic.core.actor import Actor
from clinic.core.actor_names import names_of
from clinic.core.clock import now
from clinic.core.columns import pill
from clinic.core.console import actor_of
from clinic.core.errors import ClinicError
from clinic.core.screens import HouseAdmin
from clinic.core.steps import Step, Steps
from doctors.models import Leave
from doctors.services.leaves import cancel_leave, check_leave, enter_leave

FIELDS = ("doctor", "starts_at", "ends_at", "remark")


class LeaveForm(AsksAgain):
    """Tells what a leave hits before it is entered."""

    class Meta:
        model = Leave
        fields = FIELDS

    def clean(self) -> dict[str, Any]:
        """Refuse what the service would refuse; count what is hit."""
        cleaned = super().clean() or {}
        if not all(cleaned.get(name) for name in FIELDS[:3]):
            return cleaned
        starts_at, ends_at = cleaned["starts_at"], cleaned["ends_at"]
        try:
            check_leave(starts_at, ends_at, now=now())
        except ClinicError as error:
            for fault in error.extra["errors"]:
                self.add_error(fault["attr"], fault["detail"])
            return cleaned
        hits = in_time_of(cleaned["doctor"].pk, starts_at, ends_at, now()).count()
        self.ask(hits, ngettext(
            "This leave hits %(count)s appointment. It goes to another doctor, or is paid back in "
            "full. Save again to confirm.",
            "This leave hits %(count)s appointments. They go to other doctors, or are paid back in "
            "full. Save again to confirm.",
            hits,
        ))  # fmt: skip
        return cleaned


def _cancel(leave: Leave, actor: Actor, _cleaned: dict[str, Any]) -> None:
    cancel_leave(leave.pk, by=actor)


def _still_holds(leave: Leave) -> bool:
    return leave.cancelled_at is None and leave.ends_at > now()


@admin.register(Leave)
class LeaveAdmin(Steps, HouseAdmin):
    """When doctors are away: entered, looked at, cancelled; never changed."""

    icon, place = "beach_access", 46
    form = LeaveForm
    list_display = ("doctor", "starts_at", "ends_at", "shown_state", "remark", "entered_at")
    list_filter = ("doctor__department",)
    list_select_related = ("doctor",)
    search_fields = ("doctor__name",)
    ordering = ("-starts_at",)
    autocomplete_fields = ("doctor",)
    steps = (
        Step(
            name="cancel",
            label=_("Cancel leave"),
            icon="undo",
            run=_cancel,
            when=_still_holds,
            asks=_("The doctor sees people again. What went to others stays with them."),
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 Django's form
        """A leave that stands shows who entered it and when it was cancelled."""
        if obj is None:
            return (*FIELDS, "agreed")
        return (*FIELDS, "shown_state", "shown_author", "entered_at", "cancelled_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody changes a leave: cancel it and enter another."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or store; a refusal of the service is told as a sentence."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ClinicError as error:
            messages.error(request, error.sentence)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:  # noqa: ARG002 Django's form
        """Enter the leave through the service."""
        told = {name: form.cleaned_data[name] for name in FIELDS[1:]}
        leave = enter_leave(doctor_id=obj.doctor_id, by=actor_of(request), **told)
        obj.pk, obj.public_id, obj.entered_by = leave.pk, leave.public_id, leave.entered_by

    @display(description=_("entered by"))
    def shown_author(self, leave: Leave) -> str:
        """The doctor himself or the staff who entered it, by name."""
        return names_of([leave.entered_by])[leave.entered_by]

    @display(description=_("state"))
    def shown_state(self, leave: Leave) -> str:
        """Cancelled, over, now or to come."""
        moment = now()
        if leave.cancelled_at is not None:
            return pill(_("cancelled"))
        if leave.ends_at <= moment:
            return pill(_("over"))
        if leave.starts_at <= moment:
            return pill(_("away now"), "warning")
        return pill(_("to come"), "info")
