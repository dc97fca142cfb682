"""The quality of doctors: points in the window, complaints, sanctions in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from clinic.complaints.enums import State
from clinic.complaints.models import Complaint, DoctorQuality, QualityEntry, Sanction
from clinic.complaints.rules import score
from clinic.settings import rules


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """A doctor's score (full mark less points), since when points count, and what was decided."""

    score: int
    points: int
    since: datetime
    entries: list[QualityEntry]
    sanctions: list[Sanction]


def quality_of(doctor_id: int, now: datetime) -> Quality:
    """Return a doctor's quality in the window before a moment, in two queries."""
    since = now - rules.QUALITY_WINDOW
    counted = QualityEntry.objects.filter(doctor_id=doctor_id, revoked_at=None, at__gt=since)
    entries = list(counted.select_related("complaint").order_by("-id"))
    points = [entry.points for entry in entries]
    sanctions = Sanction.objects.filter(doctor_id=doctor_id).order_by("-id")
    return Quality(
        score=score(points),
        points=sum(points),
        since=since,
        entries=entries,
        sanctions=list(sanctions[: rules.SANCTIONS_SHOWN]),
    )


def doctors_by_quality(now: datetime) -> QuerySet[Any]:
    """Return doctors about whom somebody complained or something was decided, the worst first.

    Each has ``quality_points``, ``complaint_count`` and ``justified_count`` of the window, and
    ``is_service_stopped``; one query.
    """
    since = now - rules.QUALITY_WINDOW
    entries = QualityEntry.objects.filter(doctor=OuterRef("pk"), revoked_at=None, at__gt=since)
    complaints = Complaint.objects.filter(doctor=OuterRef("pk"), created_at__gt=since)
    justified = complaints.filter(state=State.RESOLVED)
    known = Exists(Complaint.objects.filter(doctor=OuterRef("pk"))) | Exists(
        Sanction.objects.filter(doctor=OuterRef("pk"))
    )
    return (
        DoctorQuality.objects.filter(known)
        .select_related("department")
        .annotate(
            quality_points=_one(entries, Sum("points")),
            complaint_count=_one(complaints, Count("pk")),
            justified_count=_one(justified, Count("pk")),
        )
        .order_by("-quality_points", "-complaint_count", "id")
    )


def _one(rows: QuerySet[Any], figure: Aggregate) -> Coalesce:
    grouped = rows.order_by().values("doctor").annotate(figure=figure).values("figure")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)
