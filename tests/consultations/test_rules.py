"""Pure rules: tables and generated cases."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.settings import rules as numbers
from consultations.enums import MOVES, OPEN_STATES, SEED_STATUS, Kind, RefundBy, RefundMode, State
from consultations.rules import (
    accept_by,
    allows_instant,
    assign_by,
    escalation_step,
    is_invalid,
    is_open,
    may_hop_again,
    refund_for,
    seed_status,
    waits_for_doctor,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("by", "state", "elapsed", "fault", "decided"),
    [
        (RefundBy.PATIENT, State.DRAFT, HOUR, False, (RefundMode.NONE, 0)),
        (RefundBy.PATIENT, State.PENDING_PAYMENT, HOUR, False, (RefundMode.NONE, 0)),
        (RefundBy.PATIENT, State.WAITING_ASSIGNMENT, HOUR, False, (RefundMode.AUTOMATIC, 3900)),
        (RefundBy.PATIENT, State.WAITING_ACCEPT, HOUR, False, (RefundMode.AUTOMATIC, 3900)),
        (RefundBy.PATIENT, State.IN_PROGRESS, HOUR, False, (RefundMode.REVIEW, 3900)),
        (RefundBy.PATIENT, State.IN_PROGRESS, HOUR, True, (RefundMode.AUTOMATIC, 3900)),
        (RefundBy.DOCTOR, State.IN_PROGRESS, HOUR, False, (RefundMode.REVIEW, 3900)),
        (RefundBy.SYSTEM, State.IN_PROGRESS, HOUR, False, (RefundMode.AUTOMATIC, 3900)),
        (RefundBy.PATIENT, State.COMPLETED, HOUR, False, (RefundMode.REVIEW, 3900)),
        (RefundBy.PATIENT, State.COMPLETED, 200 * HOUR, False, (RefundMode.REFUSED, 0)),
        (RefundBy.PATIENT, State.EXPIRED, HOUR, False, (RefundMode.AUTOMATIC, 3900)),
    ],
)
def test_refund_rule(
    by: RefundBy, state: str, elapsed: timedelta, fault: bool, decided: tuple[RefundMode, int]
) -> None:
    decision = refund_for(
        actor=by, state=state, elapsed=elapsed, amount_fen=3900, provider_fault=fault
    )

    assert (decision.mode, decision.amount_fen) == decided


@given(
    by=st.sampled_from(RefundBy),
    state=st.sampled_from(State),
    elapsed=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60)),
    amount=st.integers(min_value=-5, max_value=10**9),
    fault=st.booleans(),
)
def test_a_refund_is_never_more_than_what_is_left_and_refused_means_nothing(
    by: RefundBy, state: State, elapsed: timedelta, amount: int, fault: bool
) -> None:
    decision = refund_for(
        actor=by, state=state, elapsed=elapsed, amount_fen=amount, provider_fault=fault
    )

    assert 0 <= decision.amount_fen <= max(amount, 0)
    keeps_all = decision.mode in {RefundMode.REFUSED, RefundMode.NONE}
    assert (decision.amount_fen == 0) == keeps_all
    assert amount > 0 or decision.mode is RefundMode.NONE


@given(
    state=st.sampled_from([State.WAITING_ASSIGNMENT, State.WAITING_ACCEPT]),
    by=st.sampled_from(RefundBy),
    amount=st.integers(min_value=1, max_value=10**9),
)
def test_before_acceptance_everything_goes_back_whoever_ends_it(
    state: State, by: RefundBy, amount: int
) -> None:
    decision = refund_for(actor=by, state=state, elapsed=HOUR, amount_fen=amount)

    assert (decision.mode, decision.amount_fen) == (RefundMode.AUTOMATIC, amount)


@given(st.lists(st.sampled_from(State), max_size=12))
def test_every_allowed_walk_ends_where_nothing_follows_or_stays_open(walk: list[State]) -> None:
    state = ""
    for wanted in walk:
        if wanted in MOVES[state]:
            state = wanted

    assert state == "" or is_open(state) or MOVES[state] == frozenset()


def test_the_table_knows_every_state_and_reaches_all_of_them() -> None:
    reached = {to for row in MOVES.values() for to in row}

    assert set(MOVES) == {"", *State.values}
    assert reached == set(State.values)
    assert {state for state in State if MOVES[state]} == set(OPEN_STATES)


def test_seed_codes_cover_every_state() -> None:
    assert set(SEED_STATUS) == set(State.values)
    assert [seed_status(s) for s in (State.DRAFT, State.IN_PROGRESS, State.COMPLETED)] == [0, 1, 2]


def test_a_referral_is_valid_and_a_cancellation_is_not() -> None:
    assert not is_invalid(State.REFERRED_OFFLINE)
    assert not is_invalid(State.COMPLETED)
    assert is_invalid(State.CANCELLED)
    assert is_invalid(State.EXPIRED)


def test_the_instant_product_searches_ten_minutes_the_other_a_day() -> None:
    assert assign_by(paid_at=NOON, is_instant=True) - NOON == timedelta(minutes=10)
    assert assign_by(paid_at=NOON, is_instant=False) - NOON == timedelta(hours=24)
    assert allows_instant(Kind.TEXT_FAST)
    assert not allows_instant(Kind.TEXT_CHOSEN)


def test_a_chosen_doctor_has_a_day_to_accept() -> None:
    assert accept_by(assigned_at=NOON, is_chosen=False) - NOON == timedelta(minutes=10)
    assert accept_by(assigned_at=NOON, is_chosen=True) - NOON == timedelta(hours=24)


@pytest.mark.parametrize(("minutes", "step"), [(0, 0), (4, 0), (5, 1), (15, 2), (29, 2), (31, 3)])
def test_escalation_marks(minutes: int, step: int) -> None:
    assert escalation_step(waiting=timedelta(minutes=minutes)) == step


@given(st.timedeltas(min_value=timedelta(0)), st.timedeltas(min_value=timedelta(0)))
def test_escalation_never_falls_while_time_passes(first: timedelta, second: timedelta) -> None:
    sooner, later = sorted([first, second])

    assert escalation_step(waiting=sooner) <= escalation_step(waiting=later)


def test_a_case_hops_at_most_three_times() -> None:
    assert [may_hop_again(hops) for hops in range(5)] == [True, True, True, False, False]
    assert numbers.MAX_HOPS == 3


@pytest.mark.parametrize(
    ("patient", "doctor", "waits"),
    [
        (None, None, True),
        (NOON, None, True),
        (None, NOON, False),
        (NOON, NOON + HOUR, False),
        (NOON + HOUR, NOON, True),
        (NOON, NOON, False),
    ],
)
def test_who_waits_for_whom(patient: datetime | None, doctor: datetime | None, waits: bool) -> None:
    assert waits_for_doctor(last_patient_at=patient, last_doctor_at=doctor) is waits
