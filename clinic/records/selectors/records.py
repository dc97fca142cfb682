"""Which records an actor may see."""

from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.records.enums import State
from clinic.records.models import MedicalRecord


def visible_to(actor: Actor) -> QuerySet[MedicalRecord]:
    """Return the signed records of the actor's visit persons, and those he signed as doctor."""
    reach = Q(pk=None)
    if actor.has_role(Role.PATIENT):
        reach |= Q(patient_id=actor.user_id or 0)
    if actor.has_role(Role.DOCTOR):
        reach |= Q(doctor__user_id=actor.user_id or 0)
    return MedicalRecord.objects.filter(reach, state=State.SIGNED)


def signed_by(actor: Actor) -> QuerySet[MedicalRecord]:
    """Return the records the actor signed as doctor."""
    return MedicalRecord.objects.filter(doctor__user_id=actor.user_id or 0, state=State.SIGNED)


def with_all(rows: QuerySet[MedicalRecord]) -> QuerySet[MedicalRecord]:
    """Bring diagnoses, addenda and people along."""
    return rows.select_related("doctor", "person").prefetch_related(
        "diagnoses", "addenda", "addenda__record"
    )


def record_of(subject_kind: str, subject_public_id: UUID) -> MedicalRecord | None:
    """Return the record of a piece of care, drafted or signed, for rooms above."""
    rows = MedicalRecord.objects.filter(
        subject_kind=subject_kind, subject_public_id=subject_public_id
    )
    return rows.prefetch_related("diagnoses").first()


def records_of_patient(user_id: int) -> QuerySet[MedicalRecord]:
    """Return the signed records of an account, newest first, for rooms above."""
    rows = MedicalRecord.objects.filter(patient_id=user_id, state=State.SIGNED)
    return with_all(rows).order_by("-id")


def by_token(token: str) -> MedicalRecord | None:
    """Return the signed record that a printed verification code stands for."""
    return with_all(MedicalRecord.objects.filter(verify_token=token)).first()
