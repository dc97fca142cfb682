"""The patient withdraws, accepts an outcome, or appeals once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from clinic.complaints.enums import DECIDED, MOVES, PENDING, Act, Side, State
from clinic.complaints.errors import AppealUsedError, NotDecidedError, OutcomeAcceptedError
from clinic.complaints.models import Complaint, ComplaintNote
from clinic.complaints.services import telling
from clinic.complaints.services.state import advance, locked, note_step
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from clinic.core.transitions import check_move
from clinic.settings import rules


def withdraw(complaint_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a pending complaint back; after an appeal it goes to its end.

    Raises IllegalTransitionError, AppealUsedError.
    """
    with transaction.atomic():
        complaint = locked(complaint_id)
        check_move(MOVES, complaint.state, State.WITHDRAWN)
        if complaint.round > 1:
            raise AppealUsedError
        complaint.answer_by = None
        advance(complaint, State.WITHDRAWN, act=Act.WITHDRAWN, actor=actor, now=now)
        telling.withdrawn(complaint)


def accept(complaint_id: int, *, actor: Actor, now: datetime) -> None:
    """Agree to the outcome: it is final. Raises OutcomeAcceptedError."""
    with transaction.atomic():
        complaint = locked(complaint_id)
        if complaint.state not in DECIDED or complaint.accepted_at is not None:
            raise OutcomeAcceptedError
        complaint.accepted_at = now
        complaint.save(update_fields=["accepted_at"])
        note_step(complaint, act=Act.ACCEPTED, before=complaint.state, actor=actor, now=now)


def appeal(complaint_id: int, *, text: str, actor: Actor, now: datetime) -> None:
    """Ask once for another look, by somebody else, within COMPLAINT_APPEAL_WITHIN.

    Raises NotDecidedError, AppealUsedError, and ComplaintOpenError when a newer complaint about the
    same thing is pending.
    """
    try:
        with transaction.atomic():
            complaint = locked(complaint_id)
            if complaint.state in PENDING and complaint.round == 1:
                raise NotDecidedError
            if not may_appeal(complaint, now):
                raise AppealUsedError
            complaint.round += 1
            complaint.former_handler, complaint.handler = complaint.handler, None
            complaint.answer_by = now + rules.COMPLAINT_ANSWER_WITHIN
            complaint.close_by = now + rules.COMPLAINT_CLOSE_WITHIN
            advance(complaint, State.OPEN, act=Act.APPEALED, actor=actor, now=now)
            ComplaintNote.objects.create(
                complaint=complaint,
                author_id=actor.account_id,
                side=Side.PATIENT,
                text=text,
                created_at=now,
            )
            telling.appealed(complaint)
    except IntegrityError as error:
        raise translate(error) from None


def may_appeal(complaint: Complaint, now: datetime) -> bool:
    """Say whether the patient may still ask for another look."""
    if complaint.state not in DECIDED or complaint.is_final or complaint.decided_at is None:
        return False
    return now - complaint.decided_at <= rules.COMPLAINT_APPEAL_WITHIN
