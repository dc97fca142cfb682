"""What every end of a case has in common."""

from datetime import datetime

from clinic.core.actor import Actor
from clinic.core.events import publish
from consultations.enums import Reason, StaffTask, State
from consultations.events import ConsultationClosed
from consultations.models import Consultation
from consultations.services import announcing, places
from consultations.services.state import advance


def end_without_service(
    consultation: Consultation, to: State, *, actor: Actor, reason: Reason, now: datetime
) -> None:
    """Give the doctor's place back, silence the conversation, move the locked case to its end.

    A refund that staff must decide stays on their list; every other task is over.
    """
    places.vacate(consultation, why=reason, now=now)
    stop_clocks(consultation)
    consultation.ended_at = now
    if consultation.staff_task != StaffTask.REFUND_REVIEW:
        consultation.staff_task = StaffTask.NONE
    advance(consultation, to, actor=actor, reason=reason, now=now)
    announcing.silence(consultation)
    publish(ConsultationClosed(consultation_id=consultation.pk, state=to.value))


def stop_clocks(consultation: Consultation) -> None:
    """Forget when a reply is due; nobody waits any more."""
    consultation.unanswered_since = None
    consultation.reply_due_at = None
