"""Emergency accesses: the one check whether one is open, and what it shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.core.errors import NotFoundError
from clinic.core.roles import Role
from clinic.patients.models import VisitPerson
from clinic.patients.rules import age_in_years
from clinic.privacy.errors import EmergencyOverError
from clinic.privacy.models import EmergencyAccess
from clinic.records.models import MedicalRecord
from clinic.records.selectors.records import records_of_patient

SUPERVISORS = (Role.ADMIN.value, Role.AUDITOR.value)


def open_access(actor: Actor, public_id: UUID, now: datetime) -> EmergencyAccess:
    """Return the actor's own access while its time runs: the one check of all emergency reading.

    Raises NotFoundError for another's, EmergencyOverError when the time is over.
    """
    rows = EmergencyAccess.objects.select_related("patient")
    access = rows.filter(public_id=public_id, reader_id=actor.user_id or 0).first()
    if access is None or not actor.roles & {Role(access.role)}:
        raise NotFoundError
    if access.ends_at <= now:
        raise EmergencyOverError
    return access


def running_access(reader_id: int, patient_id: int, now: datetime) -> EmergencyAccess | None:
    """Return the access of a reader to a patient that is open now."""
    rows = EmergencyAccess.objects.filter(reader_id=reader_id, patient_id=patient_id)
    return rows.filter(ends_at__gt=now).order_by("-id").first()


def accesses_of(actor: Actor) -> QuerySet[EmergencyAccess]:
    """Return the actor's own accesses, newest first; supervisors and auditors see all."""
    rows = EmergencyAccess.objects.select_related("reader", "patient").order_by("-id")
    if actor.roles & {Role.ADMIN, Role.AUDITOR}:
        return rows
    return rows.filter(reader_id=actor.user_id or 0)


def records_under(access: EmergencyAccess) -> QuerySet[MedicalRecord]:
    """Return the signed records that the access opens, newest first."""
    return records_of_patient(access.patient_id)


def persons_under(access: EmergencyAccess, now: datetime) -> list[Mapping[str, Any]]:
    """Return the visit persons of the patient as an emergency needs them."""
    rows = VisitPerson.objects.filter(account_id=access.patient_id, is_active=True).order_by("id")
    return [
        {
            "id": person.public_id,
            "name": person.name,
            "relation": person.relation,
            "gender": person.gender,
            "age": age_in_years(person.birthday, clinic_day(now)) if person.birthday else None,
            "phone": person.phone,
        }
        for person in rows
    ]


def supervisors() -> QuerySet[User]:
    """Return who hears of emergency accesses: administrators and auditors in service."""
    return User.objects.filter(groups__name__in=SUPERVISORS, is_active=True).distinct()
