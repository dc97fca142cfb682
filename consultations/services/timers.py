"""Deadlines that have passed. Each is looked at again under the lock, in its own transaction."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import QuerySet

from clinic.core.actor import system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError
from clinic.settings import rules as numbers
from consultations.enums import Reason, State
from consultations.models import Consultation
from consultations.selectors import queue, repairs
from consultations.selectors.nudges import to_nudge
from consultations.services.acceptance import (
    accept_by_first_reply,
    give_back,
    leave_suspended_doctor,
)
from consultations.services.cancelling import (
    cancel_without_consent,
    cancel_without_patient,
    expire,
)
from consultations.services.escalation import escalate
from consultations.services.holds import end_due_hold
from consultations.services.nudging import nudge
from consultations.services.refunding import close_with_refund
from consultations.services.replies import (
    chase_reply,
    end_at_deadline,
    has_replied,
    wind_clocks,
)
from consultations.services.state import due_and_free
from consultations.services.transferring import expire_transfer
from payments.enums import RefundReason

log = logging.getLogger(__name__)
TIMER = system_actor("timer")
Due = Callable[[datetime], QuerySet[Consultation]]
Fire = Callable[[int, datetime], bool]


def run_timers(now: datetime | None = None) -> dict[str, int]:
    """Handle what is due and return how often each timer fired.

    Safe to run twice and at once: rows that somebody else works on are skipped, and every
    condition is checked again under the lock.
    """
    moment = now or current_moment()
    try:
        wind_clocks()
    except DatabaseError as error:
        log.error("clocks not wound", exc_info=error)
    return {name: _fire_each(name, due, fire, moment) for name, (due, fire) in TIMERS.items()}


def expire_unpaid(consultation_id: int, _now: datetime) -> bool:
    """End a case that was not paid in time."""
    return expire(consultation_id, actor=TIMER)


def take_back(consultation_id: int, now: datetime) -> bool:
    """Take a case from a doctor who did not accept in time; one who has replied keeps it."""
    consultation = due_and_free(consultation_id, state=State.WAITING_ACCEPT)
    if consultation is None or (consultation.accept_by or now) > now:
        return False
    doctor = consultation.doctor
    if (
        doctor is not None
        and has_replied(consultation)  # the event of his reply is late or lost
        and accept_by_first_reply(consultation_id, user_id=doctor.user_id)
    ):
        return True
    give_back(consultation, actor=TIMER, reason=Reason.NOT_ACCEPTED)
    return True


def take_from_suspended(consultation_id: int, _now: datetime) -> bool:
    """Take a case from a doctor who may not work any more."""
    return leave_suspended_doctor(consultation_id)


def end_without_patient(consultation_id: int, _now: datetime) -> bool:
    """End a case whose patient is gone."""
    return cancel_without_patient(consultation_id)


def end_without_consent(consultation_id: int, _now: datetime) -> bool:
    """End a case whose patient took a consent back before a doctor accepted."""
    return cancel_without_consent(consultation_id)


def give_up_search(consultation_id: int, now: datetime) -> bool:
    """Refund a case for which nobody was found in time."""
    consultation = due_and_free(consultation_id, state=State.WAITING_ASSIGNMENT)
    if consultation is None or (consultation.assign_by or now) > now:
        return False
    close_with_refund(
        consultation,
        actor=TIMER,
        reason=Reason.NOBODY_FOUND,
        refund_reason=RefundReason.NOBODY_FOUND,
        now=now,
    )
    return True


def _fire_each(name: str, due: Due, fire: Fire, now: datetime) -> int:
    fired = 0
    for pk in list(due(now).values_list("pk", flat=True)[: numbers.TIMERS_BATCH]):
        try:
            with transaction.atomic():
                fired += fire(pk, now)
        except (DatabaseError, ClinicError) as error:
            fields = {"timer": name, "consultation_id": pk}
            log.error("timer failed", exc_info=error, extra=fields)
    return fired


TIMERS: Mapping[str, tuple[Due, Fire]] = {
    "unpaid": (queue.unpaid_too_long, expire_unpaid),
    "deleted": (repairs.of_deleted_accounts, end_without_patient),
    "no_consent": (repairs.without_consent, end_without_consent),
    "suspended": (repairs.of_suspended_doctors, take_from_suspended),
    "not_accepted": (queue.not_accepted, take_back),
    "nobody_found": (queue.nobody_found, give_up_search),
    "transfer": (queue.transfer_unanswered, expire_transfer),
    "hold": (queue.hold_over, end_due_hold),
    "reply": (queue.reply_overdue, chase_reply),
    "service": (queue.service_over, end_at_deadline),
    "escalation": (queue.to_escalate, escalate),
    "nudge": (to_nudge, nudge),
}
