"""Staff learn of patients who wait too long."""

from datetime import datetime

from consultations.enums import StaffTask, State
from consultations.rules import escalation_step
from consultations.services import announcing
from consultations.services.state import locked_if_free


def escalate(consultation_id: int, now: datetime) -> bool:
    """Raise a waiting case to the mark it has passed and tell staff; say whether it rose."""
    consultation = locked_if_free(consultation_id)
    if consultation is None or consultation.state != State.WAITING_ASSIGNMENT:
        return False
    step = escalation_step(waiting=now - (consultation.paid_at or now))
    if step <= consultation.escalation:
        return False
    consultation.escalation = step
    consultation.staff_task = StaffTask.LONG_WAIT
    consultation.save(update_fields=["escalation", "staff_task"])
    announcing.tell_staff(consultation)
    return True
