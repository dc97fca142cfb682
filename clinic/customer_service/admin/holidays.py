"""The console page that takes over the yearly list of holidays."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from unfold.views import UnfoldModelAdminViewMixin
from unfold.widgets import UnfoldAdminTextareaWidget

from appointments.admin.asking import ask_again
from appointments.services.foreseeing import hits_of_holidays
from clinic.core.console import Page, actor_of, add_page
from clinic.core.errors import ClinicError
from clinic.customer_service.admin.roles import DESK, leads_desk
from clinic.customer_service.models import TeamDay
from clinic.customer_service.services.holidays import import_holidays
from doctors.rules.holidays import read_holidays

TITLE = _("Import holidays")
TEXT_MAX = 40_000

add_page(
    Page(
        room="customer_service",
        title=TITLE,
        url_name="import-holidays",
        icon="event_upcoming",
        roles=DESK,
    )
)


class ListForm(forms.Form):
    """Takes the list as text, as it stands in the file."""

    agreed = forms.IntegerField(required=False, widget=forms.HiddenInput, label="")
    text = forms.CharField(
        label=_("List (CSV)"),
        max_length=TEXT_MAX,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=_(
            "One day a line: date,kind,opens,closes,remark. The kind is holiday (closed) or "
            "workday (open in these hours). Lines that begin with # are comments. Appointments "
            "on a holiday are called off and paid back in full, and the patients are told."
        ),
    )

    def ask(self, hits: int) -> None:
        """Refuse unless so many appointments may be called off."""
        ask_again(self, hits, ngettext(
            "This list hits %(count)s appointment. It goes to another doctor, or is paid back in "
            "full. Store again to confirm.",
            "This list hits %(count)s appointments. They go to other doctors, or are paid back in "
            "full. Store again to confirm.",
            hits,
        ))  # fmt: skip


class ImportPage(UnfoldModelAdminViewMixin, FormView):  # type: ignore[type-arg]
    """Shows the form; a list with a mistake comes back with the line named."""

    title = TITLE
    form_class = ListForm
    template_name = "console/holidays.html"

    def has_permission(self) -> bool:
        """Those who lead the desk."""
        return leads_desk(self.request)

    def get_initial(self) -> dict[str, Any]:
        """Show how a line looks."""
        example = "2026-10-01,holiday,,,国庆节\n2026-10-10,workday,09:00,18:00,国庆节调休上班\n"
        return {"text": f"date,kind,opens,closes,remark\n{example}"}

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the list, name what is wrong with it, or ask whether what it hits may go."""
        try:
            form.ask(hits_of_holidays(read_holidays(form.cleaned_data["text"])))
            if form.errors:
                return self.form_invalid(form)
            count = import_holidays(form.cleaned_data["text"], by=actor_of(self.request))
        except ClinicError as error:
            form.add_error("text", error.sentence)
            return self.form_invalid(form)
        told = ngettext("%(count)s day stored.", "%(count)s days stored.", count)
        messages.success(self.request, told % {"count": count})
        return HttpResponseRedirect(reverse("admin:customer_service_teamday_changelist"))


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the page or take the list."""
    screen = admin.site._registry[TeamDay]  # noqa: SLF001 no public way
    return ImportPage.as_view(model_admin=screen)(request)
