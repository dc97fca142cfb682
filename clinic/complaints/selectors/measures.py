"""The facts behind "too late", "too short" and "off topic": read from messages and times."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from appointments.models import Appointment
from chat.enums import MemberRole, MessageKind
from chat.models import Message
from clinic.complaints.enums import Subject
from clinic.complaints.models import Complaint
from clinic.complaints.rules import Line, Measures, Talk, measure
from clinic.complaints.selectors.served import times_of_doctor
from clinic.complaints.subjects import find_concern
from consultations.models import Consultation

MESSAGES_READ = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the house knows about a complaint by itself, of the time of the doctor concerned.

    ``measures`` is None without a conversation, or when the doctor got the case after the
    complaint. ``began_late`` is by how much a visit began after its time; None when it is no visit
    or has not begun.
    """

    measures: Measures | None = None
    began_late: timedelta | None = None


def facts_of(complaint: Complaint, now: datetime) -> Facts:
    """Return the facts of a complaint: up to 2,000 messages of its conversation, or its visit."""
    if complaint.subject == Subject.APPOINTMENT:
        return Facts(began_late=_began_late(complaint))
    concern = find_concern(complaint.subject, complaint.subject_public_id, complaint.patient_id)
    if concern is None or not concern.topic:
        return Facts()
    end = min(now, complaint.created_at)
    talks = _talks(complaint, _lines(concern.topic, end), end)
    return Facts(measures=measure(talks, asked=_asked(complaint)) if talks else None)


def _lines(topic: str, until: datetime) -> list[Line]:
    """Return what people wrote until the complaint; recalled messages are empty."""
    rows = Message.objects.filter(conversation__topic=topic, created_at__lte=until)
    rows = rows.exclude(kind=MessageKind.SYSTEM).order_by("seq")[:MESSAGES_READ]
    return [
        Line(is_patient=role == MemberRole.PATIENT, at=at, text=body)
        for role, at, body in rows.values_list("role", "created_at", "body")
    ]


def _talks(complaint: Complaint, lines: list[Line], end: datetime) -> list[Talk]:
    """Return what was written in each time of the doctor's; times that begin later are none."""
    talks = []
    for since, until in times_of_doctor(complaint):
        stop = min(end, until or end)
        if since is None or since < stop:
            said = [line for line in lines if line.at <= stop]
            talks.append(Talk(lines=_since(since, said), until=stop))
    return talks


def _since(moment: datetime | None, lines: list[Line]) -> list[Line]:
    """Return what was written since a doctor got the case; who waited then waits from then on."""
    if moment is None:
        return lines
    before = [line for line in lines if line.at < moment]
    waits = [replace(before[-1], at=moment)] if before and before[-1].is_patient else []
    return waits + lines[len(before) :]


def _asked(complaint: Complaint) -> str:
    if complaint.subject != Subject.CONSULTATION:
        return ""
    rows = Consultation.objects.filter(public_id=complaint.subject_public_id)
    return rows.values_list("complaint", flat=True).first() or ""


def _began_late(complaint: Complaint) -> timedelta | None:
    rows = Appointment.objects.filter(public_id=complaint.subject_public_id)
    visit = rows.only("starts_at", "started_at").first()
    if visit is None or visit.starts_at is None or visit.started_at is None:
        return None
    return max(timedelta(), visit.started_at - visit.starts_at)
