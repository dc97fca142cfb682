"""The medical record of a case: drafted while it runs, signed at its end or afterwards."""

from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.transitions import check_move
from clinic.records.enums import Subject
from clinic.records.models import MedicalRecord
from clinic.records.selectors.records import record_of
from clinic.records.services.drafts import Care, save_draft
from clinic.records.services.signing import sign
from consultations.enums import MOVES, State
from consultations.models import Consultation
from consultations.services.acceptance import check_doctor
from consultations.services.prefilling import first_texts
from consultations.services.revisit import check_confirmed
from consultations.services.state import locked

SERVED = frozenset({State.COMPLETED, State.REFERRED_OFFLINE})


def draft_of(consultation: Consultation) -> MedicalRecord:
    """Return the record of a case as it is, or an unsaved one that begins with the intake."""
    found = record_of(Subject.CONSULTATION, consultation.public_id)
    return found or MedicalRecord(**first_texts(consultation))


def save_record(consultation_id: int, *, actor: Actor, told: dict[str, Any]) -> MedicalRecord:
    """Store what the doctor wrote so far. Locks the case.

    Raises NotFoundError, IllegalTransitionError before it runs, RecordSignedError.
    """
    with transaction.atomic():
        return save_draft(_care(_writable(consultation_id, actor)), told=told)


def sign_late(consultation_id: int, *, actor: Actor, told: dict[str, Any]) -> MedicalRecord:
    """Sign the record of a case that ended without one: by its patient, by time, by referral.

    Raises NotFoundError, IllegalTransitionError while it runs, RecordSignedError; of a case
    that was not referred RevisitNotConfirmedError.
    """
    with transaction.atomic():
        consultation = _writable(consultation_id, actor)
        if consultation.state not in SERVED:
            check_move({}, consultation.state, State.COMPLETED)
        if consultation.state == State.COMPLETED:
            check_confirmed(consultation)
        return sign(_care(consultation), told=told, now=current_moment())


def sign_record(consultation: Consultation, *, told: dict[str, Any], now: datetime) -> None:
    """Sign the record of a locked case that its doctor completes."""
    sign(_care(consultation), told=told, now=now)


def _writable(consultation_id: int, actor: Actor) -> Consultation:
    consultation = locked(consultation_id)
    check_doctor(consultation, actor)
    if consultation.state not in SERVED:
        check_move(MOVES, consultation.state, State.COMPLETED)
    return consultation


def _care(consultation: Consultation) -> Care:
    if consultation.doctor is None:
        raise NotFoundError
    return Care(
        kind=Subject.CONSULTATION,
        public_id=consultation.public_id,
        doctor=consultation.doctor,
        person=consultation.person,
        patient_id=consultation.patient_id,
        first=first_texts(consultation),
    )
