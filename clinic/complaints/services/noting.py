"""What patient, doctor and staff say about a complaint."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from clinic.complaints.enums import PENDING, Act, Side
from clinic.complaints.errors import (
    ComplaintClosedError,
    ComplaintFullError,
    NoDoctorConcernedError,
)
from clinic.complaints.models import Complaint, ComplaintNote
from clinic.complaints.services import telling
from clinic.complaints.services.attaching import take_files
from clinic.complaints.services.state import check_is_not_own, locked, note_step
from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
from clinic.settings import rules


def add_note(
    complaint_id: int, *, text: str, files: Sequence[UUID], actor: Actor, now: datetime
) -> ComplaintNote:
    """Store what a patient adds to his pending complaint.

    Raises ComplaintClosedError, ComplaintFullError, InvalidInputError for files.
    """
    with transaction.atomic():
        complaint = _pending(complaint_id)
        note = _say(complaint, Side.PATIENT, text, actor=actor, now=now)
        take_files(complaint, files, actor=actor, now=now, note=note)
    return note


def comment(complaint_id: int, *, text: str, actor: Actor, now: datetime) -> ComplaintNote:
    """Store what the doctor says about a pending complaint; staff alone read it. As above.

    Raises NotFoundError when it concerns another doctor by now: that one would read it.
    """
    with transaction.atomic():
        complaint = _pending(complaint_id)
        if complaint.about_user_id != actor.account_id:
            raise NotFoundError
        doctor_id = complaint.doctor_id
        return _say(complaint, Side.DOCTOR, text, actor=actor, now=now, doctor_id=doctor_id)


def note_internally(complaint_id: int, *, text: str, actor: Actor, now: datetime) -> ComplaintNote:
    """Store what staff tells itself; also of a closed complaint.

    Raises OwnCaseError, ComplaintFullError.
    """
    with transaction.atomic():
        complaint = locked(complaint_id)
        check_is_not_own(complaint, actor)
        return _say(complaint, Side.STAFF, text, actor=actor, now=now)


def answer(complaint_id: int, *, text: str, actor: Actor, now: datetime) -> ComplaintNote:
    """Tell the patient something; the first time keeps the promise of an answer.

    Raises OwnCaseError, ComplaintClosedError, ComplaintFullError.
    """
    with transaction.atomic():
        complaint = _pending(complaint_id)
        check_is_not_own(complaint, actor)
        note = _say(complaint, Side.STAFF, text, actor=actor, now=now, for_patient=True)
        if complaint.answer_by is not None:
            complaint.answer_by, complaint.answered_at = None, complaint.answered_at or now
            complaint.save(update_fields=["answer_by", "answered_at"])
            note_step(complaint, act=Act.ANSWERED, before=complaint.state, actor=actor, now=now)
        telling.answered(complaint)
    return note


def ask_doctor(complaint_id: int, *, text: str, actor: Actor, now: datetime) -> ComplaintNote:
    """Ask the doctor what happened; he reads the question and answers by a comment.

    Raises OwnCaseError, NoDoctorConcernedError, ComplaintClosedError, ComplaintFullError.
    """
    with transaction.atomic():
        complaint = _pending(complaint_id)
        check_is_not_own(complaint, actor)
        if complaint.doctor_id is None:
            raise NoDoctorConcernedError
        note = _say(
            complaint, Side.STAFF, text, actor=actor, now=now, for_doctor=True,
            doctor_id=complaint.doctor_id,
        )  # fmt: skip
        note_step(complaint, act=Act.ASKED, before=complaint.state, actor=actor, now=now)
        telling.facts_asked(complaint)
    return note


def _pending(complaint_id: int) -> Complaint:
    complaint = locked(complaint_id)
    if complaint.state not in PENDING:
        raise ComplaintClosedError
    return complaint


def _say(
    complaint: Complaint,
    side: Side,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    for_patient: bool = False,
    for_doctor: bool = False,
    doctor_id: int | None = None,
) -> ComplaintNote:
    # The complaint's lock makes the count exact.
    if ComplaintNote.objects.filter(complaint=complaint, side=side).count() >= (
        rules.COMPLAINT_NOTES_MAX
    ):
        raise ComplaintFullError
    return ComplaintNote.objects.create(
        complaint=complaint,
        author_id=actor.account_id,
        side=side,
        for_patient=for_patient,
        for_doctor=for_doctor,
        doctor_id=doctor_id,
        text=text,
        created_at=now,
    )
