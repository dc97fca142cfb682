"""What papers do to a doctor's certification, and what losing it does to his work."""

from datetime import date

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day, now
from clinic.core.events import publish
from doctors.enums import (
    REQUIRED_CREDENTIALS,
    Certification,
    CredentialKind,
    CredentialState,
    PresenceState,
)
from doctors.events import DoctorSuspended
from doctors.models import Credential, Doctor
from doctors.rules.credentials import certification_by
from doctors.services.duty import lock_doctor
from doctors.services.presence import set_presence


def raise_certification(doctor: Doctor, *, by: Actor) -> None:
    """Bring a locked doctor's certification up to his papers; one that stands is never lowered.

    The licence is valid until the first required paper ends.
    """
    reached = _reached(doctor)
    if reached == Certification.CERTIFIED:
        _store(doctor, reached, _valid_until(doctor), by=by)
    elif doctor.certification != Certification.CERTIFIED:
        _store(doctor, reached, doctor.licence_valid_until, by=by)


def lower_certification(doctor: Doctor, *, by: Actor) -> None:
    """Bring a locked doctor's certification down to his papers.

    Who loses it goes offline, and the rooms above take his patients and appointments from him.
    """
    was_certified = doctor.certification == Certification.CERTIFIED
    reached = _reached(doctor)
    if reached == Certification.CERTIFIED:
        _store(doctor, reached, _valid_until(doctor), by=by)
        return
    _store(doctor, reached, doctor.licence_valid_until, by=by)
    if was_certified:
        set_presence(doctor_id=doctor.pk, state=PresenceState.OFFLINE, by=by)
        publish(DoctorSuspended(doctor_id=doctor.pk))


def end_certification(doctor_id: int, *, by: Actor) -> bool:
    """Stop the work of a doctor whose licence is over; say whether it was. Repeatable."""
    with transaction.atomic():
        doctor = lock_doctor(doctor_id)
        valid_until = doctor.licence_valid_until
        if doctor.certification != Certification.CERTIFIED or valid_until is None:
            return False
        if valid_until >= clinic_day(now()):
            return False
        _store(doctor, Certification.NONE, valid_until, by=by)
        set_presence(doctor_id=doctor.pk, state=PresenceState.OFFLINE, by=by)
        publish(DoctorSuspended(doctor_id=doctor.pk))
    return True


def _reached(doctor: Doctor) -> Certification:
    papers = Credential.objects.filter(doctor=doctor).order_by("id")
    return certification_by(papers.values_list("kind", "state"))


def _valid_until(doctor: Doctor) -> date | None:
    ends = Credential.objects.filter(
        doctor=doctor,
        state=CredentialState.APPROVED,
        kind__in=REQUIRED_CREDENTIALS,
        valid_until__isnull=False,
    )
    first: date | None = ends.order_by("valid_until").values_list("valid_until", flat=True).first()
    return first


def _store(doctor: Doctor, reached: Certification, valid_until: date | None, *, by: Actor) -> None:
    licence = Credential.objects.filter(
        doctor=doctor, kind=CredentialKind.PRACTICE_LICENCE, state=CredentialState.APPROVED
    ).first()
    before = doctor.certification
    doctor.certification, doctor.licence_valid_until = reached, valid_until
    if licence is not None:
        doctor.practising_since = licence.practising_since
    doctor.save(update_fields=["certification", "licence_valid_until", "practising_since"])
    if before != reached:
        audit.record(by, "doctor.certification", "doctor", doctor.public_id, to=str(reached))
