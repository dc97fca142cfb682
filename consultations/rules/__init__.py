"""Pure rules of consultations: deadlines, refunds, seed codes. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.settings import rules as numbers
from consultations.enums import (
    BEFORE_ACCEPTANCE,
    CHOSEN_KINDS,
    INVALID_STATES,
    OPEN_STATES,
    PHONE_KINDS,
    SEED_STATUS,
    CallOutcome,
    Kind,
    RefundBy,
    RefundMode,
    State,
)
from payments.enums import EndedBy, ServicePhase
from payments.rules import Ending, RefundTerms, decide_refund

TERMS = RefundTerms(claim_within=numbers.REFUND_CLAIM_WITHIN)


@dataclass(frozen=True, slots=True)
class RefundDecision:
    """What happens to the money: the mode and the most that can go back, in fen."""

    mode: RefundMode
    amount_fen: int


def refund_for(
    *,
    actor: RefundBy,
    state: str,
    elapsed: timedelta,
    amount_fen: int,
    provider_fault: bool = False,
) -> RefundDecision:
    """Decide about the money of a consultation that ends or is complained about.

    ``amount_fen`` is what was paid and not given back yet. ``elapsed`` is the time since the
    current state began. Provider fault and everything before acceptance: all of it, automatically.
    After acceptance, and within REFUND_CLAIM_WITHIN after the end: staff decide. Otherwise no.
    """
    ending = Ending(
        by=EndedBy(actor.value),
        phase=_phase(state),
        elapsed=elapsed,
        amount_fen=amount_fen,
        is_provider_fault=provider_fault,
    )
    decision = decide_refund(ending, TERMS)
    return RefundDecision(RefundMode(decision.mode.value), decision.amount_fen)


def _phase(state: str) -> ServicePhase:
    if state in (State.DRAFT, State.PENDING_PAYMENT):
        return ServicePhase.UNPAID
    if state in BEFORE_ACCEPTANCE:
        return ServicePhase.WAITING
    if state == State.IN_PROGRESS:
        return ServicePhase.UNDER_WAY
    if state in (State.EXPIRED, State.REFUNDED_CLOSED):
        return ServicePhase.NOT_GIVEN
    return ServicePhase.DONE


def assign_by(*, paid_at: datetime, is_instant: bool) -> datetime:
    """Return when the search for a doctor ends and the money goes back."""
    if is_instant:
        return paid_at + numbers.REFUND_INSTANT_WHEN_UNASSIGNED_AFTER
    return paid_at + numbers.REFUND_WHEN_UNASSIGNED_AFTER


def accept_by(*, assigned_at: datetime, is_chosen: bool) -> datetime:
    """Return when an assigned doctor loses the case that he has not accepted."""
    within = numbers.ACCEPT_CHOSEN_DOCTOR_WITHIN if is_chosen else numbers.ACCEPT_WITHIN
    return assigned_at + within


def escalation_step(*, waiting: timedelta) -> int:
    """Return how many of the marks of ESCALATE_WAITING_AFTER have passed (0 = none)."""
    return sum(waiting >= mark for mark in numbers.ESCALATE_WAITING_AFTER)


def hold_until(*, now: datetime, wanted: timedelta, used: Sequence[timedelta]) -> datetime | None:
    """Return when a hold that begins now must end; None when the case may not be held again.

    ``used`` are the lengths of its earlier holds.
    """
    left = numbers.HOLDS_TOTAL - sum(used, timedelta(0))
    if len(used) >= numbers.HOLDS_MAX or left <= timedelta(0):
        return None
    return now + min(wanted, numbers.HOLD_LONGEST, left)


def next_nudge(*, paid_at: datetime, number: int, last_at: datetime | None) -> datetime | None:
    """Return when the round after ``number`` is due; None when doctors and staff were told."""
    if number > numbers.NUDGE_ROUNDS:
        return None
    if last_at is None:
        return paid_at + numbers.NUDGE_AFTER
    return last_at + numbers.NUDGE_EVERY


def may_hop_again(hops: int) -> bool:
    """Say whether a case that came back may be given to one more doctor."""
    return hops < numbers.MAX_HOPS


def waits_for_doctor(*, last_patient_at: datetime | None, last_doctor_at: datetime | None) -> bool:
    """Say whether the patient wrote last, or the doctor has not written at all."""
    if last_doctor_at is None:
        return True
    return last_patient_at is not None and last_patient_at > last_doctor_at


def allows_instant(kind: str) -> bool:
    """Say whether the 10-minute product exists for a kind: only for the next suitable doctor."""
    return kind == Kind.TEXT_FAST


def is_phone(kind: str) -> bool:
    """Say whether the service is given by phone."""
    return kind in PHONE_KINDS


def is_chosen(kind: str) -> bool:
    """Say whether the patient names the doctor."""
    return kind in CHOSEN_KINDS


def is_same_medium(one: str, other: str) -> bool:
    """Say whether two kinds are both by text or both by phone."""
    return is_phone(one) == is_phone(other)


def call_outcome(*, talked: timedelta, has_doctor_dialled: bool) -> CallOutcome:
    """Say how a call ended by what was talked in all and by who dialled at all."""
    if talked >= numbers.CALL_SHORTEST:
        return CallOutcome.TALKED
    if talked > timedelta(0):
        return CallOutcome.SHORT
    return CallOutcome.PATIENT_MISSED if has_doctor_dialled else CallOutcome.DOCTOR_MISSED


def why_not_call_at(due_at: datetime, *, now: datetime, until: datetime) -> Promise | None:
    """Return what is wrong with the moment of a call: past, or after the service; None if fine."""
    if due_at < now - timedelta(minutes=1):
        return _("Choose a moment that is not over.")
    return None if due_at <= until else _("Choose a moment within the service time.")


def why_not_due_at(due_at: datetime, *, now: datetime) -> Promise | None:
    """Return what is wrong with the date of a follow-up, None if it is fine."""
    if due_at <= now:
        return _("Choose a moment that is not over.")
    far = due_at - now > numbers.FOLLOW_UP_FURTHEST
    return _("Choose an earlier date: half a year ahead at the most.") if far else None


def seed_status(state: str) -> int:
    """Return the code of seed 004: 0 new, 1 in consultation, 2 closed."""
    return SEED_STATUS[state]


def is_invalid(state: str) -> bool:
    """Say whether a consultation ended without service (``isInvalid`` of seed 004)."""
    return state in INVALID_STATES


def is_open(state: str) -> bool:
    """Say whether a consultation still goes on."""
    return state in OPEN_STATES


def topic_of(public_id: object) -> str:
    """Return the unique topic of the conversation of a case."""
    return f"consultation:{public_id}"
