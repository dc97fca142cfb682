"""What the sweep has to do."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from clinic.complaints.enums import Deadline, SanctionKind, Told
from clinic.complaints.models import Complaint, ComplaintAlert, Sanction
from clinic.complaints.rules import HEARD_AFTER
from clinic.settings import rules

FIELDS = ((Deadline.ANSWER, "answer_by"), (Deadline.CLOSE, "close_by"))


def untold_keys(now: datetime) -> list[int]:
    """Return pending complaints of whose near or missed promise somebody has still to be told."""
    alerts = ComplaintAlert.objects.filter(complaint=OuterRef("pk"), round=OuterRef("round"))
    due = Q()
    for deadline, field in FIELDS:
        for told, after in HEARD_AFTER[deadline].items():
            known = Exists(alerts.filter(deadline=deadline, told=told))
            when = Q(**{f"{field}__lte": now - after})
            if told == Told.AHEAD:
                when &= Q(**{f"{field}__gt": now})
            due |= when & ~Q(known)
    rows = Complaint.objects.pending().filter(due).order_by(F("close_by"))
    return list(rows.values_list("pk", flat=True)[: rules.TIMERS_BATCH])


def stops_over(now: datetime) -> list[int]:
    """Return stops whose time is over."""
    rows = Sanction.objects.filter(kind=SanctionKind.STOP, ended_at=None, until__lte=now)
    return list(rows.order_by("until").values_list("pk", flat=True)[: rules.TIMERS_BATCH])
