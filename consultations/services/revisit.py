"""The re-visit gate: online care follows an earlier diagnosis, as the doctor confirms."""

from datetime import datetime

from clinic.core.errors import NotFoundError
from consultations.errors import RevisitNotConfirmedError
from consultations.models import Consultation, RevisitCheck
from consultations.selectors.intakes import latest_check, newest_sheet
from consultations.services import announcing


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


def ask_for_earlier_diagnosis(consultation: Consultation) -> None:
    """Tell the patient of a begun case what to send when nothing shows that it is a re-visit.

    Not where the doctor has confirmed already: he knows the patient or the papers.
    """
    found = latest_check(consultation)
    if found is not None and found.fits:
        return
    sheet = newest_sheet(consultation.pk)
    if sheet is None or not sheet.has_earlier_diagnosis:
        announcing.say(consultation, "earlier_diagnosis_missing")


def check_confirmed(consultation: Consultation) -> None:
    """Let a case pass whose present doctor said it fits. Raises RevisitNotConfirmedError."""
    found = latest_check(consultation)
    if found is None or not found.fits:
        raise RevisitNotConfirmedError
