"""Which doctors had a consultation that somebody complains of, and when."""

from datetime import datetime

from clinic.complaints.enums import Subject
from clinic.complaints.models import Complaint
from consultations.models import Assignment


def served_by(complaint: Complaint) -> list[Assignment]:
    """Return the assignments of the case, oldest first, with doctors; empty for other things."""
    if complaint.subject != Subject.CONSULTATION:
        return []
    rows = Assignment.objects.filter(
        consultation__public_id=complaint.subject_public_id,
        consultation__patient_id=complaint.patient_id,
    )
    return list(rows.select_related("doctor__user").order_by("id"))


def time_of_doctor(complaint: Complaint) -> tuple[datetime | None, datetime | None]:
    """Return since when and until when the doctor concerned had the case; None is without limit."""
    rows = served_by(complaint)
    own = [row for row in rows if row.doctor_id == complaint.doctor_id]
    if not own or len(own) == len(rows):
        return None, None
    return own[0].started_at, own[-1].ended_at
