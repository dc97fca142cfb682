"""Complaints of the demo about visits of the week behind. Safe to run again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from appointments.enums import State
from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.complaints.enums import Kind, Subject
from clinic.complaints.models import Complaint
from clinic.complaints.services.ending import appeal
from clinic.complaints.services.handling import Decision, claim, decide
from clinic.complaints.services.noting import answer, ask_doctor, comment
from clinic.complaints.services.opening import Grievance, open_complaint
from clinic.complaints.services.sanctions import warn_doctor
from clinic.core.roles import Role
from clinic.demo.actors import actor_of
from clinic.settings import rules

HOUR: Final = timedelta(hours=1)
NEAR: Final = rules.COMPLAINT_ANSWER_WITHIN - 2 * HOUR  # so long ago that its answer is due soon
DECIDED_SINCE: Final = timedelta(days=3)


def seed_complaints(staff: Mapping[str, User], *, now: datetime) -> None:
    """Let two visitors complain: one is due soon, one was decided, appealed and decided again.

    ``staff`` are the accounts by phone. Nothing happens once anybody complained, or where the
    week behind holds no such visits.
    """
    rows = Appointment.objects.filter(state=State.COMPLETED, doctor__isnull=False)
    visits = list(
        rows.filter(ended_at__lt=now - DECIDED_SINCE)
        .select_related("patient", "doctor__user")
        .order_by("-ended_at", "pk")[:40]
    )
    if Complaint.objects.exists() or not visits:
        return
    first = visits[0]
    _complain(first, Kind.LATE, "等了快一个小时才看上，也没有人说明。", now=now - NEAR)
    other = next((one for one in visits if one.patient_id != first.patient_id), None)
    if other is not None:
        _decided_twice(other, staff, since=now - DECIDED_SINCE)


def _complain(visit: Appointment, kind: Kind, text: str, *, now: datetime) -> Complaint:
    told = Grievance(subject=Subject.APPOINTMENT, subject_id=visit.public_id, kind=kind, text=text)
    return open_complaint(told=told, actor=actor_of(visit.patient, Role.PATIENT), now=now)


def _decided_twice(visit: Appointment, staff: Mapping[str, User], *, since: datetime) -> None:
    first, second, chief = (actor_of(user, role) for user, role in _people(staff))
    patient = actor_of(visit.patient, Role.PATIENT)
    made = _complain(visit, Kind.TOO_SHORT, "只看了两分钟，问题没问完。", now=since)
    claim(made.pk, actor=first, now=since + 2 * HOUR)
    answer(made.pk, text="我们正在核实当天的情况。", actor=first, now=since + 3 * HOUR)
    outcome = "核实后成立：问诊过于简短，我们向您道歉。"
    decide(
        made.pk,
        decision=Decision(
            is_justified=True, outcome=outcome, points=3, points_reason="问诊过于简短"
        ),
        actor=first,
        now=since + 20 * HOUR,
    )
    appeal(made.pk, text="希望安排一次免费复诊。", actor=patient, now=since + 26 * HOUR)
    claim(made.pk, actor=second, now=since + 28 * HOUR)
    ask_doctor(made.pk, text="当天为何提前结束？", actor=second, now=since + 29 * HOUR)
    if visit.doctor is None:
        return
    doctor = actor_of(visit.doctor.user, Role.DOCTOR)
    comment(made.pk, text="当天急诊加号，后面会补足时间。", actor=doctor, now=since + 32 * HOUR)
    decide(
        made.pk,
        decision=Decision(
            is_justified=True, outcome="维持结论，已为您安排复诊。", points=2,
            points_reason="问诊过于简短，已补诊",
        ),
        actor=second,
        now=since + 48 * HOUR,
    )  # fmt: skip
    warn_doctor(
        visit.doctor_id or 0, reason="问诊过于简短，请保证每位患者的时间。", actor=chief,
        now=since + 50 * HOUR,
    )  # fmt: skip


def _people(staff: Mapping[str, User]) -> tuple[tuple[User, Role], ...]:
    """Return who decides first, who decides the appeal, and who gives the sanction."""
    return (
        (staff["13800000012"], Role.CUSTOMER_SERVICE),
        (staff["13800000013"], Role.CUSTOMER_SERVICE),
        (staff["13800000001"], Role.ADMIN),
    )
