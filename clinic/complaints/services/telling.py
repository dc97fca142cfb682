"""Who learns of what happens to a complaint."""

from collections.abc import Iterable
from typing import Any

from clinic.accounts.models import User
from clinic.complaints.enums import SanctionKind, Side, Told
from clinic.complaints.models import Complaint, Sanction
from clinic.complaints.selectors.staff import handlers, supervisors
from clinic.core.clock import moment_text
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify_each
from doctors.models import Doctor

SUBJECT_KIND = "complaint"


def opened(complaint: Complaint) -> None:
    """Tell the doctor that somebody complains; a customer for whom staff wrote, as well."""
    _tell_doctor(complaint, NoticeKind.COMPLAINT_ABOUT_YOU)
    if complaint.source == Side.STAFF:
        tell_patient(complaint, NoticeKind.COMPLAINT_OPENED)


def tell_patient(complaint: Complaint, kind: NoticeKind) -> None:
    """Leave the patient a notice."""
    _tell(complaint, [complaint.patient], kind)


def decided(complaint: Complaint) -> None:
    """Tell patient and doctor that there is an outcome."""
    tell_patient(complaint, NoticeKind.COMPLAINT_DECIDED)
    _tell_doctor(complaint, NoticeKind.COMPLAINT_ABOUT_YOU_DECIDED)


def warn(complaint: Complaint, told: Told) -> None:
    """Tell the handler, or all who could be, or the supervisors, that a promise was missed."""
    if told == Told.SUPERVISOR:
        people: Iterable[User] = supervisors()
    else:
        people = [complaint.handler] if complaint.handler else handlers()
    _tell(complaint, people, NoticeKind.COMPLAINT_OVERDUE)


def sanctioned(doctor: Doctor, sanction: Sanction) -> None:
    """Tell a doctor what was decided about him."""
    if sanction.kind == SanctionKind.WARNING:
        _tell_of(doctor, sanction, NoticeKind.SANCTION_WARNING)
    elif sanction.until is not None:
        _tell_of(doctor, sanction, NoticeKind.SANCTION_STOP, until_at=moment_text(sanction.until))


def stop_over(doctor: Doctor, sanction: Sanction) -> None:
    """Tell a doctor that he may get patients again."""
    _tell_of(doctor, sanction, NoticeKind.SANCTION_OVER)


def _tell_doctor(complaint: Complaint, kind: NoticeKind) -> None:
    if complaint.doctor is not None:
        _tell(complaint, [complaint.doctor.user], kind)


def _tell(complaint: Complaint, people: Iterable[User], kind: NoticeKind) -> None:
    news = [News(user_id=user.pk, public_id=user.public_id, kind=kind) for user in people]
    notify_each(news, subject_kind=SUBJECT_KIND, subject_public_id=complaint.public_id)


def _tell_of(doctor: Doctor, sanction: Sanction, kind: NoticeKind, **params: Any) -> None:
    user = doctor.user
    news = [News(user_id=user.pk, public_id=user.public_id, kind=kind, params=params)]
    notify_each(news, subject_kind="sanction", subject_public_id=sanction.public_id)
