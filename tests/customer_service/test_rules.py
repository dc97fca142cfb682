"""Opening hours, silence, who is chosen, how long it takes: by tables and properties."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.core.clock import CLINIC_ZONE
from clinic.customer_service.enums import IdleStep
from clinic.customer_service.rules import (
    ALWAYS,
    Candidate,
    Hours,
    Silence,
    SpecialDay,
    Stretch,
    Wish,
    choose,
    estimated_wait,
    idle_step,
    is_open,
    next_opening,
    shown_position,
    told_wait,
)

MORNING = Stretch(time(9), time(12))
AFTERNOON = Stretch(time(13, 30), time(18))
NIGHT = Stretch(time(20), time(23, 59))
EARLY = Stretch(time(0), time(2))
WORKDAYS = dict.fromkeys(range(5), (MORNING, AFTERNOON))


def at(text: str) -> datetime:
    """Return a moment of the clinic's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=CLINIC_ZONE)


# 2026-10-01 (Thursday) begins the National Day holiday; 2026-10-10 is a Saturday worked instead.
WEEK = Hours(
    WORKDAYS,
    (
        SpecialDay(date(2026, 10, 1), None, is_own=False),
        SpecialDay(date(2026, 10, 2), None, is_own=False),
        SpecialDay(date(2026, 10, 2), Stretch(time(10), time(11)), is_own=True),
        SpecialDay(date(2026, 10, 10), MORNING, is_own=False),
        SpecialDay(date(2026, 10, 10), AFTERNOON, is_own=False),
    ),
)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-09-30 08:59:59", "2026-09-30 09:00"),
        ("2026-09-30 09:00", "2026-09-30 09:00"),
        ("2026-09-30 12:00", "2026-09-30 13:30"),
        ("2026-09-30 13:45", "2026-09-30 13:45"),
        ("2026-09-30 18:00", "2026-10-02 10:00"),  # over the holiday, to the team's own hour
        ("2026-10-02 11:00", "2026-10-05 09:00"),
        ("2026-10-09 19:00", "2026-10-10 09:00"),  # Saturday, worked
        ("2026-10-10 18:00", "2026-10-12 09:00"),
    ],
)
def test_the_next_opening_knows_breaks_holidays_and_worked_days(moment: str, opens: str) -> None:
    assert next_opening(WEEK, at(moment)) == at(opens)
    assert is_open(WEEK, at(moment)) == (at(moment) == at(opens))


def test_without_hours_it_is_always_open_but_on_holidays() -> None:
    holiday = Hours({}, (SpecialDay(date(2026, 10, 1), None),))

    assert is_open(ALWAYS, at("2026-10-01 03:00"))
    assert not is_open(holiday, at("2026-10-01 03:00"))
    assert next_opening(holiday, at("2026-10-01 03:00")) == at("2026-10-02 00:00")


def test_a_stretch_to_the_last_minute_goes_over_into_the_next_day() -> None:
    nights = Hours(dict.fromkeys(range(7), (NIGHT, EARLY)))

    assert is_open(nights, at("2026-09-30 23:59:59"))
    assert is_open(nights, at("2026-10-01 00:00"))
    assert not is_open(nights, at("2026-10-01 02:00"))


def test_who_never_opens_has_no_next_opening() -> None:
    closed = Hours(
        {0: (MORNING,)},
        tuple(SpecialDay(date(2026, 9, 28) + timedelta(weeks=week), None) for week in range(80)),
    )

    assert next_opening(closed, at("2026-09-30 12:00")) is None


def _stretch(opens: int, lasts: int) -> Stretch:
    closes = min(opens + lasts, 24 * 60 - 1)
    return Stretch(time(*divmod(opens, 60)), time(*divmod(closes, 60)))


# Whole numbers mapped, nothing filtered, and days so near that holidays matter.
FIRST = datetime(2026, 9, 28, tzinfo=CLINIC_ZONE)
minutes = st.integers(0, 24 * 60 - 2)
stretches = st.builds(_stretch, minutes, minutes.map(lambda one: one + 1))
weeks = st.dictionaries(
    st.integers(0, 6), st.lists(stretches, min_size=1, max_size=2).map(tuple), max_size=4
)
moments = st.integers(0, 14 * 24 * 3600).map(lambda one: FIRST + timedelta(seconds=one))
special_days = st.lists(
    st.builds(
        SpecialDay,
        st.integers(0, 20).map(lambda one: FIRST.date() + timedelta(days=one)),
        st.none() | stretches,
        is_own=st.booleans(),
    ),
    max_size=3,
).map(tuple)


@given(weeks, special_days, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    week: dict[int, Any], days: Any, moment: datetime
) -> None:
    hours = Hours(week, days)

    opens = next_opening(hours, moment)

    assert is_open(hours, moment) == (opens == moment)
    if opens is not None and opens > moment:
        assert is_open(hours, opens)
        halfway = moment + (opens - moment) / 2
        assert next_opening(hours, halfway) == opens


NOW = at("2026-09-30 10:00")


def silence(**told: Any) -> Silence:
    """Return a chat whose agent spoke just now; times are given in seconds back."""
    base: dict[str, Any] = {
        "assigned_at": 600,
        "spoke_last": "agent",
        "spoken_at": 0,
        "active_at": 600,
        "warned_at": None,
        "alarmed_at": None,
        "held_until": None,
        "awake_since": 3600,
    }
    values = base | told
    for name, value in values.items():
        if type(value) is int:
            values[name] = NOW - timedelta(seconds=value)
    return Silence(**values)


@pytest.mark.parametrize(
    ("told", "step"),
    [
        ({"spoken_at": 59}, IdleStep.NONE),
        ({"spoken_at": 60}, IdleStep.WARN),
        ({"spoken_at": 90, "active_at": 10}, IdleStep.NONE),  # typing or reading
        ({"spoken_at": 119, "warned_at": 59}, IdleStep.NONE),
        ({"spoken_at": 120, "warned_at": 60}, IdleStep.END),
        ({"spoken_at": 500}, IdleStep.WARN),  # the sweep was late: nobody is ended unwarned
        ({"spoken_at": 500, "warned_at": 30}, IdleStep.NONE),
        ({"spoken_at": 500, "warned_at": 400, "awake_since": 30}, IdleStep.NONE),  # it slept
        ({"spoken_at": 500, "warned_at": 400, "awake_since": 60}, IdleStep.END),
        ({"spoken_at": 70, "warned_at": 400}, IdleStep.WARN),  # that warning was for before
        ({"spoken_at": 500, "held_until": -60}, IdleStep.NONE),
        ({"spoken_at": 500, "held_until": 30}, IdleStep.NONE),
        ({"spoken_at": 500, "held_until": 60}, IdleStep.WARN),
        ({"spoke_last": "patient", "spoken_at": 59}, IdleStep.NONE),
        ({"spoke_last": "patient", "spoken_at": 60}, IdleStep.ALARM),
        ({"spoke_last": "doctor", "spoken_at": 120, "alarmed_at": 60}, IdleStep.REQUEUE),
        ({"spoke_last": "patient", "spoken_at": 500, "alarmed_at": 30}, IdleStep.NONE),
        ({"spoke_last": "patient", "spoken_at": 500, "assigned_at": 10}, IdleStep.NONE),
        ({"spoke_last": "", "spoken_at": None, "assigned_at": 60}, IdleStep.ALARM),
        ({"spoke_last": "agent", "spoken_at": 600, "assigned_at": 60}, IdleStep.ALARM),  # another's
        ({"spoke_last": "assistant", "spoken_at": 60}, IdleStep.WARN),
        ({"spoke_last": "patient", "spoken_at": 1, "is_agent_gone": True}, IdleStep.REQUEUE),
        ({"spoke_last": "agent", "spoken_at": 1, "is_agent_gone": True}, IdleStep.NONE),
    ],
)
def test_silence_asks_for_a_step(told: dict[str, Any], step: IdleStep) -> None:
    assert idle_step(silence(**told), NOW) is step


def test_to_the_letter_of_the_source_an_agent_s_silence_ends_too() -> None:
    waiting = silence(spoke_last="patient", spoken_at=120, warned_at=60)

    assert idle_step(waiting, NOW) is IdleStep.ALARM
    assert idle_step(waiting, NOW, agent_silence_ends=True) is IdleStep.END


@given(
    spoken=st.integers(0, 5000),
    active=st.integers(0, 5000),
    warned=st.none() | st.integers(0, 5000),
    awake=st.integers(0, 5000),
)
def test_nobody_is_ended_without_a_minute_s_warning_while_the_sweep_ran(
    spoken: int, active: int, warned: int | None, awake: int
) -> None:
    told = silence(
        assigned_at=5000, spoken_at=spoken, active_at=active, warned_at=warned, awake_since=awake
    )

    step = idle_step(told, NOW)

    if step is IdleStep.END:
        assert warned is not None
        assert min(warned, awake) >= 60
        assert min(spoken, active) >= 120
        assert warned <= min(spoken, active)


def candidate(pk: int, **told: Any) -> Candidate:
    """Return an agent without chats."""
    base: dict[str, Any] = {
        "user_id": pk + 100,
        "languages": (),
        "load": 0,
        "limit": 5,
        "last_assigned_at": None,
    }
    return Candidate(id=pk, **(base | told))


def wish(**told: Any) -> Wish:
    """Return a Chinese customer."""
    return Wish(**({"customer_id": 1, "language": "zh-hans"} | told))


@pytest.mark.parametrize(
    ("told", "asked", "best"),
    [
        ([{}, {"load": 1}], {}, 1),
        ([{"load": 2, "limit": 10}, {"load": 1, "limit": 2}], {}, 1),
        ([{"languages": ("en",)}, {"load": 4, "languages": ("zh-hans",)}], {}, 2),
        ([{"languages": ("en",)}, {"load": 4}], {}, 2),  # without a list he speaks all
        ([{}, {"load": 4}], {"last_agent_id": 2}, 2),
        ([{"last_assigned_at": NOW}, {"last_assigned_at": NOW - timedelta(hours=1)}], {}, 2),
        ([{"last_assigned_at": NOW}, {}], {}, 2),  # who never had one comes first
        ([{}, {"load": 4}], {"lost_agent_id": 1}, 2),
        ([{}], {"lost_agent_id": 1}, 1),  # better he than nobody
        ([{"user_id": 1}, {"load": 4}], {}, 2),  # nobody serves himself
        ([{}, {}], {}, 1),
    ],
)
def test_the_best_agent_is_chosen(told: list[Any], asked: dict[str, Any], best: int) -> None:
    candidates = [candidate(pk, **one) for pk, one in enumerate(told, start=1)]

    chosen = choose(candidates, wish(**asked))

    assert chosen is not None
    assert chosen.id == best


candidates = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 50),
        user_id=st.integers(1, 5),
        languages=st.sampled_from([(), ("en",), ("zh-hans", "en")]),
        load=st.integers(0, 5),
        limit=st.integers(1, 5),
        last_assigned_at=st.none() | moments,
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(candidates, st.randoms())
def test_the_choice_has_a_place_and_does_not_depend_on_the_order(
    rows: list[Candidate], random: Any
) -> None:
    chosen = choose(rows, wish())
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert choose(shuffled, wish()) == chosen
    fit = [one for one in rows if one.load < one.limit and one.user_id != 1]
    assert (chosen is None) == (not fit)
    if chosen is not None:
        assert chosen in fit


@pytest.mark.parametrize(
    ("position", "shown"), [(1, 1), (50, 50), (51, 60), (60, 60), (61, 70), (100, 100), (101, 110)]
)
def test_places_are_exact_to_fifty_and_then_in_tens(position: int, shown: int) -> None:
    assert shown_position(position) == shown


@pytest.mark.parametrize(
    ("position", "freed", "there", "wait"),
    [
        (1, 30, True, 60),
        (1, 60, True, 60),  # rounded up to the minute
        (10, 30, True, 600),
        (7, 20, True, 660),
        (1, 0, True, None),
        (1, 30, False, None),
    ],
)
def test_the_wait_is_the_place_by_the_pace(
    position: int, freed: int, there: bool, wait: int | None
) -> None:
    assert estimated_wait(position, freed=freed, are_agents_there=there) == wait


@given(st.none() | st.integers(0, 10_000), st.none() | st.integers(0, 10_000))
def test_a_told_wait_grows_by_a_minute_at_most(estimate: int | None, told: int | None) -> None:
    shown = told_wait(estimate, told)

    if estimate is None or told is None:
        assert shown == estimate
    else:
        assert shown is not None
        assert shown <= min(estimate, told + 60)
