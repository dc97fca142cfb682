"""The console page that makes the regulator's export of some days."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django import forms
from django.contrib import admin
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from unfold.views import UnfoldModelAdminViewMixin
from unfold.widgets import UnfoldAdminDateWidget

from clinic.core.clock import clinic_day, now
from clinic.core.console import Page, actor_of, add_page, holds
from clinic.core.errors import ClinicError
from clinic.core.roles import Role
from clinic.privacy.models import DataExport
from clinic.privacy.services.regulator import write_export

TITLE: Final = _("Export for the regulator")
MAY: Final = frozenset({Role.ADMIN})
EARLIER: Final = timedelta(days=30)

add_page(Page(room="privacy", title=TITLE, url_name="regulator-export", icon="gavel", roles=MAY))


class PeriodForm(forms.Form):
    """The days, both included."""

    since = forms.DateField(label=_("From"), widget=UnfoldAdminDateWidget(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), widget=UnfoldAdminDateWidget(attrs={"type": "date"}))


class RegulatorPage(UnfoldModelAdminViewMixin, FormView):  # type: ignore[type-arg]
    """Asks for the days and answers with a zip, written to disk first."""

    title = TITLE
    form_class = PeriodForm
    template_name = "console/regulator.html"
    request: HttpRequest

    def has_permission(self) -> bool:
        """Administrators."""
        return holds(self.request, MAY)

    def get_initial(self) -> dict[str, Any]:
        """The last thirty days."""
        today = clinic_day(now())
        return {"since": today - EARLIER, "until": today}

    def form_valid(self, form: Any) -> Any:
        """Write the export, or say what is wrong with the days."""
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        packed = tempfile.TemporaryFile()  # noqa: SIM115 closed by the answer
        try:
            with tempfile.TemporaryDirectory() as folder:
                write_export(since, until, Path(folder), by=actor_of(self.request))
                with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
                    for path in sorted(Path(folder).iterdir()):
                        archive.write(path, path.name)
        except ClinicError as error:
            packed.close()
            form.add_error(None, error.sentence)
            return self.form_invalid(form)
        packed.seek(0)
        name = f"regulator-{since}-{until}.zip"
        answer = FileResponse(packed, as_attachment=True, filename=name)
        answer["Cache-Control"] = "no-store"
        return answer


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the form or give the export."""
    screen = admin.site._registry[DataExport]  # noqa: SLF001 no public way
    return RegulatorPage.as_view(model_admin=screen)(request)
