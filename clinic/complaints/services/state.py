"""The only door to a complaint's state. Locks go complaint, payment order, doctor."""

from datetime import datetime

from clinic.complaints.enums import MOVES, Act, State
from clinic.complaints.errors import OwnCaseError
from clinic.complaints.models import Complaint, ComplaintStep
from clinic.complaints.selectors.served import own_of
from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
from clinic.core.transitions import check_move

# What a caller may have set on the row beside its state.
FIELDS = [
    "state", "state_since", "round", "answer_by", "close_by", "handler", "former_handler",
    "outcome", "decided_at", "accepted_at",
]  # fmt: skip


def locked(complaint_id: int) -> Complaint:
    """Return the row, locked until the transaction ends. Raises NotFoundError."""
    rows = Complaint.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=complaint_id).first()
    if row is None:
        raise NotFoundError
    return row


def locked_if_free(complaint_id: int) -> Complaint | None:
    """Return the locked row, or None when somebody else works on it right now."""
    rows = Complaint.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.filter(pk=complaint_id).first()


def check_is_not_own(complaint: Complaint, actor: Actor) -> None:
    """Refuse who complained, is complained of, or had the case. Raises OwnCaseError."""
    if Complaint.objects.filter(own_of(actor.user_id), pk=complaint.pk).exists():
        raise OwnCaseError


def advance(complaint: Complaint, to: State, *, act: Act, actor: Actor, now: datetime) -> None:
    """Move a locked complaint and store with it what the caller set on it, and its step.

    Raises IllegalTransitionError.
    """
    before = complaint.state
    check_move(MOVES, before, to)
    complaint.state, complaint.state_since = to, now
    complaint.save(update_fields=FIELDS)
    note_step(complaint, act=act, before=before, actor=actor, now=now)


def note_step(
    complaint: Complaint,
    *,
    act: Act,
    before: str,
    actor: Actor,
    now: datetime,
    doctor_id: int | None = None,
) -> None:
    """Write one row of the history; ``doctor_id`` is whom staff chose."""
    ComplaintStep.objects.create(
        complaint=complaint,
        act=act,
        before=before,
        after=complaint.state,
        actor=actor.label,
        doctor_id=doctor_id,
        at=now,
    )
