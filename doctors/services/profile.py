"""What a doctor may change about himself: words, switches, prices, hours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.events import publish
from doctors.errors import HoursOverlapError, ServiceStoppedError
from doctors.events import DoctorCameOnline
from doctors.models import ServiceHours
from doctors.rules import Stretch, overlapping
from doctors.services.duty import lock_doctor, open_for, refresh_duty

OWN_FIELDS = frozenset(
    {
        "icon", "hospital", "description", "is_service_open", "is_text_open", "is_phone_open",
        "text_price_fen", "phone_price_fen",
    }
)  # fmt: skip


def change_profile(*, doctor_id: int, by: Actor, **changes: Any) -> None:
    """Store new values of a doctor's own fields. Raises ValueError for any other field.

    Raises ServiceStoppedError while staff keeps him from opening his service.

    Opening a switch while on duty is announced like coming online.
    """
    if changes.keys() - OWN_FIELDS:
        raise ValueError(sorted(changes.keys() - OWN_FIELDS))
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        if doctor.is_service_stopped and changes.get("is_service_open"):
            raise ServiceStoppedError
        before = open_for(doctor)
        for name, value in changes.items():
            setattr(doctor, name, value)
        doctor.save(update_fields=sorted(changes))
        audit.record(by, "change", "doctor", doctor.public_id, fields=sorted(changes))
        if open_for(doctor) - before and doctor.is_on_duty:
            publish(DoctorCameOnline(doctor_id=doctor.pk))


def set_hours(*, doctor_id: int, stretches: Sequence[Stretch], by: Actor, moment: datetime) -> None:
    """Replace a doctor's hours; none means always. Raises HoursOverlapError."""
    if overlapping(stretches):
        raise HoursOverlapError
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        ServiceHours.objects.filter(doctor=doctor).delete()
        ServiceHours.objects.bulk_create(
            ServiceHours(doctor=doctor, weekday=one.weekday, start=one.start, end=one.end)
            for one in stretches
        )
        audit.record(by, "set_hours", "doctor", doctor.public_id, count=len(stretches))
        refresh_duty(doctor, moment)
