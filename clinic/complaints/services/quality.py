"""Points against doctors."""

from datetime import datetime

from clinic.complaints.models import Complaint, QualityEntry
from clinic.core import audit
from clinic.core.actor import Actor


def give_points(
    complaint: Complaint,
    *,
    doctor_id: int,
    points: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> QualityEntry:
    """Take points from the complaint's doctor, whom the caller checked, with the decision."""
    entry = QualityEntry.objects.create(
        doctor_id=doctor_id,
        complaint=complaint,
        points=points,
        reason=reason,
        given_by_id=actor.account_id,
        at=now,
    )
    audit.record(actor, "quality.give", "complaint", complaint.public_id, points=points)
    return entry


def revoke_points(complaint: Complaint, *, now: datetime) -> None:
    """Let points of an earlier decision on a locked complaint count no longer. Repeatable."""
    QualityEntry.objects.filter(complaint=complaint, revoked_at=None).update(revoked_at=now)
