"""The front desk: the book of appointments of a branch, and who stands at the counter.

Its script talks to the API like any client; nothing is decided in the page.
"""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from appointments import enums
from appointments.admin.front_desk_words import desk_keys, desk_words, sides, unusual_days
from appointments.selectors.appointments import DESK_ROLES
from appointments.selectors.kinds import open_types
from clinic.core.console import Page, add_page, holds
from clinic.core.console_scripts import API, script_page
from clinic.core.roles import Role
from clinic.patients.enums import Gender
from doctors.models import Branch
from payments.enums import OrderStatus, ProofKind

TITLE: Final = gettext_lazy("Front desk")
VIEWERS: Final = DESK_ROLES | {Role.AUDITOR}

add_page(
    Page(
        room="appointments",
        title=TITLE,
        url_name="front-desk",
        icon="calendar_month",
        roles=VIEWERS,
    )
)


@require_GET
@never_cache
def front_desk(request: HttpRequest) -> HttpResponse:
    """Show the front desk to who works there, and to auditors without anything to press."""
    if not holds(request, VIEWERS):
        raise PermissionDenied
    may_work = holds(request, DESK_ROLES)
    setup = _setup() | {"mayWork": may_work}
    template = "front_desk/front_desk.html"
    return script_page(request, template, TITLE, setup, may_work=may_work)


def _setup() -> dict[str, Any]:
    return {
        "api": API,
        "zone": settings.TIME_ZONE,
        "words": desk_words(),
        "keys": desk_keys(),
        "cancelReasons": [_("The doctor is ill"), _("The doctor is held up"), _("Asked by phone")],
        "labels": _labels(),
        "branches": list(Branch.objects.filter(is_active=True).values("code", "name", "time_zone")),
        "types": [
            {
                "code": kind.code,
                "name": kind.name,
                "mode": kind.mode,
                "minutes": kind.duration_minutes,
                "price_fen": kind.price_fen,
                "branches": [branch.code for branch in kind.branches.all()],
            }
            for kind in open_types()
        ],
    }


def _labels() -> dict[str, dict[str, str]]:
    return {
        "state": _of(enums.State.choices),
        "mode": _of(enums.Mode.choices),
        "source": _of(enums.Source.choices),
        "act": _of(enums.Act.choices),
        "outside": _of(enums.OutsideHours.choices),
        "gender": _of(Gender.choices),
        "order": _of(OrderStatus.choices),
        "proof": _of(ProofKind.choices),
        "actor": sides(),
        "special": unusual_days(),
    }


def _of(choices: Any) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices}
