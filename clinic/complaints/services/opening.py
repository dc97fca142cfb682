"""A patient complains, by himself or through staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from clinic.complaints.enums import Act, Kind, Side, State, Subject
from clinic.complaints.models import Complaint
from clinic.complaints.services import telling
from clinic.complaints.services.attaching import take_files
from clinic.complaints.services.state import advance
from clinic.complaints.subjects import find_concern
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from clinic.core.errors import InvalidInputError
from clinic.settings import rules


@dataclass(frozen=True, kw_only=True, slots=True)
class Grievance:
    """What is complained of: the thing by its public id, the kind, the words, uploaded files."""

    subject: Subject
    subject_id: UUID
    kind: Kind
    text: str
    files: Sequence[UUID] = ()


def open_complaint(*, told: Grievance, actor: Actor, now: datetime) -> Complaint:
    """Store a patient's complaint; its deadlines begin, and the doctor learns of it.

    Raises InvalidInputError when thing or files are not his, ComplaintOpenError.
    """
    return _open(told, patient_id=actor.account_id, source=Side.PATIENT, actor=actor, now=now)


def open_for_customer(
    *, told: Grievance, customer_id: int, actor: Actor, now: datetime
) -> Complaint:
    """Store a complaint that a customer told staff; he is told that it was opened. As above."""
    return _open(told, patient_id=customer_id, source=Side.STAFF, actor=actor, now=now)


def _open(
    told: Grievance, *, patient_id: int, source: Side, actor: Actor, now: datetime
) -> Complaint:
    concern = find_concern(told.subject, told.subject_id, patient_id)
    if concern is None:
        raise InvalidInputError(
            "subject_id", _("You have nothing of this sort with this id."), code="not_found"
        )
    complaint = Complaint(
        patient_id=patient_id,
        source=source,
        subject=told.subject,
        subject_public_id=told.subject_id,
        doctor_id=concern.doctor_id,
        about_user_id=concern.about_user_id,
        kind=told.kind,
        text=told.text,
        answer_by=now + rules.COMPLAINT_ANSWER_WITHIN,
        close_by=now + rules.COMPLAINT_CLOSE_WITHIN,
        created_at=now,
    )
    try:
        with transaction.atomic():
            _store(complaint, actor=actor, now=now)
            take_files(complaint, told.files, actor=actor, now=now)
            telling.opened(complaint)
    except IntegrityError as error:
        raise translate(error) from None
    return complaint


def _store(complaint: Complaint, *, actor: Actor, now: datetime) -> None:
    complaint.save(force_insert=True)
    advance(complaint, State.OPEN, act=Act.OPENED, actor=actor, now=now)
    audit.record(actor, "complaint.open", "complaint", complaint.public_id, about=complaint.kind)
