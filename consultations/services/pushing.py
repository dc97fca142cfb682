"""Whether a doctor hears of a case now or when his hours open (seed 004)."""

from datetime import datetime, timedelta

from django.db import transaction

from clinic.core.batches import each_alone
from clinic.core.clock import now as current_moment
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import notify
from consultations.enums import OPEN_STATES, PushKind, State
from consultations.models import Consultation, DoctorPush
from consultations.services import announcing
from doctors.models import Doctor
from doctors.selectors.hours import open_now, takes_consultations

STARTED_REST = timedelta(days=1)  # one patient's new drafts are told once a day
RELEVANT = {PushKind.STARTED: OPEN_STATES, PushKind.OFFERED: (State.WAITING_ACCEPT,)}


def tell_started(consultation: Consultation, *, now: datetime) -> None:
    """Tell the chosen doctor of a new case now, or at his next opening; once a day per patient.

    He cannot open a case that is not his yet, so the notice names none.
    """
    doctor = consultation.doctor
    if doctor is None or _was_told_lately(consultation, now):
        return
    is_open = takes_consultations(doctor, now)
    _keep(consultation, PushKind.STARTED, now=now, told_at=now if is_open else None)
    if is_open:
        _tell_of_start(doctor)


def bring_together(consultation: Consultation, *, now: datetime) -> None:
    """Open the conversation of a case whose doctor may be away: he is pushed in his hours only."""
    doctor = consultation.doctor
    if doctor is None or takes_consultations(doctor, now):
        announcing.bring_together(consultation)
        return
    announcing.bring_together_quietly(consultation)
    _keep(consultation, PushKind.OFFERED, now=now, told_at=None)


def tell_at_opening() -> int:
    """Tell doctors whose hours are open what came outside them; return how many. Repeatable."""
    waiting = set(DoctorPush.objects.filter(told_at=None).values_list("doctor_id", flat=True))
    return each_alone(open_now(waiting, current_moment()), _tell_all)


def _tell_all(doctor_id: int) -> None:
    """Leave the doctor one notice: of the case when it is one, else how many wait."""
    with transaction.atomic():
        rows = DoctorPush.objects.select_for_update(of=("self",), skip_locked=True)
        untold = list(
            rows.filter(doctor_id=doctor_id, told_at=None)
            .select_related("consultation")
            .order_by("id")
        )
        DoctorPush.objects.filter(pk__in=[row.pk for row in untold]).update(
            told_at=current_moment()
        )
        found = {row.consultation_id: row for row in untold if _matters(row)}
        if found:
            _tell(Doctor.objects.get(pk=doctor_id), list(found.values()))


def _tell(doctor: Doctor, rows: list[DoctorPush]) -> None:
    if len(rows) > 1:
        notify(
            user_id=doctor.user_id,
            kind=NoticeKind.CONSULTATIONS_WAITING,
            params={"count": len(rows)},
        )
    elif rows[0].kind == PushKind.OFFERED:
        announcing.tell_doctor(rows[0].consultation, NoticeKind.CONSULTATION_OFFERED)
    else:
        _tell_of_start(doctor)


def _tell_of_start(doctor: Doctor) -> None:
    notify(user_id=doctor.user_id, kind=NoticeKind.CONSULTATION_STARTED, params={})


def _matters(row: DoctorPush) -> bool:
    case = row.consultation
    return case.doctor_id == row.doctor_id and case.state in RELEVANT[PushKind(row.kind)]


def _keep(
    consultation: Consultation, kind: PushKind, *, now: datetime, told_at: datetime | None
) -> None:
    push = DoctorPush(
        consultation=consultation,
        doctor_id=consultation.doctor_id or 0,
        kind=kind,
        at=now,
        told_at=told_at,
    )
    DoctorPush.objects.bulk_create([push], ignore_conflicts=True)


def _was_told_lately(consultation: Consultation, now: datetime) -> bool:
    return DoctorPush.objects.filter(
        doctor_id=consultation.doctor_id or 0,
        consultation__patient_id=consultation.patient_id,
        kind=PushKind.STARTED,
        at__gt=now - STARTED_REST,
    ).exists()
