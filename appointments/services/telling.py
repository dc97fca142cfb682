"""Notices about appointments: who learns of which step, and with what words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from appointments.enums import Act, CancelledBy, State
from appointments.events import AppointmentStepped
from appointments.models import Appointment
from appointments.selectors.appointments import SUBJECT_KIND
from appointments.selectors.choosing import doctors_of
from appointments.selectors.openings import nearest_free
from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.core.clock import CLINIC_ZONE
from clinic.core.clock import now as current_moment
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify_each
from clinic.settings import rules as numbers

PATIENT: Final = CancelledBy.PATIENT
DOCTOR: Final = CancelledBy.DOCTOR
PEOPLE: Final = ("kind", "branch", "doctor__user", "patient", "order")
FROM_LIST: Final = frozenset({State.QUEUED, State.OFFERED})
WITH_PLACE: Final = frozenset({State.HELD, State.PENDING, State.CONFIRMED, State.IN_PROGRESS})
KNOWN_TO_DOCTOR: Final = frozenset({State.PENDING, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Line:
    """One notice of a step: to whom, and from which states on (empty: any)."""

    to: CancelledBy
    kind: NoticeKind
    before: frozenset[State] = frozenset()


def _placed(to_doctor: NoticeKind, *to_patient: Line) -> tuple[Line, ...]:
    return (*to_patient, Line(DOCTOR, to_doctor))


ASKED: Final = _placed(
    NoticeKind.APPOINTMENT_ASKED, Line(PATIENT, NoticeKind.PLACE_FOUND, FROM_LIST)
)
SETTLED: Final = _placed(
    NoticeKind.APPOINTMENT_BOOKED, Line(PATIENT, NoticeKind.APPOINTMENT_CONFIRMED)
)
ANOTHER: Final = Line(PATIENT, NoticeKind.APPOINTMENT_REASSIGNED)
MOVED: Final = Line(PATIENT, NoticeKind.APPOINTMENT_MOVED)
CALLED_OFF: Final = (
    Line(PATIENT, NoticeKind.APPOINTMENT_CALLED_OFF, WITH_PLACE),
    Line(PATIENT, NoticeKind.WAIT_CALLED_OFF, FROM_LIST),
    Line(DOCTOR, NoticeKind.APPOINTMENT_CANCELLED, KNOWN_TO_DOCTOR),
)
TOLD: Final[Mapping[tuple[Act, State], Sequence[Line]]] = {
    (Act.BOOKED, State.PENDING): ASKED,
    (Act.BOOKED, State.CONFIRMED): SETTLED,
    (Act.PAID, State.PENDING): ASKED,
    (Act.PAID, State.CONFIRMED): SETTLED,
    (Act.ACCEPTED, State.CONFIRMED): (Line(PATIENT, NoticeKind.APPOINTMENT_CONFIRMED),),
    (Act.HELD, State.HELD): (Line(PATIENT, NoticeKind.PLACE_TO_PAY, FROM_LIST),),
    (Act.HOLD_EXPIRED, State.EXPIRED): (Line(PATIENT, NoticeKind.APPOINTMENT_NOT_PAID),),
    (Act.OFFERED, State.OFFERED): (Line(PATIENT, NoticeKind.PLACE_OFFERED),),
    (Act.OFFER_EXPIRED, State.QUEUED): (Line(PATIENT, NoticeKind.PLACE_OFFER_OVER),),
    (Act.OFFER_EXPIRED, State.EXPIRED): (Line(PATIENT, NoticeKind.WAIT_ENDED),),
    (Act.OFFER_WITHDRAWN, State.QUEUED): (Line(PATIENT, NoticeKind.PLACE_OFFER_OVER),),
    (Act.OFFER_WITHDRAWN, State.EXPIRED): (Line(PATIENT, NoticeKind.WAIT_TIMED_OUT),),
    (Act.OFFER_DECLINED, State.EXPIRED): (Line(PATIENT, NoticeKind.WAIT_TIMED_OUT),),
    (Act.TIMED_OUT, State.EXPIRED): (
        Line(PATIENT, NoticeKind.WAIT_TIMED_OUT, FROM_LIST),
        Line(PATIENT, NoticeKind.APPOINTMENT_NOT_ACCEPTED, KNOWN_TO_DOCTOR),
        Line(DOCTOR, NoticeKind.APPOINTMENT_WITHDRAWN, KNOWN_TO_DOCTOR),
    ),
    (Act.REASSIGNED, State.HELD): (ANOTHER,),
    (Act.REASSIGNED, State.PENDING): _placed(NoticeKind.APPOINTMENT_ASKED, ANOTHER),
    (Act.REASSIGNED, State.CONFIRMED): _placed(NoticeKind.APPOINTMENT_BOOKED, ANOTHER),
    (Act.DISPLACED, State.PENDING): _placed(NoticeKind.APPOINTMENT_ASKED, ANOTHER),
    (Act.DISPLACED, State.CONFIRMED): _placed(NoticeKind.APPOINTMENT_BOOKED, ANOTHER),
    (Act.DISPLACED, State.CANCELLED): CALLED_OFF,
    (Act.MOVED, State.PENDING): _placed(NoticeKind.APPOINTMENT_ASKED, MOVED),
    (Act.MOVED, State.CONFIRMED): _placed(NoticeKind.APPOINTMENT_MOVED, MOVED),
    (Act.CANCELLED, State.CANCELLED): CALLED_OFF,
    (Act.CHECKED_IN, State.CONFIRMED): (Line(DOCTOR, NoticeKind.APPOINTMENT_ARRIVED),),
    (Act.MISSED, State.NO_SHOW): (Line(PATIENT, NoticeKind.APPOINTMENT_MISSED),),
    (Act.FINISHED, State.COMPLETED): (Line(PATIENT, NoticeKind.APPOINTMENT_COMPLETED),),
}
# Who does these himself need not be told.
OWN_DOING: Final = frozenset(
    {
        NoticeKind.APPOINTMENT_MOVED,
        NoticeKind.APPOINTMENT_REASSIGNED,
        NoticeKind.APPOINTMENT_CALLED_OFF,
        NoticeKind.APPOINTMENT_CANCELLED,
        NoticeKind.WAIT_CALLED_OFF,
        NoticeKind.PLACE_FOUND,
        NoticeKind.PLACE_TO_PAY,
    }
)


def worth_telling(
    appointment: Appointment, act: Act, before: str, actor: Actor
) -> list[AppointmentStepped]:
    """Return the step as a fact if somebody shall be told of it; notices follow the commit."""
    key = (act, State(appointment.state))
    if not any(not line.before or before in line.before for line in TOLD.get(key, ())):
        return []
    fact = AppointmentStepped(
        appointment_id=appointment.pk,
        act=act.value,
        before=before,
        after=appointment.state,
        by=_side_of(appointment, actor).value,
    )
    return [fact]


def tell(fact: AppointmentStepped) -> None:
    """Leave the notices of a step, unless the appointment has moved on since."""
    rows = Appointment.objects.select_related(*PEOPLE)
    appointment = rows.filter(pk=fact.appointment_id, state=fact.after).first()
    if appointment is None:
        return
    lines = TOLD.get((Act(fact.act), State(fact.after)), ())
    wanted = [
        line
        for line in lines
        if (not line.before or fact.before in line.before)
        and not (line.kind in OWN_DOING and line.to == fact.by)
    ]
    _send(appointment, [_news(appointment, line.to, line.kind) for line in wanted])


def tell_patient(appointment: Appointment, kind: NoticeKind) -> None:
    """Leave the patient a notice about the appointment as it is now."""
    _send(appointment, [_news(appointment, PATIENT, kind)])


def tell_former_doctor(
    appointment: Appointment, doctor_user_public_id: UUID, was_at: datetime | None
) -> None:
    """Leave a doctor who no longer has the appointment a notice."""
    user_id = User.objects.values_list("pk", flat=True).get(public_id=doctor_user_public_id)
    params = {"starts_at": _local(appointment, was_at)} if was_at else {}
    kind = NoticeKind.APPOINTMENT_WITHDRAWN
    _send(
        appointment,
        [News(user_id=user_id, public_id=doctor_user_public_id, kind=kind, params=params)],
    )


def _send(appointment: Appointment, news: Sequence[News | None]) -> None:
    found = [one for one in news if one is not None]
    if found:
        notify_each(found, subject_kind=SUBJECT_KIND, subject_public_id=appointment.public_id)


def _news(appointment: Appointment, to: CancelledBy, kind: NoticeKind) -> News | None:
    doctor = appointment.doctor
    user = appointment.patient if to == PATIENT else doctor and doctor.user
    if user is None:
        return None
    params = _params(appointment)
    if kind == NoticeKind.APPOINTMENT_CALLED_OFF and (nearest := _nearest(appointment)):
        kind, params["nearest_at"] = NoticeKind.APPOINTMENT_CALLED_OFF_NEAR, nearest
    return News(user_id=user.pk, public_id=user.public_id, kind=kind, params=params)


def _params(appointment: Appointment) -> dict[str, Any]:
    """Return what the sentences may name; never what the patient wrote."""
    params: dict[str, Any] = {"code": appointment.code}
    if appointment.doctor is not None:
        params["doctor"] = appointment.doctor.name
    if appointment.branch is not None:
        params["place"] = appointment.branch.name
    if appointment.starts_at is not None:
        params["starts_at"] = _local(appointment, appointment.starts_at)
    if appointment.expires_at is not None:
        params["until_at"] = _local(appointment, appointment.expires_at)
    if appointment.order is not None and appointment.order.paid_at is not None:
        params["was_paid"] = True
    return params


def _nearest(appointment: Appointment) -> list[str]:
    """Return free times near one that was called off; empty when it is not to be booked again."""
    now, kind, starts_at = current_moment(), appointment.kind, appointment.starts_at
    if starts_at is None or starts_at < now or not kind.is_active:
        return []
    doctors = list(doctors_of(kind, now).exclude(user_id=appointment.patient_id))
    free = nearest_free(kind, appointment.branch, doctors, starts_at, moment=now)
    times = sorted({slot["starts_at"] for slot in free})
    return [_local(appointment, time) for time in times[: numbers.APPOINTMENT_NEAREST_TOLD]]


def _local(appointment: Appointment, moment: datetime) -> str:
    """Return a moment on the clock of the branch, or of the clinic for online visits."""
    branch = appointment.branch
    zone = CLINIC_ZONE if branch is None else ZoneInfo(branch.time_zone)
    return moment.astimezone(zone).isoformat()


def _side_of(appointment: Appointment, actor: Actor) -> CancelledBy:
    if actor.user_id is None:  # done in his name: what follows of a deletion, of a consent
        return PATIENT if appointment.cancelled_by == PATIENT else CancelledBy.SYSTEM
    if actor.user_id == appointment.patient_id:
        return PATIENT
    doctor = appointment.doctor
    return DOCTOR if doctor and doctor.user_id == actor.user_id else CancelledBy.STAFF
