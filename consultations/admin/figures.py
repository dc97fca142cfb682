"""The numbers of the day on the console's first page."""

from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.console import Figure, list_link, shows_figures
from clinic.core.roles import Role
from consultations.enums import State
from consultations.selectors.board import (
    counts_by_state,
    day_counts,
    held_count,
    oldest_waiting_since,
)

MODEL = "consultations.Consultation"
READERS = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE, Role.AUDITOR, Role.FINANCE})


@shows_figures(order=10, roles=READERS)
def consultation_figures() -> list[Figure]:
    """Who waits, who is being helped, what was done today."""
    moment = now()
    open_now, today = counts_by_state(), day_counts(moment)
    waiting = open_now.get(State.WAITING_ASSIGNMENT, 0)
    oldest = oldest_waiting_since()
    minutes = int((moment - oldest).total_seconds() // 60) if oldest else 0
    return [
        Figure(
            _("Waiting for a doctor"),
            str(waiting),
            _("longest: %(minutes)s min") % {"minutes": minutes} if waiting else _("nobody waits"),
            icon="hourglass_top",
            tone="danger" if minutes >= 5 else "warning" if waiting else "success",
            link=list_link(MODEL, f"state__exact={State.WAITING_ASSIGNMENT}"),
        ),
        Figure(
            _("In progress"),
            str(open_now.get(State.IN_PROGRESS, 0)),
            _("%(count)s to be accepted") % {"count": open_now.get(State.WAITING_ACCEPT, 0)},
            icon="forum",
            link=list_link(MODEL, f"state__exact={State.IN_PROGRESS}"),
        ),
        Figure(
            _("On hold"),
            str(held_count()),
            _("their time does not run"),
            icon="pause_circle",
            link=list_link(MODEL, "held_since__isempty=0"),
        ),
        Figure(
            _("Consultations paid today"),
            str(today["paid"]),
            _("%(count)s completed") % {"count": today["completed"]},
            icon="today",
            link=list_link(MODEL),
        ),
        Figure(
            _("Closed with refund today"),
            str(today["refunded"]),
            icon="money_off",
            link=list_link(MODEL, f"state__exact={State.REFUNDED_CLOSED}"),
        ),
        Figure(
            _("Need staff"),
            str(today["for_staff"]),
            icon="support_agent",
            tone="danger" if today["for_staff"] else "",
            link=list_link(MODEL, "staff_task__isempty=0"),
        ),
    ]
