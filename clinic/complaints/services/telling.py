"""Who learns of what happens to a complaint."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from clinic.accounts.models import User
from clinic.complaints.enums import Deadline, SanctionKind, Side, Told
from clinic.complaints.models import Complaint, Sanction
from clinic.complaints.selectors.served import barred_from
from clinic.complaints.selectors.staff import handlers, supervisors
from clinic.core.clock import moment_text
from clinic.core.metrics import COMPLAINTS_UNHEARD
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify_each
from doctors.models import Doctor

SUBJECT_KIND = "complaint"
log = logging.getLogger(__name__)


def opened(complaint: Complaint) -> None:
    """Tell the doctor that somebody complains, and the patient until when he gets an answer."""
    _tell_doctor(complaint, NoticeKind.COMPLAINT_ABOUT_YOU)
    by_staff = complaint.source == Side.STAFF
    kind = NoticeKind.COMPLAINT_OPENED if by_staff else NoticeKind.COMPLAINT_RECEIVED
    _tell(complaint, [complaint.patient], kind, until=complaint.answer_by)


def answered(complaint: Complaint) -> None:
    """Tell the patient that staff answered."""
    _tell(complaint, [complaint.patient], NoticeKind.COMPLAINT_ANSWERED)


def appealed(complaint: Complaint) -> None:
    """Tell the patient that somebody else looks now, and until when."""
    kind = NoticeKind.COMPLAINT_APPEALED
    _tell(complaint, [complaint.patient], kind, until=complaint.answer_by)


def facts_asked(complaint: Complaint) -> None:
    """Tell the doctor that staff asks him what happened."""
    _tell_doctor(complaint, NoticeKind.COMPLAINT_FACTS_ASKED, until=complaint.close_by)


def concerns(complaint: Complaint) -> None:
    """Tell the doctor whom staff chose that a complaint concerns him."""
    _tell_doctor(complaint, NoticeKind.COMPLAINT_ABOUT_YOU)


def concerns_another(complaint: Complaint) -> None:
    """Tell the doctor whom a complaint concerned so far that it does no longer."""
    _tell_doctor(complaint, NoticeKind.COMPLAINT_ABOUT_ANOTHER)


def decided(complaint: Complaint) -> None:
    """Tell patient and doctor that there is an outcome; that of an appeal is final."""
    by_appeal = complaint.round > 1
    kind = NoticeKind.COMPLAINT_APPEAL_DECIDED if by_appeal else NoticeKind.COMPLAINT_DECIDED
    _tell(complaint, [complaint.patient], kind)
    _tell_doctor(complaint, NoticeKind.COMPLAINT_ABOUT_YOU_DECIDED)


def withdrawn(complaint: Complaint) -> None:
    """Tell those who heard of a complaint or have it that its patient took it back."""
    people = {complaint.handler} if complaint.handler else set()
    heard = set(complaint.alerts.values_list("told", flat=True))
    if not people and heard & {Told.AHEAD, Told.HANDLER}:
        people.update(_who_may_take(complaint))
    if Told.SUPERVISOR in heard:
        people.update(_who_supervises(complaint))
    if complaint.doctor is not None:
        people.add(complaint.doctor.user)
    others = [user for user in people if user.pk != complaint.patient_id]
    _tell(complaint, others, NoticeKind.COMPLAINT_WITHDRAWN)


def warn(complaint: Complaint, told: Told, deadline: Deadline) -> None:
    """Tell somebody of a near or missed promise; where nobody has the complaint, all who could.

    Where all of them are barred from it, nobody hears: that is logged and counted.
    """
    until = complaint.answer_by if deadline == Deadline.ANSWER else complaint.close_by
    if told == Told.PATIENT:
        _tell(complaint, [complaint.patient], NoticeKind.COMPLAINT_LATE, until=until)
        return
    if told == Told.SUPERVISOR:
        people = _who_supervises(complaint)
        _tell(complaint, people, NoticeKind.COMPLAINT_OVERDUE)
    else:
        people = [complaint.handler] if complaint.handler else _who_may_take(complaint)
        is_near = told == Told.AHEAD
        kind = NoticeKind.COMPLAINT_DUE if is_near else NoticeKind.COMPLAINT_OVERDUE
        _tell(complaint, people, kind, until=until)
    if not people:
        COMPLAINTS_UNHEARD.labels(told=told.value).inc()
        log.warning("nobody may hear of a complaint", extra={"complaint_id": complaint.pk})


def sanctioned(doctor: Doctor, sanction: Sanction) -> None:
    """Tell a doctor what was decided about him."""
    if sanction.kind == SanctionKind.WARNING:
        _tell_of(doctor, sanction, NoticeKind.SANCTION_WARNING)
    elif sanction.until is not None:
        _tell_of(doctor, sanction, NoticeKind.SANCTION_STOP, until_at=moment_text(sanction.until))


def stop_over(doctor: Doctor, sanction: Sanction) -> None:
    """Tell a doctor that he may get patients again."""
    _tell_of(doctor, sanction, NoticeKind.SANCTION_OVER)


def _who_may_look(complaint: Complaint, people: Iterable[User]) -> list[User]:
    barred = barred_from(complaint)
    return [user for user in people if user.pk not in barred]


def _who_supervises(complaint: Complaint) -> list[User]:
    """Return who hears that a promise stays missed; without a supervisor, all who could take it."""
    return _who_may_look(complaint, supervisors()) or _who_may_take(complaint)


def _who_may_take(complaint: Complaint) -> list[User]:
    people = _who_may_look(complaint, handlers())
    return [user for user in people if user.pk != complaint.former_handler_id]


def _tell_doctor(complaint: Complaint, kind: NoticeKind, until: datetime | None = None) -> None:
    if complaint.doctor is not None:
        _tell(complaint, [complaint.doctor.user], kind, until=until)


def _tell(
    complaint: Complaint, people: Iterable[User], kind: NoticeKind, until: datetime | None = None
) -> None:
    params = {} if until is None else {"until_at": moment_text(until)}
    news = [
        News(user_id=user.pk, public_id=user.public_id, kind=kind, params=params) for user in people
    ]
    notify_each(news, subject_kind=SUBJECT_KIND, subject_public_id=complaint.public_id)


def _tell_of(doctor: Doctor, sanction: Sanction, kind: NoticeKind, **params: Any) -> None:
    user = doctor.user
    news = [News(user_id=user.pk, public_id=user.public_id, kind=kind, params=params)]
    notify_each(news, subject_kind="sanction", subject_public_id=sanction.public_id)
