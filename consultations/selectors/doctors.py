"""Doctors who may serve a kind of consultation."""

from datetime import datetime

from consultations.rules import is_phone
from doctors.models import Doctor
from doctors.models.doctor import DoctorQuerySet


def able_doctors(kind: str, now: datetime) -> DoctorQuerySet:
    """Return the doctors who take such cases, online or not."""
    everybody = Doctor.objects
    return everybody.allowed_to_call(now) if is_phone(kind) else everybody.allowed_to_work(now)
