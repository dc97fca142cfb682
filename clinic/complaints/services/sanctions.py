"""What staff decides about a doctor: a warning, or no new patients until a moment."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from clinic.complaints.enums import SanctionKind
from clinic.complaints.errors import OwnCaseError, SanctionOverError
from clinic.complaints.models import Sanction
from clinic.complaints.services import telling
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.settings import rules
from doctors.models import Doctor
from doctors.services.standing import resume_service, stop_service


def warn_doctor(doctor_id: int, *, reason: str, actor: Actor, now: datetime) -> Sanction:
    """Warn a doctor; he is told. Raises OwnCaseError."""
    with transaction.atomic():
        doctor = _other_doctor(doctor_id, actor)
        sanction = _give(doctor, SanctionKind.WARNING, reason=reason, actor=actor, now=now)
        telling.sanctioned(doctor, sanction)
    return sanction


def stop_assignment(
    doctor_id: int, *, until: datetime, reason: str, actor: Actor, now: datetime
) -> Sanction:
    """Let a doctor get no new consultations until a moment; he ends those he has, and is told.

    Raises OwnCaseError, AlreadyStoppedError, InvalidInputError for a moment that has passed or
    lies more than SANCTION_LONGEST ahead.
    """
    if not now < until <= now + rules.SANCTION_LONGEST:
        raise InvalidInputError("until", _("Choose a day ahead, at most a year from now."))
    try:
        with transaction.atomic():
            doctor = _other_doctor(doctor_id, actor)
            was_open = stop_service(doctor_id=doctor_id, by=actor)
            sanction = _give(
                doctor, SanctionKind.STOP, reason=reason, actor=actor, now=now,
                until=until, was_open=was_open,
            )  # fmt: skip
            telling.sanctioned(doctor, sanction)
    except IntegrityError as error:
        raise translate(error) from None
    return sanction


def lift(sanction_id: int, *, actor: Actor, now: datetime) -> None:
    """End a sanction before its time; the doctor works as before. Raises SanctionOverError."""
    with transaction.atomic():
        if not _end(sanction_id, actor=actor, lifted_by_id=actor.account_id, now=now):
            raise SanctionOverError
        sanction = Sanction.objects.get(pk=sanction_id)
        audit.record(actor, "sanction.lift", "sanction", sanction.public_id)


def end_in_time(sanction_id: int, *, actor: Actor, now: datetime) -> bool:
    """End a stop whose time is over; say whether it was in force. Repeatable."""
    with transaction.atomic():
        return _end(sanction_id, actor=actor, lifted_by_id=None, now=now)


def _end(sanction_id: int, *, actor: Actor, lifted_by_id: int | None, now: datetime) -> bool:
    # By condition: of two who end it at once one row changes once.
    rows = Sanction.objects.filter(pk=sanction_id, ended_at=None)
    if not rows.update(ended_at=now, lifted_by_id=lifted_by_id):
        return False
    sanction = Sanction.objects.select_related("doctor__user").get(pk=sanction_id)
    if sanction.kind == SanctionKind.STOP:
        resume_service(doctor_id=sanction.doctor_id, is_open=sanction.was_open, by=actor)
        telling.stop_over(sanction.doctor, sanction)
    return True


def _other_doctor(doctor_id: int, actor: Actor) -> Doctor:
    doctor = Doctor.objects.select_related("user").filter(pk=doctor_id).first()
    if doctor is None:
        raise NotFoundError
    if doctor.user_id == actor.user_id:
        raise OwnCaseError
    return doctor


def _give(
    doctor: Doctor,
    kind: SanctionKind,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    until: datetime | None = None,
    was_open: bool = False,
) -> Sanction:
    sanction = Sanction.objects.create(
        doctor=doctor,
        kind=kind,
        reason=reason,
        given_by_id=actor.account_id,
        until=until,
        was_open=was_open,
        created_at=now,
    )
    audit.record(actor, "sanction.give", "doctor", doctor.public_id, decided=kind)
    return sanction
