"""Complaints on the console's first page."""

from django.utils.translation import gettext_lazy as _

from clinic.complaints.models import Complaint
from clinic.complaints.selectors.staff import HANDLERS
from clinic.core.clock import now
from clinic.core.console import Figure, list_link, shows_figures
from clinic.core.roles import Role


@shows_figures(order=15, roles=HANDLERS | {Role.AUDITOR})
def complaint_figures() -> list[Figure]:
    """How many complaints are not decided, and how many missed a promise."""
    pending = Complaint.objects.pending().count()
    overdue = Complaint.objects.overdue(now()).count()
    return [
        Figure(
            _("Complaints to decide"),
            str(pending),
            _("%(count)s overdue") % {"count": overdue} if overdue else "",
            icon="sentiment_dissatisfied",
            tone="danger" if overdue else "warning" if pending else "",
            link=list_link("complaints.Complaint", "work=pending"),
        )
    ]
