"""The refund policy as a table, and what holds for every case."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.enums import EndedBy, RefundMode, ServicePhase
from payments.rules import Ending, RefundDecision, RefundTerms, decide_refund

HOUR = timedelta(hours=1)
VISIT = RefundTerms(free_until=24 * HOUR, late_share_percent=50, claim_within=timedelta(days=7))


def ending(by: str, phase: str, hours: int = 1, **changes: object) -> Ending:
    values: dict[str, object] = {
        "by": EndedBy(by),
        "phase": ServicePhase(phase),
        "elapsed": hours * HOUR,
        "amount_fen": 3901,
    }
    return Ending(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "mode", "amount_fen"),
    [
        (ending("patient", "unpaid"), "none", 0),
        (ending("patient", "waiting"), "automatic", 3901),
        (ending("doctor", "waiting"), "automatic", 3901),
        (ending("patient", "waiting", starts_in=25 * HOUR), "automatic", 3901),
        (ending("patient", "waiting", starts_in=2 * HOUR), "automatic", 1950),
        (ending("doctor", "waiting", starts_in=2 * HOUR), "automatic", 3901),
        (ending("system", "waiting", starts_in=2 * HOUR), "automatic", 3901),
        (ending("patient", "under_way"), "review", 3901),
        (ending("doctor", "under_way"), "review", 3901),
        (ending("system", "under_way"), "automatic", 3901),
        (ending("patient", "under_way", is_provider_fault=True), "automatic", 3901),
        (ending("patient", "done", 24 * 7), "review", 3901),
        (ending("patient", "done", 24 * 7 + 1), "refused", 0),
        (ending("patient", "done", 999, is_provider_fault=True), "automatic", 3901),
        (ending("patient", "not_given", 999), "automatic", 3901),
        (ending("patient", "waiting", amount_fen=0), "none", 0),
        (ending("patient", "waiting", amount_fen=1, starts_in=HOUR), "refused", 0),
    ],
)
def test_who_gets_what_back(case: Ending, mode: str, amount_fen: int) -> None:
    assert decide_refund(case, VISIT) == RefundDecision(RefundMode(mode), amount_fen)


@given(
    by=st.sampled_from(EndedBy),
    phase=st.sampled_from(ServicePhase),
    elapsed=st.timedeltas(timedelta(0), timedelta(days=400)),
    amount_fen=st.integers(-5, 10**9),
    fault=st.booleans(),
    starts_in=st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=9)),
)
def test_never_more_than_was_paid_and_fault_is_never_refused(
    by: EndedBy,
    phase: ServicePhase,
    elapsed: timedelta,
    amount_fen: int,
    fault: bool,
    starts_in: timedelta | None,
) -> None:
    case = Ending(
        by=by,
        phase=phase,
        elapsed=elapsed,
        amount_fen=amount_fen,
        is_provider_fault=fault,
        starts_in=starts_in,
    )

    decision = decide_refund(case, VISIT)

    assert 0 <= decision.amount_fen <= max(amount_fen, 0)
    is_there = amount_fen > 0 and phase is not ServicePhase.UNPAID
    assert (decision.mode is RefundMode.NONE) != is_there
    assert (decision.mode is RefundMode.REFUSED) == (is_there and decision.amount_fen == 0)
    if fault and amount_fen > 0 and phase is not ServicePhase.UNPAID:
        assert decision == RefundDecision(RefundMode.AUTOMATIC, amount_fen)
