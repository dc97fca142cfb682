"""How many patients a doctor may have at once. Staff only."""

from dataclasses import dataclass

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from doctors.errors import LimitTooHighError
from doctors.models import Doctor
from doctors.services.duty import lock_doctor

HIGHEST = 100  # what the constraint of the table allows


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """A raised limit, and the doctor's own one before; None where his level sets it."""

    limit: int
    own_limit: int | None


def make_room(*, doctor_id: int, by: Actor, reason: str) -> Raised | None:
    """Raise a full doctor's own limit by one; None for one with room, who stays as he is.

    Whoever raises it takes the room back with ``take_room_back``. Raises LimitTooHighError.
    """
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        if doctor.current_consultation_count < doctor.place_limit:
            return None
        if doctor.place_limit >= HIGHEST:
            raise LimitTooHighError
        raised = Raised(limit=doctor.place_limit + 1, own_limit=doctor.max_consultations)
        doctor.max_consultations = raised.limit
        doctor.save(update_fields=["max_consultations"])
        audit.record(
            by, "doctor.make_room", "doctor", doctor.public_id,
            limit=raised.limit, reason=reason,
        )  # fmt: skip
    return raised


def take_room_back(*, doctor_id: int, raised: Raised) -> bool:
    """Give a doctor with a free place his own limit back; False when staff has set another since.

    In the transaction that frees the place.
    """
    unchanged = Doctor.objects.filter(
        pk=doctor_id,
        max_consultations=raised.limit,
        current_consultation_count__lt=raised.limit,
    )
    return bool(unchanged.update(max_consultations=raised.own_limit))
