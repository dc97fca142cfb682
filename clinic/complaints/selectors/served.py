"""Which doctors had a consultation that somebody complains of, and when; whose own it is."""

from datetime import datetime

from django.db.models import Q

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


def times_of_doctor(complaint: Complaint) -> list[tuple[datetime | None, datetime | None]]:
    """Return each time when the doctor concerned had the case, oldest first: since and until when.

    None is without limit: he had it alone, or nobody can tell.
    """
    rows = served_by(complaint)
    own = [row for row in rows if row.doctor_id == complaint.doctor_id]
    if not own or len(own) == len(rows):
        return [(None, None)]
    return [(row.started_at, row.ended_at) for row in own]


def barred_from(complaint: Complaint) -> set[int]:
    """Return the accounts that this complaint is their own of, by the rule of ``own_of``."""
    people = {complaint.patient_id, complaint.about_user_id}
    if complaint.subject == Subject.CONSULTATION:
        had = Assignment.objects.filter(consultation__public_id=complaint.subject_public_id)
        people.update(had.values_list("doctor__user_id", flat=True))
    return {user_id for user_id in people if user_id is not None}


def own_of(user_id: int | None) -> Q:
    """Return the condition of complaints that an account neither reads as staff nor handles.

    Its owner complained, is complained of, or ever had the case as a doctor. Whom staff chose once
    had it, and assignments are never deleted.
    """
    me = user_id or 0
    had = Assignment.objects.filter(doctor__user_id=me).values("consultation__public_id")
    served = Q(subject=Subject.CONSULTATION, subject_public_id__in=had)
    return Q(patient_id=me) | Q(about_user_id=me) | served
