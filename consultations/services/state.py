"""The only door to a consultation's state."""

from datetime import datetime

from django.db import connection

from clinic.core.actor import Actor
from clinic.core.errors import ConflictError, NotFoundError
from clinic.core.transitions import check_move
from consultations.enums import MOVES, Reason, State
from consultations.models import Consultation
from consultations.services import announcing
from consultations.services.statements import LIFECYCLE, MOVE
from payments.services.states import lock_order


def locked(consultation_id: int) -> Consultation:
    """Return the row, locked until the transaction ends. Raises NotFoundError.

    People and order are loaded afterwards: a join would show them as they were before the wait.
    """
    rows = Consultation.objects.select_for_update(no_key=True)
    row = rows.filter(pk=consultation_id).first()
    if row is None:
        raise NotFoundError
    return row


def locked_if_free(consultation_id: int) -> Consultation | None:
    """Return the locked row, or None when somebody else works on it right now."""
    rows = Consultation.objects.select_for_update(no_key=True, skip_locked=True)
    return rows.filter(pk=consultation_id).first()


def locked_with_order(consultation_id: int) -> Consultation:
    """Lock the order, then the case, as the house's order of locks wants it.

    Raises ConflictError when an order came into being between the two.
    """
    order_id = (
        Consultation.objects.filter(pk=consultation_id).values_list("order_id", flat=True).first()
    )
    if order_id is not None:
        lock_order(order_id)
    consultation = locked(consultation_id)
    if consultation.order_id != order_id:
        raise ConflictError
    return consultation


def due_and_free(consultation_id: int, *, state: State) -> Consultation | None:
    """Lock the order, then the case if nobody works on it; None unless it is in the state."""
    order_id = (
        Consultation.objects.filter(pk=consultation_id).values_list("order_id", flat=True).first()
    )
    if order_id is not None:
        lock_order(order_id)
    consultation = locked_if_free(consultation_id)
    return consultation if consultation is not None and consultation.state == state else None


def advance(
    consultation: Consultation, to: State, *, actor: Actor, reason: Reason, now: datetime
) -> None:
    """Move a locked case and store with it what the caller set on it, its history and its push.

    Raises IllegalTransitionError; ConflictError when the row was not locked and moved meanwhile.
    """
    before = consultation.state
    check_move(MOVES, before, to)
    consultation.state, consultation.state_since = to, now
    values = {name: getattr(consultation, name) for name in LIFECYCLE}
    about = {
        "id": consultation.pk,
        "before": before,
        "actor": actor.label,
        "reason": reason,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values | about)
        if not cursor.rowcount:
            raise ConflictError
    announcing.push_state(consultation)
