"""The assignment board: who waits, how long and why; who could take him."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
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
from clinic.core.jobs import late_jobs
from clinic.core.roles import Role
from clinic.settings import rules
from consultations.admin.reasons import reason_in_words
from consultations.enums import Outcome, Trigger
from consultations.models import Consultation
from consultations.selectors.board import (
    DoctorLoad,
    LoadWarnings,
    OverdueCase,
    WaitingCase,
    doctors_now,
    load_warnings,
    overdue_cases,
    waiting_cases,
)
from consultations.services.assignment import assign_doctor
from consultations.services.caring import let_go, take_in_hand
from consultations.services.desk import assign_beyond_limit, assign_to_named
from doctors.enums import PresenceState
from doctors.models import Doctor

VIEWERS = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE, Role.AUDITOR})
DISPATCHERS = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE})
TITLE = gettext_lazy("Assignment board")
NAMES_SHOWN = 5

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
    """What a button asked for: a case, a doctor or whoever suits best, and why.

    ``beyond`` wants a full doctor to take it; ``takes`` wants the case in hand or out of it.
    """

    case: UUID
    doctor: UUID | None
    reason: str = ""
    beyond: bool = False
    takes: bool = True


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
            "handsUrl": reverse("assignment-board-hands"),
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
        return JsonResponse({"ok": False, "text": error.sentence}, status=error.status)
    return JsonResponse({**told, "state": board_state(request)})


@require_POST
def hands(request: HttpRequest) -> JsonResponse:
    """Take one case in hand, or let it go; answer what came of it."""
    if not holds(request, DISPATCHERS):
        raise PermissionDenied
    try:
        wish = _wish(request.body)
        case = get_or_404(Consultation.objects.all(), public_id=wish.case)
        act = take_in_hand if wish.takes else let_go
        act(case.pk, actor=actor_of(request), now=now())
    except ClinicError as error:
        return JsonResponse({"ok": False, "text": error.sentence}, status=error.status)
    return JsonResponse({"ok": True, "text": "", "state": board_state(request)})


def board_state(request: HttpRequest) -> dict[str, Any]:
    """Return what the page draws, in the reader's language."""
    moment, reader = now(), actor_of(request).user_id
    waiting, doctors = waiting_cases(moment), doctors_now(moment)
    return {
        "at": moment.isoformat(),
        "mayAssign": holds(request, DISPATCHERS),
        "waiting": [_case_row(case, reader) for case in waiting],
        "overdue": [_overdue_row(case) for case in overdue_cases(moment)],
        "doctors": [_doctor_row(doctor) for doctor in doctors],
        "warnings": _warnings(len(waiting), load_warnings(doctors), late_jobs(moment)),
    }


def _warnings(waiting: int, load: LoadWarnings, late: list[str]) -> list[dict[str, str]]:
    """Return what staff should know at a glance, the gravest first."""
    told = []
    if load.nobody_there:
        told.append(("danger" if waiting else "warning", _("No doctor is online.")))
    elif load.all_full:
        told.append(("danger", _("Every doctor who is online is full.")))
    if load.near:
        names = {"names": ", ".join(load.near[:NAMES_SHOWN]), "count": len(load.near)}
        told.append(("warning", _("Near or at the limit (%(count)s): %(names)s") % names))
    if late:
        names = {"names": ", ".join(late[:NAMES_SHOWN]), "count": len(late)}
        told.append(("danger", _("Late jobs (%(count)s): %(names)s") % names))
    return [{"tone": tone, "text": text} for tone, text in told]


def _wish(body: bytes) -> Wish:
    try:
        given = json.loads(body)
        doctor = given.get("doctor") or None
        return Wish(
            UUID(given["consultation"]),
            UUID(doctor) if doctor else None,
            str(given.get("reason") or "").strip()[: rules.ASSIGN_REASON_MAX_CHARS],
            given.get("beyond") is True,
            given.get("takes") is not False,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotFoundError from None


def _assign(request: HttpRequest, wish: Wish) -> dict[str, Any]:
    case = get_or_404(Consultation.objects.all(), public_id=wish.case)
    actor = actor_of(request)
    if wish.doctor is None:
        attempt = assign_doctor(case.pk, trigger=Trigger.STAFF, actor=actor)
    else:
        doctor = get_or_404(Doctor.objects.all(), public_id=wish.doctor)
        give = assign_beyond_limit if wish.beyond else assign_to_named
        attempt = give(case.pk, doctor_id=doctor.pk, actor=actor, reason=wish.reason)
    if attempt.outcome == Outcome.ASSIGNED:
        return {"ok": True, "text": _("A doctor was assigned.")}
    return {"ok": False, "text": reason_in_words(attempt.reason)}


def _case_row(case: WaitingCase, reader: int | None) -> dict[str, Any]:
    wish = " · ".join(part for part in (case.chosen_doctor, case.wanted_level) if part)
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
        "patient": case.patient,
        "department": case.department or _("Any"),
        "rounds": case.rounds,
        "inHand": case.in_hand_of,
        "isMine": case.in_hand_of_id is not None and case.in_hand_of_id == reader,
    }


def _overdue_row(case: OverdueCase) -> dict[str, Any]:
    return {
        "short": str(case.public_id)[-6:],
        "link": reverse("admin:consultations_consultation_change", args=[case.pk]),
        "patient": case.patient,
        "department": case.department or _("Any"),
        "doctor": case.doctor,
        "what": _("has not replied") if case.is_accepted else _("has not accepted"),
        "waited": int(case.waited.total_seconds()),
        "level": case.level,
        "held": case.held_until is not None,
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
        "noDoctors": _("No doctor may work at present: look at their credentials."),
        "tries": _("tries so far"),
        "instant": _("instant"),
        "warns": _("Warning words: look at once"),
        "updated": _("Updated"),
        "zone": settings.TIME_ZONE,
        "stale": _("No connection: the figures are old."),
        "failed": _("This did not work. Load the page again."),
        "open": _("can take a patient"),
        "full": _("full"),
        "take": _("Take in hand"),
        "letGo": _("Let go"),
        "inHand": _("in hand:"),
        "rounds": _("rounds of notices"),
        "held": _("on hold"),
        "nothingOverdue": _("Nobody lets a patient wait."),
        "why": _("Why this doctor?"),
        "whyBeyond": _("This doctor is full. Why does he get one more?"),
    }
