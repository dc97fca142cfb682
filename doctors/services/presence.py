"""Who is there: chosen by the doctor, kept up by heartbeats, ended by silence."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Value

from clinic.core.actor import Actor
from clinic.core.clock import clinic_day, now
from clinic.core.events import publish
from clinic.settings import rules
from doctors.enums import Certification, DoctorStatus, PresenceState
from doctors.errors import NotCertifiedError, SuspendedError
from doctors.events import DoctorWentOffline
from doctors.models import Doctor, DoctorPresence
from doctors.selectors.presence import duty_out_of_date, long_silent, silent
from doctors.services.duty import lock_doctor, refresh_duty

BATCH: Final = 200  # rows locked at once by the sweep
# A device that was silent beyond the hard time-out must say "online" again, also before the sweep.
BEAT: Final = """
    UPDATE doctors_doctorpresence AS p SET heartbeat_at = %s
    FROM doctors_doctor AS d
    WHERE d.user_id = %s AND p.doctor_id = d.id
      AND (p.state = 'offline' OR p.heartbeat_at > %s)
    RETURNING p.doctor_id, p.resumes_as, p.changed_at
"""


def set_presence(*, doctor_id: int, state: str, by: Actor) -> DoctorPresence:
    """Store what the doctor says of himself, note the sign of life, and announce the change.

    Raises SuspendedError or NotCertifiedError when he may not work; going offline always works.
    """
    moment = now()
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        if state != PresenceState.OFFLINE and by.kind == "user":
            check_may_work(doctor, moment)
        return _store(doctor, state, moment)


def check_may_work(doctor: Doctor, moment: datetime) -> None:
    """Let a doctor pass who may see patients. Raises SuspendedError, NotCertifiedError."""
    if doctor.status != DoctorStatus.ACTIVE:
        raise SuspendedError
    valid_until = doctor.licence_valid_until
    is_valid = valid_until is not None and valid_until >= clinic_day(moment)
    if doctor.certification != Certification.CERTIFIED or not is_valid:
        raise NotCertifiedError


def beat(user_id: int) -> None:
    """Note a sign of life of the doctor with this account; nothing for everybody else.

    One update. A doctor who fell silent for less than the hard time-out comes back as he was.
    """
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(BEAT, [moment, user_id, moment - rules.PRESENCE_HARD_TIMEOUT])
        row = cursor.fetchone()
    if row is None:
        return
    doctor_id, resumes_as, changed_at = row
    if resumes_as and moment - changed_at < rules.PRESENCE_HARD_TIMEOUT:
        _resume(doctor_id, moment)


def expire_presence() -> int:
    """Take doctors who fell silent offline and return how many; bring duty up to the hours.

    Safe to run twice at once: rows that somebody holds wait for the next round.
    """
    moment = now()
    gone = silent(moment)
    for start in range(0, len(gone), BATCH):
        _expire(gone[start : start + BATCH], moment)
    long_silent(moment).update(resumes_as="")
    for doctor_id in duty_out_of_date(moment):
        with transaction.atomic():
            refresh_duty(lock_doctor(doctor_id), moment)
    return len(gone)


def _store(doctor: Doctor, state: str, moment: datetime) -> DoctorPresence:
    presence, made = DoctorPresence.objects.get_or_create(
        doctor=doctor, defaults={"state": state, "heartbeat_at": moment, "changed_at": moment}
    )
    if not made:
        if presence.state != state:
            presence.changed_at = moment
        presence.state, presence.resumes_as, presence.heartbeat_at = state, "", moment
        presence.save(update_fields=["state", "resumes_as", "heartbeat_at", "changed_at"])
    refresh_duty(doctor, moment)
    return presence


def _resume(doctor_id: int, moment: datetime) -> None:
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        resumes_as = (
            DoctorPresence.objects.filter(pk=doctor_id, state=PresenceState.OFFLINE)
            .values_list("resumes_as", flat=True)
            .first()
        )
        if resumes_as:
            _store(doctor, resumes_as, moment)


def _expire(doctor_ids: list[int], moment: datetime) -> None:
    with transaction.atomic():
        held = Doctor.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        locked = dict(held.filter(pk__in=doctor_ids).order_by("pk").values_list("pk", "is_on_duty"))
        DoctorPresence.objects.filter(
            pk__in=locked, heartbeat_at__lte=moment - rules.PRESENCE_SILENCE
        ).exclude(state=PresenceState.OFFLINE).update(
            resumes_as=F("state"), state=Value(PresenceState.OFFLINE), changed_at=moment
        )
        left = DoctorPresence.objects.filter(pk__in=locked, state=PresenceState.OFFLINE)
        off_duty = [pk for pk in left.values_list("pk", flat=True) if locked[pk]]
        Doctor.objects.filter(pk__in=off_duty).update(is_on_duty=False, duty_ends_at=None)
        for doctor_id in off_duty:
            publish(DoctorWentOffline(doctor_id=doctor_id))
