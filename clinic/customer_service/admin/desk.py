"""The desk, on which agents work a whole shift, and the board of supervisors.

Both are one page each; their scripts talk to the API and the socket like any client. Neither loads
anything from elsewhere nor runs anything that stands in the page: its policy refuses both, so that
words of customers stay words.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.core.console import Page, actor_of, add_page, holds
from clinic.core.console_scripts import script_page
from clinic.core.errors import ClinicError, ForbiddenError
from clinic.core.roles import Role
from clinic.customer_service.admin.desk_setup import board_setup, desk_setup
from clinic.customer_service.errors import NotAnAgentError
from clinic.customer_service.models import Agent

WORKERS = frozenset({Role.CUSTOMER_SERVICE, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
DESK = _("Customer service desk")
BOARD = _("Board of customer service")


def _agent_of(request: HttpRequest) -> Agent | None:
    """Return the person's row as an agent; read once per request."""
    if not hasattr(request, "desk_agent"):
        rows = Agent.objects.filter(user_id=actor_of(request).account_id, is_active=True)
        request.desk_agent = rows.first()  # type: ignore[attr-defined]
    found: Agent | None = request.desk_agent  # type: ignore[attr-defined]
    return found


def _works(request: HttpRequest) -> bool:
    return holds(request, WORKERS) and _agent_of(request) is not None


def _watches(request: HttpRequest) -> bool:
    """Say whether the board is his: a supervisor's, or any administrator's."""
    if holds(request, ADMINS):
        return True
    agent = _agent_of(request) if holds(request, WORKERS) else None
    return agent is not None and agent.is_supervisor


for title, url_name, icon, opens_for in (
    (DESK, "service-desk", "support_agent", _works),
    (BOARD, "service-board", "monitoring", _watches),
):
    add_page(
        Page(
            room="customer_service",
            title=title,
            url_name=url_name,
            icon=icon,
            roles=WORKERS,
            opens_for=opens_for,
        )
    )


@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk to an agent."""
    if not _works(request):
        return _refused(request, DESK, NotAnAgentError())
    return _page(request, "desk/desk.html", DESK, desk_setup())


@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Show the board to a supervisor, or to an administrator."""
    if not _watches(request):
        error = ForbiddenError() if _works(request) else NotAnAgentError()
        return _refused(request, BOARD, error)
    return _page(request, "desk/board.html", BOARD, board_setup())


def _page(request: HttpRequest, template: str, title: Any, setup: dict[str, Any]) -> HttpResponse:
    return script_page(request, template, title, setup, works_at_desk=_works(request))


def _refused(request: HttpRequest, title: Any, error: ClinicError) -> HttpResponse:
    context = {"title": title, "reason": error.sentence, "is_admin": holds(request, ADMINS)}
    return render(request, "desk/refused.html", context, status=403)
