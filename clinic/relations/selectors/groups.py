"""Groups of a doctor and how many patients stand in each."""

from django.db.models import Count, Q, QuerySet

from clinic.relations.enums import SystemGroup
from clinic.relations.models import PatientGroup, Relation


def groups_of(doctor_id: int) -> QuerySet[PatientGroup]:
    """Return a doctor's own groups in the order of their making, each with ``member_count``."""
    rows = PatientGroup.objects.filter(doctor_id=doctor_id).order_by("id")
    return rows.annotate(member_count=Count("seats"))


def system_groups_of(doctor_id: int) -> dict[SystemGroup, int]:
    """Return how many patients stand in the groups that the house keeps; one query."""
    counts = Relation.objects.filter(doctor_id=doctor_id).aggregate(
        normal=Count("pk"), followed=Count("pk", filter=Q(is_followed=True))
    )
    return {
        SystemGroup.NORMAL: counts["normal"],
        SystemGroup.FOLLOWED: counts["followed"],
    }
