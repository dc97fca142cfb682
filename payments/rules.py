"""Pure rules of money: what goes back when a paid service ends. No database, no clock."""

from dataclasses import dataclass
from datetime import timedelta

from payments.enums import EndedBy, RefundMode, ServicePhase


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundTerms:
    """What a kind of service promises about cancelling.

    ``free_until``: cancelled at least this long before its start, all goes back (appointments).
    ``late_share_percent``: what goes back of a later cancellation, without asking anybody.
    ``claim_within``: how long after the end staff still look at a complaint.
    """

    free_until: timedelta = timedelta(0)
    late_share_percent: int = 100
    claim_within: timedelta = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a paid service ends. ``elapsed`` is the time since its phase began.

    ``starts_in`` is the time left to an agreed start; None for services without one.
    ``amount_fen`` is what was paid and has not gone back yet.
    """

    by: EndedBy
    phase: ServicePhase
    elapsed: timedelta
    amount_fen: int
    is_provider_fault: bool = False
    starts_in: timedelta | None = None


@dataclass(frozen=True, slots=True)
class RefundDecision:
    """What happens to the money: the mode and the most that can go back, in fen."""

    mode: RefundMode
    amount_fen: int


NOTHING = RefundDecision(RefundMode.REFUSED, 0)  # the clinic keeps it
NOTHING_THERE = RefundDecision(RefundMode.NONE, 0)


def decide_refund(ending: Ending, terms: RefundTerms) -> RefundDecision:
    """Decide about the money of a service that ends or is complained about.

    Fault of the provider, and all that was never begun: automatic. A service under way that the
    clinic itself ends: automatic; that a person ends: staff decide. A done one: staff decide
    within the time for claims. Otherwise nothing goes back. Where nothing was paid, or all of it
    went back, there is nothing to decide.
    """
    if ending.amount_fen <= 0 or ending.phase is ServicePhase.UNPAID:
        return NOTHING_THERE
    if ending.is_provider_fault or ending.phase is ServicePhase.NOT_GIVEN:
        return RefundDecision(RefundMode.AUTOMATIC, ending.amount_fen)
    if ending.phase is ServicePhase.WAITING:
        return _before_it_began(ending, terms)
    if ending.phase is ServicePhase.UNDER_WAY:
        by_clinic = ending.by is EndedBy.SYSTEM
        mode = RefundMode.AUTOMATIC if by_clinic else RefundMode.REVIEW
        return RefundDecision(mode, ending.amount_fen)
    if ending.elapsed <= terms.claim_within:
        return RefundDecision(RefundMode.REVIEW, ending.amount_fen)
    return NOTHING


def _before_it_began(ending: Ending, terms: RefundTerms) -> RefundDecision:
    is_late = ending.starts_in is not None and ending.starts_in < terms.free_until
    if ending.by is not EndedBy.PATIENT or not is_late:
        return RefundDecision(RefundMode.AUTOMATIC, ending.amount_fen)
    amount_fen = ending.amount_fen * terms.late_share_percent // 100
    return RefundDecision(RefundMode.AUTOMATIC, amount_fen) if amount_fen else NOTHING
