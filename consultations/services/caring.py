"""Staff takes a case in hand, so that two do not do the same."""

from datetime import datetime

from django.db import IntegrityError, transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from clinic.core.errors import IllegalTransitionError
from consultations.enums import OPEN_STATES
from consultations.errors import CareTakenError
from consultations.models import StaffCare
from consultations.services.state import locked


def take_in_hand(consultation_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an open case in hand; of two one gets it. Repeatable for who has it.

    Raises IllegalTransitionError, CareTakenError.
    """
    try:
        with transaction.atomic():
            case = locked(consultation_id)
            if case.state not in OPEN_STATES:
                raise IllegalTransitionError(state=case.state, allowed=[])
            current = StaffCare.objects.filter(consultation=case, ended_at=None).first()
            if current is not None:
                if current.staff_id == actor.user_id:
                    return
                raise CareTakenError
            StaffCare.objects.create(consultation=case, staff_id=actor.account_id, started_at=now)
            audit.record(actor, "take_in_hand", "consultation", case.public_id)
    except IntegrityError as error:
        raise translate(error) from None


def let_go(consultation_id: int, *, actor: Actor, now: datetime) -> None:
    """Let a case go that the actor has in hand. Raises CareTakenError when he has it not."""
    with transaction.atomic():
        case = locked(consultation_id)
        mine = StaffCare.objects.filter(consultation=case, staff_id=actor.account_id, ended_at=None)
        if not mine.update(ended_at=now):
            raise CareTakenError
        audit.record(actor, "let_go", "consultation", case.public_id)
