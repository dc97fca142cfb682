"""The console page of who opened whose data, and its file."""

from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin

from clinic.accounts.models import User
from clinic.core.audit import Why
from clinic.core.console import Page, actor_of, add_page, days_asked, holds
from clinic.core.links import account_link
from clinic.core.models import AuditEntry
from clinic.core.openings import kinds_in_words
from clinic.core.roles import Role
from clinic.privacy.models import EmergencyAccess
from clinic.privacy.selectors.reads import reads_between
from clinic.privacy.selectors.sheets import reads_file
from clinic.privacy.services.users import note_file

WHY: Final = {Why.CARE: _("Care"), Why.DUTY: _("Duty"), Why.EMERGENCY: _("Emergency")}
HOW: Final = {
    "api": _("App"),
    "console": _("Console"),
    "open": _("Emergency reading"),
    "emergency": _("Emergency reading"),
}
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
            rows=_in_words(list(found.order_by("-id")[:SHOWN])),
            count=found.count(),
        )


def _in_words(rows: list[AuditEntry]) -> list[dict[str, Any]]:
    """Return openings as people say them; the file keeps the codes."""
    keys = {row.actor.removeprefix("user:") for row in rows if row.actor.startswith("user:")}
    keys |= {str(row.patient) for row in rows}
    people = User.objects.in_bulk(list(keys), field_name="public_id")
    named = {str(key): person for key, person in people.items()}
    return [_row(row, named) for row in rows]


def _row(row: AuditEntry, named: dict[str, User]) -> dict[str, Any]:
    kind, _colon, public_id = row.subject.partition(":")
    reader, patient = named.get(row.actor.removeprefix("user:")), named.get(str(row.patient))
    role, why = row.note.get("role", ""), row.note.get("why", "")
    how = str(row.note.get("how", "")).partition(".")[0]
    return {
        "at": row.created_at,
        "who": reader.name if reader else row.actor,
        "role": dict(Role.choices).get(role, role),
        "what": kinds_in_words().get(kind, kind),
        "id": f"…{public_id[-6:]}",
        "patient": account_link(patient) if patient else "-",
        "why": WHY.get(why, why),
        "is_emergency": why == Why.EMERGENCY,
        "how": HOW.get(how, how),
    }


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
