"""Whether the clinic lets a doctor work: suspended, restored. Staff only."""

from django.db import transaction

from clinic.accounts.services.roles import grant_role, revoke_role
from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.events import publish
from clinic.core.roles import Role
from doctors.enums import DoctorStatus, PresenceState
from doctors.events import DoctorCameOnline, DoctorSuspended
from doctors.models import Doctor
from doctors.services.duty import lock_doctor, lock_out_bookings, open_for
from doctors.services.presence import set_presence

STANDING = system_actor("doctor standing")


def suspend(*, doctor_id: int, reason: str, by: Actor) -> Doctor:
    """Stop the doctor's work at once; ``reason`` is a code.

    He loses his role, so the next request and the open socket are refused, and he goes offline.
    The rooms above take the patients he has from him.
    """
    with transaction.atomic():
        lock_out_bookings(doctor_id)
        doctor = _change(
            doctor_id, by, "doctor.suspend", reason=reason, status=DoctorStatus.SUSPENDED
        )
        set_presence(doctor_id=doctor_id, state=PresenceState.OFFLINE, by=by)
        revoke_role(user=doctor.user, role=Role.DOCTOR, by=STANDING)
        publish(DoctorSuspended(doctor_id=doctor_id))
    return doctor


def restore(*, doctor_id: int, by: Actor) -> Doctor:
    """Let a suspended doctor work again."""
    with transaction.atomic():
        doctor = _change(doctor_id, by, "doctor.restore", status=DoctorStatus.ACTIVE)
        grant_role(user=doctor.user, role=Role.DOCTOR, by=STANDING)
    return doctor


def stop_service(*, doctor_id: int, by: Actor) -> bool:
    """Let a doctor get no new consultations, whatever his switches; say whether he took some.

    He keeps his role, the cases he has and his appointments. Repeatable.
    """
    with transaction.atomic():
        was_open = lock_doctor(doctor_id).is_service_open
        _change(doctor_id, by, "doctor.stop", is_service_open=False, is_service_stopped=True)
    return was_open


def resume_service(*, doctor_id: int, is_open: bool, by: Actor) -> Doctor:
    """Let a stopped doctor open his service again; ``is_open`` opens it at once."""
    with transaction.atomic():
        doctor = _change(
            doctor_id, by, "doctor.resume", is_service_open=is_open, is_service_stopped=False
        )
        if open_for(doctor) and doctor.is_on_duty:
            publish(DoctorCameOnline(doctor_id=doctor_id))
    return doctor


def _change(doctor_id: int, by: Actor, verb: str, *, reason: str = "", **fields: object) -> Doctor:
    with transaction.atomic():
        doctor = Doctor.objects.select_for_update(of=("self",), no_key=True).get(pk=doctor_id)
        for name, value in fields.items():
            setattr(doctor, name, value)
        doctor.save(update_fields=list(fields))
        audit.record(by, verb, "doctor", doctor.public_id, **({"reason": reason} if reason else {}))
    return doctor
