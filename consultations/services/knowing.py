"""Telling the relation of doctor and patient that a case began or ended."""

from uuid import UUID

from clinic.core.errors import NotFoundError
from clinic.records.enums import State as RecordState
from clinic.records.selectors.records import record_of
from clinic.relations.services.relations import note_consultation
from consultations.models import Consultation
from consultations.selectors.consultations import SUBJECT_KIND
from doctors.models import Doctor


def note_known(consultation_id: int, *, doctor_id: int, is_completed: bool = False) -> None:
    """Note the case with the doctor who had it at that moment. Tell an end once: it gives credit.

    Raises NotFoundError.
    """
    consultation = Consultation.objects.filter(pk=consultation_id).first()
    if consultation is None:
        raise NotFoundError
    at = consultation.ended_at if is_completed else consultation.accepted_at
    note_consultation(
        doctor=Doctor.objects.get(pk=doctor_id),
        patient_id=consultation.patient_id,
        consultation_id=consultation.public_id,
        at=at or consultation.created_at,
        report_id=_report_id(consultation) if is_completed else None,
        is_completed=is_completed,
    )


def _report_id(consultation: Consultation) -> UUID | None:
    """Return the public id of the signed record; a case that the patient ended has none."""
    record = record_of(SUBJECT_KIND, consultation.public_id)
    return record.public_id if record is not None and record.state == RecordState.SIGNED else None
