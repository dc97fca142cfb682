"""Complaints as plain rows for rooms above: no names, no words, no keys of persons."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from clinic.complaints.models import Complaint

CHUNK = 500


class ComplaintRow(TypedDict):
    """One complaint. Codes are those of ``enums``; moments are UTC; money is in fen."""

    id: UUID
    opened_at: datetime
    source: str
    subject: str
    kind: str
    state: str
    round: int
    doctor_id: UUID | None
    department: str
    answered_at: datetime | None
    decided_at: datetime | None
    accepted_at: datetime | None
    points: int
    compensation_fen: int


def complaint_rows(since: datetime, until: datetime) -> Iterator[ComplaintRow]:
    """Yield what was opened from a moment to before another, oldest first, in chunks of 500."""
    points = Sum("quality_entries__points", filter=Q(quality_entries__revoked_at=None))
    rows = Complaint.objects.filter(created_at__gte=since, created_at__lt=until).annotate(
        counted_points=Coalesce(points, 0)
    )
    rows = rows.select_related("doctor__department").order_by("id")
    rows = rows.prefetch_related("compensations__request__refund")
    for row in rows.iterator(chunk_size=CHUNK):
        yield _plain(row)


def _plain(row: Any) -> ComplaintRow:
    refunds = [one.request.refund for one in row.compensations.all()]
    return ComplaintRow(
        id=row.public_id,
        opened_at=row.created_at,
        source=row.source,
        subject=row.subject,
        kind=row.kind,
        state=row.state,
        round=row.round,
        doctor_id=row.doctor.public_id if row.doctor else None,
        department=row.doctor.department.code if row.doctor else "",
        answered_at=row.answered_at,
        decided_at=row.decided_at,
        accepted_at=row.accepted_at,
        points=row.counted_points,
        compensation_fen=sum(refund.amount_fen for refund in refunds if refund),
    )
