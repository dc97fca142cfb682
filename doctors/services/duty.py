"""Whether a doctor is on duty: presence and hours, written onto his row for the search."""

from datetime import datetime

from clinic.core.clock import clinic_time
from clinic.core.events import publish
from doctors.enums import PresenceState
from doctors.events import DoctorCameOnline, DoctorWentOffline
from doctors.models import Doctor, DoctorPresence, ServiceHours
from doctors.rules import Opening, Stretch, opening


def lock_doctor(doctor_id: int) -> Doctor:
    """Return the doctor's row, locked until the transaction ends."""
    return Doctor.objects.select_for_update(of=("self",), no_key=True).get(pk=doctor_id)


def open_for(doctor: Doctor) -> set[str]:
    """Return what the doctor's switches let him take: text, phone, both or neither."""
    switches = {"text": doctor.is_text_open, "phone": doctor.is_phone_open}
    return {name for name, is_open in switches.items() if is_open and doctor.is_service_open}


def lock_out_bookings(doctor_id: int) -> Doctor:
    """Return the doctor's row, locked so that bookings of him wait until the transaction ends.

    The promise ``doctor_is_there`` of appointments takes the weak lock that this one stops, and
    then looks again. Raises Doctor.DoesNotExist.
    """
    return Doctor.objects.select_for_update(of=("self",)).get(pk=doctor_id)


def refresh_duty(doctor: Doctor, moment: datetime) -> None:
    """Bring a locked doctor's duty up to his presence and hours, and announce a change."""
    opened = _opening_of(doctor.pk, moment)
    was_on_duty = doctor.is_on_duty
    if (was_on_duty, doctor.duty_ends_at) == (opened.is_open, opened.ends_at):
        return
    doctor.is_on_duty, doctor.duty_ends_at = opened.is_open, opened.ends_at
    doctor.save(update_fields=["is_on_duty", "duty_ends_at"])
    if opened.is_open and not was_on_duty:
        publish(DoctorCameOnline(doctor_id=doctor.pk))
    if was_on_duty and not opened.is_open:
        publish(DoctorWentOffline(doctor_id=doctor.pk))


def _opening_of(doctor_id: int, moment: datetime) -> Opening:
    is_there = DoctorPresence.objects.filter(pk=doctor_id, state=PresenceState.ONLINE).exists()
    if not is_there:
        return Opening(is_open=False)
    rows = ServiceHours.objects.filter(doctor_id=doctor_id).values("weekday", "start", "end")
    return opening([Stretch(**row) for row in rows], clinic_time(moment))
