"""Broadcasts, their progress and their reports."""

from collections.abc import Collection
from datetime import datetime, time

from django.db.models import Count, Q, QuerySet

from clinic.core.clock import CLINIC_ZONE, clinic_day
from clinic.relations.enums import Audience, BroadcastState, DeliveryState
from clinic.relations.models import Broadcast, Delivery, PatientGroup, Relation


def broadcasts_of(doctor_id: int) -> QuerySet[Broadcast]:
    """Return a doctor's broadcasts, the newest first, with a count for each delivery state."""
    counts = {
        f"{state.value}_count": Count("deliveries", filter=Q(deliveries__state=state))
        for state in DeliveryState
    }
    rows = Broadcast.objects.filter(doctor_id=doctor_id).select_related("group")
    return rows.annotate(total_count=Count("deliveries"), **counts).order_by("-id")


def deliveries_of(broadcast: Broadcast) -> QuerySet[Delivery]:
    """Return what became of a broadcast for each patient."""
    return broadcast.deliveries.select_related("relation__patient").order_by("id")


def audience_of(
    doctor_id: int, audience: Audience, group: PatientGroup | None
) -> QuerySet[Relation]:
    """Return whom a broadcast of this audience is for, whoever takes it in the end."""
    rows = Relation.objects.filter(doctor_id=doctor_id).order_by("id")
    if audience == Audience.FOLLOWERS:
        rows = rows.filter(is_followed=True)
    return rows.filter(groups=group) if group is not None else rows


def told_today(patient_ids: Collection[int], moment: datetime) -> dict[int, int]:
    """Return how many broadcasts each account got on the clinic's day of a moment."""
    since = datetime.combine(clinic_day(moment), time.min, tzinfo=CLINIC_ZONE)
    rows = Delivery.objects.filter(
        relation__patient_id__in=patient_ids, state=DeliveryState.SENT, at__gte=since
    )
    counted = rows.values_list("relation__patient_id").annotate(count=Count("pk"))
    return dict(counted)


def open_broadcast_ids() -> list[int]:
    """Return the broadcasts that are not done yet, the oldest first."""
    rows = Broadcast.objects.filter(state=BroadcastState.SENDING).order_by("id")
    return list(rows.values_list("pk", flat=True))
