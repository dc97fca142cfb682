"""Near and missed promises; sanctions that are over. Each part may run twice, beside itself."""

from datetime import datetime

from django.db import transaction

from clinic.complaints.enums import PENDING
from clinic.complaints.models import ComplaintAlert
from clinic.complaints.rules import due_alerts
from clinic.complaints.selectors.due import stops_over, untold_keys
from clinic.complaints.services import telling
from clinic.complaints.services.sanctions import end_in_time
from clinic.complaints.services.state import locked_if_free
from clinic.core.actor import system_actor
from clinic.core.batches import each_alone
from clinic.core.clock import now as current_moment

SWEEP = system_actor("complaint sweep")


def sweep() -> int:
    """Warn of near and missed promises, end sanctions in time; return how many were looked at."""
    now = current_moment()
    done = each_alone(untold_keys(now), lambda pk: alert(pk, now=now))
    return done + each_alone(stops_over(now), lambda pk: end_in_time(pk, actor=SWEEP, now=now))


def alert(complaint_id: int, *, now: datetime) -> int:
    """Warn once each whom a near or missed promise concerns; return how many warnings were new."""
    with transaction.atomic():
        complaint = locked_if_free(complaint_id)
        if complaint is None or complaint.state not in PENDING:
            return 0
        due = due_alerts(answer_by=complaint.answer_by, close_by=complaint.close_by, now=now)
        rows = ComplaintAlert.objects.filter(complaint=complaint, round=complaint.round)
        known = set(rows.values_list("deadline", "told"))
        new = [(deadline, told) for deadline, told in due if (deadline, told) not in known]
        ComplaintAlert.objects.bulk_create(
            ComplaintAlert(
                complaint=complaint, round=complaint.round, deadline=deadline, told=told, at=now
            )
            for deadline, told in new
        )
        # One missed deadline or two: each person hears once, of the first.
        for told, deadline in {told: deadline for deadline, told in reversed(new)}.items():
            telling.warn(complaint, told, deadline)
    return len(new)
