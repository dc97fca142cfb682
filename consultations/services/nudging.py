"""Doctors who could come are asked again and again while a patient waits; then staff is told."""

from datetime import datetime

from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers
from consultations.enums import StaffTask, State
from consultations.models import Consultation, Nudge
from consultations.rules import next_nudge
from consultations.selectors.nudges import asked_lately, doctors_to_nudge, last_round
from consultations.services import announcing
from consultations.services.cases import locked_with_past
from consultations.services.state import locked_if_free
from doctors.models import Doctor
from doctors.services.load import lock_doctors


def nudge(consultation_id: int, now: datetime) -> bool:
    """Begin the next round of a waiting case when it is due; say whether one began.

    Repeatable: the round is counted under the lock of the case, and a doctor is asked under his
    own, so that two cases do not ask him at once. In the caller's transaction.
    """
    if locked_if_free(consultation_id) is None:
        return False
    case, past = locked_with_past(consultation_id)
    if case.state != State.WAITING_ASSIGNMENT or case.paid_at is None:
        return False
    number, last_at = last_round(case.pk)
    due = next_nudge(paid_at=case.paid_at, number=number, last_at=last_at)
    if due is None or due > now:
        return False
    doctors: list[Doctor] = []
    if number < numbers.NUDGE_ROUNDS:
        doctors = _still_unasked(doctors_to_nudge(case, past.excluded_doctor_ids, now), now)
    _store(case, number + 1, doctors, now)
    if doctors:
        announcing.tell_doctors(doctors, NoticeKind.PATIENT_WAITS)
    if number >= numbers.NUDGE_ROUNDS:
        _call_staff(case)
    return True


def _still_unasked(doctors: list[Doctor], now: datetime) -> list[Doctor]:
    """Lock the doctors found and leave out whom another case has asked meanwhile."""
    keys = [doctor.pk for doctor in doctors]
    if not keys:
        return []
    lock_doctors(keys)
    asked = asked_lately(keys, now)
    return [doctor for doctor in doctors if doctor.pk not in asked]


def _store(case: Consultation, number: int, doctors: list[Doctor], now: datetime) -> None:
    asked: list[Doctor | None] = [*doctors] or [None]
    Nudge.objects.bulk_create(
        Nudge(consultation=case, number=number, doctor=doctor, at=now) for doctor in asked
    )


def _call_staff(case: Consultation) -> None:
    case.staff_task = StaffTask.LONG_WAIT
    case.save(update_fields=["staff_task"])
    announcing.tell_staff(case)
