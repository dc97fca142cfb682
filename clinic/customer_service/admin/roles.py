"""Who works with the desk in the console."""

from typing import Any

from django.http import HttpRequest

from clinic.core.console import actor_of
from clinic.core.roles import Role
from clinic.core.screens import HouseAdmin
from clinic.customer_service.selectors.supervision import leads

DESK = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE})
WATCHES_DESK = DESK | {Role.AUDITOR}


def leads_desk(request: HttpRequest) -> bool:
    """Say whether this member of staff leads the desk; read once per request."""
    known = getattr(request, "leads_desk", None)
    if known is None:
        known = leads(actor_of(request))
        request.leads_desk = known  # type: ignore[attr-defined]
    return bool(known)


class LeadersAdmin(HouseAdmin):
    """A screen that agents see and only those who lead the desk change."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leaders whose role may add."""
        return super().has_add_permission(request, obj) and leads_desk(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leaders whose role may change."""
        return super().has_change_permission(request, obj) and leads_desk(request)
