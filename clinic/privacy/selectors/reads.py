"""Who opened whose data."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from clinic.core.audit import READ, Why
from clinic.core.clock import CLINIC_ZONE, moment_text
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.privacy.enums import Pronoun
from clinic.settings import rules

COLUMNS: Final = ("at", "reader", "role", "what", "id", "patient", "why", "how", "access")
Line = tuple[str, ...]


def reads_of(patient: UUID, now: datetime) -> QuerySet[AuditEntry]:
    """Return who opened data of a patient within the time shown, newest first."""
    since = now - timedelta(days=rules.READS_SHOWN_DAYS)
    return AuditEntry.objects.filter(
        patient=patient, verb__endswith=READ, created_at__gte=since
    ).order_by("-id")


def reads_between(since: date, until: date) -> QuerySet[AuditEntry]:
    """Return all openings of patients' data on these clinic days, oldest first."""
    return AuditEntry.objects.filter(
        patient__isnull=False,
        verb__endswith=READ,
        created_at__gte=datetime.combine(since, time(), CLINIC_ZONE),
        created_at__lt=datetime.combine(until + timedelta(days=1), time(), CLINIC_ZONE),
    ).order_by("id")


def uses_of(access: UUID) -> QuerySet[AuditEntry]:
    """Return what was opened under an emergency access, oldest first."""
    return AuditEntry.objects.filter(
        note__why=str(Why.EMERGENCY), note__access=str(access)
    ).order_by("id")


def lines(rows: QuerySet[AuditEntry]) -> Iterator[Line]:
    """Yield the rows as texts in the order of COLUMNS, a few at a time."""
    for row in rows.iterator(chunk_size=1000):
        kind, _colon, public_id = row.subject.partition(":")
        note = row.note
        yield (
            moment_text(row.created_at),
            row.actor,
            str(note.get("role", "")),
            kind,
            public_id,
            str(row.patient or ""),
            str(note.get("why", "")),
            str(note.get("how", "")),
            str(note.get("access", "")),
        )


def pronoun_of(role: str) -> Pronoun:
    """Return as what a reader is told to the patient: never by name."""
    if role == Role.DOCTOR:
        return Pronoun.DOCTOR
    return Pronoun.PHARMACIST if role == Role.PHARMACIST else Pronoun.STAFF
