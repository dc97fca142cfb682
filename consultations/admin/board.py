"""The assignment board: who waits, how long and why; who could take him."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin

from clinic.core.api.views import get_or_404
from clinic.core.clock import now
from clinic.core.console import Page, actor_of, add_page, holds
from clinic.core.errors import ClinicError, NotFoundError
from clinic.core.roles import Role
from consultations.admin.reasons import reason_in_words
from consultations.enums import Outcome, Trigger
from consultations.models import Consultation
from consultations.selectors.board import DoctorLoad, WaitingCase, doctors_now, waiting_cases
from consultations.services.assignment import assign_doctor
from consultations.services.desk import assign_to_named
from doctors.enums import PresenceState
from doctors.models import Doctor

VIEWERS = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE, Role.AUDITOR})
DISPATCHERS = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE})
TITLE = gettext_lazy("Assignment board")

add_page(
    Page(
        room="consultations",
        title=TITLE,
        url_name="assignment-board",
        icon="assignment_ind",
        roles=VIEWERS,
    )
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a button asked for: a case, and a doctor or whoever suits best."""

    case: UUID
    doctor: UUID | None


class BoardView(UnfoldModelAdminViewMixin, TemplateView):
    """The page; its script asks for the state every five seconds."""

    title = TITLE
    template_name = "console/board.html"

    def has_permission(self) -> bool:
        """The board has a permission of its own: the roles that watch the queue."""
        return holds(self.request, VIEWERS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the first state with the page, so that it is full at once."""
        setup = {
            "state": board_state(self.request),
            "stateUrl": reverse("assignment-board-state"),
            "assignUrl": reverse("assignment-board-assign"),
            "words": _words(),
        }
        return super().get_context_data(**kwargs, setup=setup)


def board(request: HttpRequest) -> HttpResponseBase:
    """Show the board."""
    screen = admin.site._registry[Consultation]  # noqa: SLF001 no public way
    return BoardView.as_view(model_admin=screen)(request)


@require_GET
def state(request: HttpRequest) -> JsonResponse:
    """Answer the queue and the doctors of this moment."""
    if not holds(request, VIEWERS):
        raise PermissionDenied
    return JsonResponse(board_state(request), headers={"Cache-Control": "no-store"})


@require_POST
def assign(request: HttpRequest) -> JsonResponse:
    """Assign one case now, to the best doctor or to a named one; answer what came of it."""
    if not holds(request, DISPATCHERS):
        raise PermissionDenied
    try:
        told = _assign(request, _wish(request.body))
    except ClinicError as error:
        return JsonResponse({"ok": False, "text": error.detail}, status=error.status)
    return JsonResponse({**told, "state": board_state(request)})


def board_state(request: HttpRequest) -> dict[str, Any]:
    """Return what the page draws, in the reader's language."""
    moment = now()
    return {
        "at": moment.isoformat(),
        "mayAssign": holds(request, DISPATCHERS),
        "waiting": [_case_row(case) for case in waiting_cases(moment)],
        "doctors": [_doctor_row(doctor) for doctor in doctors_now(moment)],
    }


def _wish(body: bytes) -> Wish:
    try:
        given = json.loads(body)
        doctor = given.get("doctor") or None
        return Wish(UUID(given["consultation"]), UUID(doctor) if doctor else None)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotFoundError from None


def _assign(request: HttpRequest, wish: Wish) -> dict[str, Any]:
    case = get_or_404(Consultation.objects.all(), public_id=wish.case)
    actor = actor_of(request)
    if wish.doctor is None:
        attempt = assign_doctor(case.pk, trigger=Trigger.STAFF, actor=actor)
    else:
        doctor = get_or_404(Doctor.objects.all(), public_id=wish.doctor)
        attempt = assign_to_named(case.pk, doctor_id=doctor.pk, actor=actor)
    if attempt.outcome == Outcome.ASSIGNED:
        return {"ok": True, "text": _("A doctor was assigned.")}
    return {"ok": False, "text": reason_in_words(attempt.reason)}


def _case_row(case: WaitingCase) -> dict[str, Any]:
    wish = " · ".join(
        part for part in (case.chosen_doctor, case.wanted_level, case.department) if part
    )
    return {
        "id": str(case.public_id),
        "short": str(case.public_id)[-6:],
        "link": reverse("admin:consultations_consultation_change", args=[case.pk]),
        "wish": wish or _("Any doctor"),
        "waited": int(case.waited.total_seconds()),
        "level": case.level,
        "tries": case.tries,
        "hops": case.hops,
        "instant": case.is_instant,
        "warns": case.has_red_flags,
        "reason": reason_in_words(case.reason) if case.reason else _("Not tried yet"),
    }


def _doctor_row(doctor: DoctorLoad) -> dict[str, Any]:
    return {
        "id": str(doctor.public_id),
        "name": doctor.name,
        "about": f"{doctor.title} · {doctor.department}",
        "presence": doctor.presence,
        "presenceText": str(PresenceState(doctor.presence).label),
        "load": doctor.load,
        "limit": doctor.limit,
        "open": doctor.is_assignable,
        "room": doctor.load < doctor.limit,
    }


def _words() -> dict[str, str]:
    return {
        "assign": _("Assign now"),
        "toDoctor": _("To a doctor…"),
        "nobodyWaits": _("Nobody waits for a doctor."),
        "noDoctors": _("No doctor is online and nobody has patients."),
        "tries": _("tries so far"),
        "instant": _("instant"),
        "warns": _("Warning words: look at once"),
        "updated": _("Updated"),
        "stale": _("No connection: the figures are old."),
        "failed": _("This did not work. Load the page again."),
        "open": _("can take a patient"),
    }
