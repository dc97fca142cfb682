"""Slots: inside the hours, apart from what is taken, the same for the list and for one booking."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.enums import Refusal
from appointments.rules import (
    REFUSED,
    Busy,
    Calendar,
    Stretch,
    Terms,
    blocked,
    bookable,
    free_places,
    free_runs,
    stretches,
)
from doctors.rules.calendar import Spans, merged
from doctors.rules.wall_clock import day_in, moment_of

DAY = date(2026, 11, 16)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
TERMS = Terms(kind_id=1, duration=3600, step=1800, max_advance=10**10)
OPEN: Spans = ((540, 720), (780, 1020))


def hours(zone: str, first: date, *days: Spans, step: int = 1800) -> list[Stretch]:
    dates = [first + timedelta(days=index) for index in range(len(days) + 1)]
    spans = [*days, ()]
    return stretches([(day_in(zone, day), spans[i]) for i, day in enumerate(dates)], step)


def starts(opened: list[Stretch], terms: Terms = TERMS, **taken: Any) -> list[int]:
    calendar = Calendar(opened, taken.get("leaves", ()), taken.get("busy", ()))
    window = terms.window(taken.get("moment", LONG_AGO))
    return [at for run in free_runs(opened, terms, blocked(terms, calendar), window) for at in run]


def walls(zone: str, instants: list[int]) -> list[str]:
    return [f"{moment_of(at).astimezone(ZoneInfo(zone)):%d %H:%M}" for at in instants]


def at(minute: int) -> int:
    return day_in("Asia/Shanghai", DAY).edge(minute)


def test_slots_lie_whole_inside_the_hours() -> None:
    found = walls("Asia/Shanghai", starts(hours("Asia/Shanghai", DAY, OPEN)))

    assert found[:6] == ["16 09:00", "16 09:30", "16 10:00", "16 10:30", "16 11:00", "16 13:00"]
    assert found[-1] == "16 16:00"


def test_a_night_goes_on_after_midnight() -> None:
    night = hours("Asia/Shanghai", DAY, ((1380, 1440),), ((0, 60),))

    assert walls("Asia/Shanghai", starts(night)) == ["16 23:00", "16 23:30", "17 00:00"]


def test_the_last_date_asked_for_goes_on_into_the_next() -> None:
    zone = "Asia/Shanghai"
    night = stretches(
        [
            (day_in(zone, DAY), ((1380, 1440),)),
            (day_in(zone, DAY + timedelta(days=1)), ((0, 30),)),
        ],
        1800,
    )

    assert walls(zone, starts(night)) == ["16 23:00", "16 23:30"]


def test_skipped_times_have_no_slot_and_repeated_ones_one() -> None:
    spring = hours("America/New_York", date(2026, 3, 8), ((60, 300),))
    autumn = hours("America/New_York", date(2026, 11, 1), ((60, 240),))

    assert walls("America/New_York", starts(spring)) == [
        "08 01:00", "08 01:30", "08 03:00", "08 03:30", "08 04:00",
    ]  # fmt: skip
    assert walls("America/New_York", starts(autumn)) == [
        "01 01:00", "01 01:30", "01 02:00", "01 02:30", "01 03:00",
    ]  # fmt: skip


def test_the_leap_day_is_a_day() -> None:
    assert walls(
        "Asia/Shanghai", starts(hours("Asia/Shanghai", date(2028, 2, 29), ((0, 60),)))
    ) == ["29 00:00"]


@pytest.mark.parametrize(
    ("minute", "terms", "refusal"),
    [
        (540, {}, None),
        (540, {"min_notice": 3600 * 25}, Refusal.TOO_SOON),
        (540, {"max_advance": 3600}, Refusal.TOO_FAR),
        (545, {}, Refusal.OFF_GRID),
        (690, {}, Refusal.OUTSIDE_HOURS),
        (730, {}, Refusal.OUTSIDE_HOURS),
        (900, {}, Refusal.OUTSIDE_HOURS),
        (600, {}, Refusal.SLOT_TAKEN),
        (570, {}, Refusal.SLOT_TAKEN),
        (540, {"after": 60}, Refusal.SLOT_TAKEN),
        (660, {"before": 60}, Refusal.SLOT_TAKEN),
        (600, {"capacity": 2}, Refusal.CAPACITY_FULL),
        (600, {"capacity": 3}, None),
        (570, {"capacity": 3}, Refusal.SLOT_TAKEN),
        (600, {"capacity": 3, "kind_id": 2}, Refusal.SLOT_TAKEN),
    ],
)
def test_the_reason_why_a_time_cannot_be_booked(
    minute: int, terms: dict[str, int], refusal: Refusal | None
) -> None:
    group = Busy(at(600), at(660), kind_id=1, starts_at=at(600), seats=1)
    asked = Terms(**{"kind_id": 1, "duration": 3600, "step": 1800, "max_advance": 10**8, **terms})
    begins = moment_of(at(minute))

    found = bookable(
        begins,
        begins + timedelta(hours=1),
        terms=asked,
        calendar=Calendar(hours("Asia/Shanghai", DAY, OPEN), [(at(900), at(1440))], [group, group]),
        moment=begins - timedelta(days=1),
    )

    assert found == refusal


def test_past_times_and_other_lengths_are_refused() -> None:
    begins = moment_of(at(540))
    asked = Calendar(hours("Asia/Shanghai", DAY, OPEN))
    hour, second = timedelta(hours=1), timedelta(seconds=1)

    late = bookable(begins, begins + hour, terms=TERMS, calendar=asked, moment=begins + second)
    long = bookable(begins, begins + 2 * hour, terms=TERMS, calendar=asked, moment=begins)

    assert (late, long) == (Refusal.IN_PAST, Refusal.BAD_DURATION)


def test_the_desk_books_any_minute_without_notice() -> None:
    begins = moment_of(at(547))
    terms = Terms(kind_id=1, duration=3600, step=1800, min_notice=86400, max_advance=86400)
    opened = hours("Asia/Shanghai", DAY, OPEN)

    found = bookable(
        begins, begins + timedelta(hours=1), terms=terms.at_the_desk(),
        calendar=Calendar(opened), moment=begins,
    )  # fmt: skip

    assert found is None


def test_every_refusal_has_an_error_with_its_code() -> None:
    assert {refusal: error.code for refusal, error in REFUSED.items()} == {
        refusal: refusal.value for refusal in Refusal
    }


quarters = st.integers(0, 4 * 48)
busy_rows = st.lists(
    st.builds(
        lambda begin, length, kind, seats: Busy(
            at(begin * 15), at((begin + length) * 15), kind, at(begin * 15), seats
        ),
        quarters, st.integers(1, 8), st.integers(1, 2), st.sampled_from([1, 1, 2, 256]),
    ),
    max_size=8,
)  # fmt: skip
leave_rows = st.lists(
    st.builds(lambda a, n: (at(a * 15), at((a + n) * 15)), quarters, st.integers(1, 60)),
    max_size=2,
)
spans_of_a_day = st.lists(
    st.builds(
        lambda a, n: (a * 20, min(1440, (a + n) * 20)), st.integers(0, 71), st.integers(1, 40)
    ),
    max_size=3,
).map(merged)
all_terms = st.builds(
    Terms,
    kind_id=st.just(1),
    duration=st.sampled_from([900, 1800, 3600, 7200]),
    step=st.sampled_from([900, 1200, 1800, 3600]),
    before=st.sampled_from([0, 300, 900]),
    after=st.sampled_from([0, 600, 1800]),
    capacity=st.sampled_from([1, 1, 2, 3]),
    min_notice=st.sampled_from([0, 1800, 86400]),
    max_advance=st.sampled_from([86400, 86400 * 7]),
)


@given(
    days=st.lists(spans_of_a_day, min_size=1, max_size=2),
    terms=all_terms,
    busy=busy_rows,
    leaves=leave_rows,
    now=st.integers(-1440, 1440),
)
def test_the_list_holds_exactly_what_can_be_booked(
    days: list[Spans], terms: Terms, busy: list[Busy], leaves: list[tuple[int, int]], now: int
) -> None:
    moment = moment_of(at(0) + now * 60)
    opened = hours("Asia/Shanghai", DAY, *days, step=terms.step)

    listed = starts(opened, terms, busy=busy, leaves=leaves, moment=moment)

    calendar = Calendar(opened, leaves, busy)
    length = timedelta(seconds=terms.duration)
    candidates = [moment_of(at(minute)) for minute in range(0, 2880, 5)]
    can_be = [
        int(one.timestamp())
        for one in candidates
        if bookable(one, one + length, terms=terms, calendar=calendar, moment=moment) is None
    ]
    assert listed == can_be


@given(
    days=st.lists(spans_of_a_day, min_size=1, max_size=2),
    terms=all_terms,
    doctors=st.lists(st.tuples(leave_rows, busy_rows), min_size=1, max_size=3),
)
def test_doctors_with_the_same_hours_are_counted_as_if_one_by_one(
    days: list[Spans], terms: Terms, doctors: list[tuple[list[tuple[int, int]], list[Busy]]]
) -> None:
    terms, moment = replace(terms, capacity=1), moment_of(at(0))
    opened = hours("Asia/Shanghai", DAY, *days, step=terms.step)
    calendars = [Calendar(opened, leaves, busy) for leaves, busy in doctors]

    together = free_places(calendars, terms, terms.window(moment))

    assert together == Counter(
        start
        for leaves, busy in doctors
        for start in starts(opened, terms, leaves=leaves, busy=busy, moment=moment)
    )


@given(
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Africa/Cairo"]),
    day=st.one_of(
        st.dates(date(2024, 1, 1), date(2030, 12, 31)),
        st.sampled_from(
            [date(2026, 3, 8), date(2026, 11, 1), date(2026, 3, 29), date(2026, 10, 25)]
        ),
    ),
    spans=spans_of_a_day,
    terms=all_terms,
)
def test_slots_never_leave_the_hours_on_any_wall_clock(
    zone: str, day: date, spans: Spans, terms: Terms
) -> None:
    found = starts(
        hours(zone, day, spans, step=terms.step),
        Terms(kind_id=1, duration=terms.duration, step=terms.step, max_advance=10**10),
    )

    assert found == sorted(set(found))
    for begin in found:
        first, last = (
            moment_of(instant).astimezone(ZoneInfo(zone))
            for instant in (begin, begin + terms.duration - 1)
        )
        minute = first.hour * 60 + first.minute
        start, end = next(span for span in spans if span[0] <= minute < span[1])
        assert first.date() == last.date() == day
        assert (minute - start) % (terms.step // 60) == 0
        assert last.hour * 60 + last.minute < end


@given(spans=spans_of_a_day, terms=all_terms, picks=st.lists(st.integers(0, 200), max_size=12))
def test_bookings_from_the_list_never_overlap(spans: Spans, terms: Terms, picks: list[int]) -> None:
    alone = Terms(
        kind_id=1, duration=terms.duration, step=terms.step, before=terms.before,
        after=terms.after, max_advance=10**10,
    )  # fmt: skip
    opened = hours("Asia/Shanghai", DAY, spans, step=terms.step)
    taken: list[Busy] = []
    for pick in picks:
        free = starts(opened, alone, busy=taken)
        if free:
            begin = free[pick % len(free)]
            ends = begin + alone.duration + alone.after
            taken.append(Busy(begin - alone.before, ends, 1, begin))

    in_order = sorted(taken)
    assert all(one.ends <= two.begins for one, two in pairwise(in_order))
