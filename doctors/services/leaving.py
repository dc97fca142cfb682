"""A doctor whose account is deleted."""

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.events import publish
from doctors.enums import DoctorStatus, PresenceState
from doctors.events import DoctorSuspended
from doctors.models import Doctor
from doctors.services.duty import lock_out_bookings
from doctors.services.presence import set_presence


def leave(*, user_id: int, by: Actor) -> None:
    """Take the doctor of an account out of service and forget what is personal; safe to repeat.

    His name stays on the records he signed, as the law on medical records wants.
    """
    doctor = Doctor.objects.filter(user_id=user_id).first()
    if doctor is None:
        return
    with transaction.atomic():
        lock_out_bookings(doctor.pk)
        set_presence(doctor_id=doctor.pk, state=PresenceState.OFFLINE, by=by)
        Doctor.objects.filter(pk=doctor.pk).update(
            status=DoctorStatus.SUSPENDED, is_service_open=False, phone="", openid="", icon=""
        )
        publish(DoctorSuspended(doctor_id=doctor.pk))
        audit.record(by, "leave", "doctor", doctor.public_id)
