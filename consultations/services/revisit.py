"""The re-visit gate: online care follows an earlier diagnosis, as the doctor confirms."""

from datetime import datetime

from clinic.core.errors import NotFoundError
from consultations.errors import RevisitNotConfirmedError
from consultations.models import Consultation, RevisitCheck
from consultations.selectors.intakes import latest_check, newest_sheet


def note_check(consultation: Consultation, *, fits: bool, now: datetime) -> None:
    """Store what the doctor of a locked case says of the intake he saw. Repeating adds nothing."""
    if consultation.doctor_id is None:
        raise NotFoundError
    former = latest_check(consultation)
    if former is not None and former.fits == fits:
        return
    RevisitCheck.objects.create(
        consultation=consultation,
        doctor_id=consultation.doctor_id,
        sheet=newest_sheet(consultation.pk),
        fits=fits,
        at=now,
    )


def check_confirmed(consultation: Consultation) -> None:
    """Let a case pass whose present doctor said it fits. Raises RevisitNotConfirmedError."""
    found = latest_check(consultation)
    if found is None or not found.fits:
        raise RevisitNotConfirmedError
