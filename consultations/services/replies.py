"""The clock of unanswered patients, read from the conversations."""

from datetime import datetime

from django.db.models import ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.fields import DateTimeField

from chat.models import Conversation
from clinic.core.actor import system_actor
from clinic.settings import rules as numbers
from consultations.enums import (
    CALL_OPEN,
    NEVER_REACHED,
    CallOutcome,
    Reason,
    StaffTask,
    State,
)
from consultations.models import Consultation
from consultations.rules import is_phone, waits_for_doctor
from consultations.selectors.queue import newly_answered, newly_unanswered
from consultations.services import announcing, places
from consultations.services.closing import finish
from consultations.services.ending import stop_clocks
from consultations.services.refunding import close_with_refund
from consultations.services.state import due_and_free
from payments.enums import RefundReason

TIMER = system_actor("service timer")


def wind_clocks() -> None:
    """Stop the clock of cases that got a reply and start it where the patient wrote last."""
    newly_answered().update(unanswered_since=None, reply_due_at=None)
    Consultation.objects.filter(
        state=State.IN_PROGRESS, unanswered_since=None, staff_task=StaffTask.NO_REPLY
    ).update(staff_task=StaffTask.NONE)
    asked = Subquery(
        Conversation.objects.filter(pk=OuterRef("conversation_id")).values(
            "last_patient_message_at"
        )[:1]
    )
    newly_unanswered().update(unanswered_since=asked)
    due = ExpressionWrapper(
        F("unanswered_since") + numbers.NO_REPLY_REVIEW_AFTER, output_field=DateTimeField()
    )
    Consultation.objects.filter(
        state=State.IN_PROGRESS, unanswered_since__isnull=False, reply_due_at=None
    ).update(reply_due_at=due)


def chase_reply(consultation_id: int, now: datetime) -> bool:
    """Bring a case without a reply before staff, and later give the money back."""
    consultation = due_and_free(consultation_id, state=State.IN_PROGRESS)
    if consultation is None or (consultation.reply_due_at or now) > now:
        return False
    if consultation.held_since is not None:
        return False
    if not is_waiting_for_reply(consultation):
        stop_clocks(consultation)
        consultation.save(update_fields=["unanswered_since", "reply_due_at"])
        return False
    since = consultation.unanswered_since or now
    if now - since >= numbers.NO_REPLY_REFUND_AFTER:
        close_with_refund(
            consultation,
            actor=TIMER,
            reason=Reason.NO_REPLY,
            refund_reason=RefundReason.NO_REPLY,
            now=now,
        )
        return True
    consultation.staff_task = StaffTask.NO_REPLY
    consultation.reply_due_at = since + numbers.NO_REPLY_REFUND_AFTER
    consultation.save(update_fields=["staff_task", "reply_due_at"])
    announcing.say(consultation, "no_reply_review")
    announcing.tell_staff(consultation)
    return True


def end_at_deadline(consultation_id: int, now: datetime) -> bool:
    """End a case whose service time is over, unless the patient waits for an answer."""
    consultation = due_and_free(consultation_id, state=State.IN_PROGRESS)
    if consultation is None or (consultation.service_until or now) > now:
        return False
    if consultation.held_since is not None:
        return False
    if consultation.unanswered_since is not None or is_waiting_for_reply(consultation):
        return False
    if is_phone(consultation.kind) and _talked_at(consultation) is None:
        return _end_without_talk(consultation, now)
    finish(consultation, actor=TIMER, reason=Reason.SERVICE_TIME_OVER, now=now)
    return True


def _end_without_talk(consultation: Consultation, now: datetime) -> bool:
    """End a phone case in which nobody talked: the money goes back, or waits for staff.

    They decide of a doctor who has dialled. What is under way, or with staff, is waited for.
    """
    calls = consultation.calls.filter(doctor_id=consultation.doctor_id or 0)
    is_with_staff = consultation.staff_task == StaffTask.CALL_MISSED
    if is_with_staff or calls.filter(state__in=CALL_OPEN).exists():
        return False
    tried = calls.exclude(outcome=CallOutcome.CANCELLED).values_list("outcome", flat=True)
    if not NEVER_REACHED.issuperset(tried):
        finish(consultation, actor=TIMER, reason=Reason.SERVICE_TIME_OVER, now=now, is_served=False)
        return True
    close_with_refund(
        consultation,
        actor=TIMER,
        reason=Reason.CALL_MISSED,
        refund_reason=RefundReason.NO_REPLY,
        now=now,
    )
    return True


def is_waiting_for_reply(consultation: Consultation) -> bool:
    """Say whether the patient wrote last, or this doctor has not written since he got the case."""
    talk = consultation.conversation
    doctor_at = _replied_at(consultation)
    if talk is None or doctor_at is None:
        return True
    return waits_for_doctor(last_patient_at=talk.last_patient_message_at, last_doctor_at=doctor_at)


def has_replied(consultation: Consultation) -> bool:
    """Say whether this doctor has written since he got the case."""
    return _replied_at(consultation) is not None


def _replied_at(consultation: Consultation) -> datetime | None:
    talk = consultation.conversation
    began = places.current_start(consultation)
    if talk is None or began is None:
        return None
    moments = [talk.last_doctor_message_at, _talked_at(consultation)]
    return max((one for one in moments if one is not None and one >= began), default=None)


def _talked_at(consultation: Consultation) -> datetime | None:
    """Return when a phone case's doctor last talked with the patient."""
    if not is_phone(consultation.kind):
        return None
    talks = consultation.calls.filter(
        doctor_id=consultation.doctor_id or 0, outcome=CallOutcome.TALKED
    )
    return talks.order_by("-answered_at").values_list("answered_at", flat=True).first()
