"""Invites and what became of them."""

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from clinic.relations.models import Invite
from doctors.models import Doctor


def invites_of(doctor_id: int) -> QuerySet[Invite]:
    """Return a doctor's invites, the newest first.

    Each row has ``scan_count``, ``patient_count`` (who scanned) and ``relation_count`` (who was
    new to the doctor).
    """
    rows = Invite.objects.filter(doctor_id=doctor_id).order_by("-id")
    return rows.annotate(
        scan_count=Coalesce(Sum("scans__times"), 0),
        patient_count=Count("scans"),
        relation_count=Count("scans", filter=Q(scans__made_relation=True)),
    )


def open_invite(scene: str) -> Invite | None:
    """Return the invite behind a scene, with doctor and department; None when it opens nothing.

    A revoked one opens nothing, nor does one of a doctor whom patients may not see.
    """
    rows = Invite.objects.filter(scene=scene, revoked_at=None, doctor__in=Doctor.objects.listed())
    return rows.select_related("doctor__department").first()
