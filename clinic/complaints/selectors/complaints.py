"""Whose complaints an actor may see, and what each reader sees of them."""

from django.db.models import Prefetch, Q

from clinic.complaints.enums import Side
from clinic.complaints.models import (
    Compensation,
    Complaint,
    ComplaintFile,
    ComplaintNote,
    ComplaintQuerySet,
)
from clinic.core.actor import Actor
from clinic.core.roles import Role

MONEY = Prefetch("compensations", queryset=Compensation.objects.select_related("request"))


def own(actor: Actor) -> ComplaintQuerySet:
    """Return what the actor complained of as a patient, newest first, in three queries."""
    if not actor.has_role(Role.PATIENT):
        return Complaint.objects.none()
    rows = Complaint.objects.filter(patient_id=actor.user_id or 0).select_related("doctor")
    return rows.prefetch_related(MONEY).order_by("-id")


def with_talk(rows: ComplaintQuerySet) -> ComplaintQuerySet:
    """Load what the patient may read beside the complaint: his notes, answers, files, steps."""
    notes = ComplaintNote.objects.exclude(side=Side.DOCTOR).exclude(
        side=Side.STAFF, for_patient=False
    )
    files = ComplaintFile.objects.select_related("file")
    return rows.prefetch_related(
        Prefetch("notes", queryset=notes, to_attr="shown_notes"),
        Prefetch("files", queryset=files, to_attr="shown_files"),
        "steps",
    )


def about_doctor(doctor_id: int) -> ComplaintQuerySet:
    """Return what concerns a doctor, newest first."""
    return Complaint.objects.filter(doctor_id=doctor_id).order_by("-id")


def with_comments(rows: ComplaintQuerySet, doctor_id: int) -> ComplaintQuerySet:
    """Load what this doctor said and was asked, not another one, and points in force."""
    his = Q(side=Side.DOCTOR) | Q(for_doctor=True)
    notes = ComplaintNote.objects.filter(his, doctor_id=doctor_id)
    return rows.prefetch_related(
        Prefetch("notes", queryset=notes, to_attr="shown_notes"), "quality_entries"
    )
