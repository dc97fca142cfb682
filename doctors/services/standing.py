"""Whether the clinic lets a doctor work: credentials checked, suspended, restored. Staff only."""

from datetime import date, datetime

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from doctors.enums import Certification, DoctorStatus
from doctors.errors import LicenceExpiredError
from doctors.models import Doctor


def certify(*, doctor_id: int, licence_valid_until: date, now: datetime, by: Actor) -> Doctor:
    """Accept the credentials of a doctor until his licence ends. Raises LicenceExpiredError."""
    if licence_valid_until < clinic_day(now):
        raise LicenceExpiredError
    return _change(
        doctor_id,
        by,
        "doctor.certify",
        certification=Certification.CERTIFIED,
        licence_valid_until=licence_valid_until,
    )


def reject(*, doctor_id: int, reason: str, by: Actor) -> Doctor:
    """Refuse the credentials; ``reason`` is a code for the audit log."""
    return _change(
        doctor_id, by, "doctor.reject", reason=reason, certification=Certification.REJECTED
    )


def suspend(*, doctor_id: int, reason: str, by: Actor) -> Doctor:
    """Give the doctor no new patients; those he has stay with him. ``reason`` is a code."""
    return _change(doctor_id, by, "doctor.suspend", reason=reason, status=DoctorStatus.SUSPENDED)


def restore(*, doctor_id: int, by: Actor) -> Doctor:
    """Let a suspended doctor work again."""
    return _change(doctor_id, by, "doctor.restore", status=DoctorStatus.ACTIVE)


def _change(doctor_id: int, by: Actor, verb: str, *, reason: str = "", **fields: object) -> Doctor:
    with transaction.atomic():
        doctor = Doctor.objects.select_for_update(of=("self",), no_key=True).get(pk=doctor_id)
        for name, value in fields.items():
            setattr(doctor, name, value)
        doctor.save(update_fields=list(fields))
        audit.record(by, verb, "doctor", doctor.public_id, **({"reason": reason} if reason else {}))
    return doctor
