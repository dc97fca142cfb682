"""The console page of who opened whose data, and its file."""

from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin

from clinic.core.console import Page, actor_of, add_page, days_asked, holds
from clinic.core.roles import Role
from clinic.privacy.models import EmergencyAccess
from clinic.privacy.selectors.reads import COLUMNS, lines, reads_between
from clinic.privacy.selectors.sheets import reads_file
from clinic.privacy.services.users import note_file

TITLE: Final = _("Who opened whose data")
LOOKS: Final = frozenset({Role.ADMIN, Role.AUDITOR})
DAYS_SHOWN: Final = 7
SHOWN: Final = 200

add_page(Page(room="privacy", title=TITLE, url_name="reads", icon="visibility", roles=LOOKS))


class ReadsPage(UnfoldModelAdminViewMixin, TemplateView):
    """The newest openings of some days; the file has all."""

    title = TITLE
    template_name = "console/reads.html"
    request: HttpRequest

    def has_permission(self) -> bool:
        """Administrators and auditors."""
        return holds(self.request, LOOKS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Bring the rows."""
        since, until = days_asked(self.request, shown=DAYS_SHOWN)
        found = reads_between(since, until)
        return super().get_context_data(
            **kwargs,
            since=since,
            until=until,
            columns=COLUMNS,
            rows=list(lines(found.order_by("-id")[:SHOWN])),
            count=found.count(),
        )


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the openings, or give them as a file (``?format=csv``)."""
    if not holds(request, LOOKS):
        raise PermissionDenied
    if request.GET.get("format") == "csv":
        since, until = days_asked(request, shown=DAYS_SHOWN)
        note_file(by=actor_of(request), kind="reads", since=since, until=until)
        return reads_file(since, until)
    screen = admin.site._registry[EmergencyAccess]  # noqa: SLF001 no public way
    return ReadsPage.as_view(model_admin=screen)(request)
