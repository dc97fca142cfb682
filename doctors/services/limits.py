"""How many patients a doctor may have at once. Staff only."""

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from doctors.errors import LimitTooHighError
from doctors.models import Doctor
from doctors.services.duty import lock_doctor

HIGHEST = 100  # what the constraint of the table allows


def make_room(*, doctor_id: int, by: Actor, reason: str) -> Doctor:
    """Raise a full doctor's own limit by one; one with room stays as he is.

    The raised limit holds until staff changes it. Raises LimitTooHighError.
    """
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        if doctor.current_consultation_count < doctor.place_limit:
            return doctor
        if doctor.place_limit >= HIGHEST:
            raise LimitTooHighError
        doctor.max_consultations = doctor.place_limit + 1
        doctor.save(update_fields=["max_consultations"])
        audit.record(
            by, "doctor.make_room", "doctor", doctor.public_id,
            limit=doctor.max_consultations, reason=reason,
        )  # fmt: skip
    return doctor
