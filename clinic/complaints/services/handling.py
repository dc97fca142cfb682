"""Staff takes a complaint, gives it back, decides it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clinic.complaints.enums import MOVES, Act, State
from clinic.complaints.errors import (
    CompensationWaitsError,
    NothingWasPaidError,
    OwnCaseError,
    PointsWithoutDoctorError,
    TakenByColleagueError,
)
from clinic.complaints.models import Compensation, Complaint
from clinic.complaints.services import telling
from clinic.complaints.services.quality import give_points, revoke_points
from clinic.complaints.services.state import advance, check_is_not_own, locked
from clinic.complaints.subjects import find_concern
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.transitions import check_move
from payments.errors import RefundAskedError
from payments.services.refund_requests import ask_for_refund


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """How a complaint ends: what the patient is told, points against the doctor, money back.

    ``points_reason`` is read by the doctor. ``compensation_fen`` is asked for from payments, whose
    staff grants it; above their limit two of them.
    """

    is_justified: bool
    outcome: str
    points: int = 0
    points_reason: str = ""
    compensation_fen: int = 0


def claim(complaint_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a complaint that nobody has; of two colleagues one gets it. Repeatable for who has it.

    Raises TakenByColleagueError, OwnCaseError, IllegalTransitionError.
    """
    with transaction.atomic():
        complaint = locked(complaint_id)
        if complaint.state == State.IN_REVIEW:
            if complaint.handler_id == actor.user_id:
                return
            raise TakenByColleagueError
        check_is_not_own(complaint, actor)
        if actor.user_id == complaint.former_handler_id:
            raise OwnCaseError
        complaint.handler_id = actor.account_id
        advance(complaint, State.IN_REVIEW, act=Act.CLAIMED, actor=actor, now=now)
        audit.record(actor, "complaint.claim", "complaint", complaint.public_id)


def release(complaint_id: int, *, actor: Actor, now: datetime) -> None:
    """Let a complaint go back to the work list. Raises TakenByColleagueError."""
    with transaction.atomic():
        complaint = _own(complaint_id, actor, to=State.OPEN)
        complaint.handler = None
        advance(complaint, State.OPEN, act=Act.RELEASED, actor=actor, now=now)
        audit.record(actor, "complaint.release", "complaint", complaint.public_id)


def decide(complaint_id: int, *, decision: Decision, actor: Actor, now: datetime) -> Complaint:
    """End a complaint that the actor has. Points of an earlier round are revoked, money stays.

    Raises TakenByColleagueError, OwnCaseError, PointsWithoutDoctorError, NothingWasPaidError,
    CompensationWaitsError, and what else ``ask_for_refund`` raises; nothing is half done.
    """
    to = State.RESOLVED if decision.is_justified else State.REJECTED
    with transaction.atomic():
        complaint = _own(complaint_id, actor, to=to)
        check_is_not_own(complaint, actor)
        if decision.compensation_fen:
            _compensate(complaint, decision, actor, now)
        complaint.outcome, complaint.decided_at = decision.outcome, now
        complaint.answer_by = None
        advance(complaint, to, act=Act.DECIDED, actor=actor, now=now)
        if complaint.answered_at is None:
            complaint.answered_at = now
            complaint.save(update_fields=["answered_at"])
        _count_points(complaint, decision, actor, now)
        telling.decided(complaint)
        audit.record(
            actor, "complaint.decide", "complaint", complaint.public_id,
            state=to, points=decision.points, compensation_fen=decision.compensation_fen,
        )  # fmt: skip
    return complaint


def _own(complaint_id: int, actor: Actor, *, to: State) -> Complaint:
    complaint = locked(complaint_id)
    check_move(MOVES, complaint.state, to)
    if complaint.handler_id != actor.user_id:
        raise TakenByColleagueError
    return complaint


def _compensate(complaint: Complaint, decision: Decision, actor: Actor, now: datetime) -> None:
    """Ask for the money of this round; the constraint lets a round have it once."""
    concern = find_concern(complaint.subject, complaint.subject_public_id, complaint.patient_id)
    if concern is None or concern.order_id is None:
        raise NothingWasPaidError
    try:
        request = ask_for_refund(
            concern.order_id,
            amount_fen=decision.compensation_fen,
            actor=actor,
            reason=str(complaint),
        )
    except RefundAskedError:
        raise CompensationWaitsError from None
    Compensation.objects.create(complaint=complaint, round=complaint.round, request=request, at=now)


def _count_points(complaint: Complaint, decision: Decision, actor: Actor, now: datetime) -> None:
    revoke_points(complaint, now=now)
    if not decision.points:
        return
    if complaint.doctor_id is None or not decision.is_justified or not decision.points_reason:
        raise PointsWithoutDoctorError
    give_points(
        complaint,
        doctor_id=complaint.doctor_id,
        points=decision.points,
        reason=decision.points_reason,
        actor=actor,
        now=now,
    )
