"""Dates: who wins over whom, and which instants the wall clock means."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctors.enums import DayKind
from doctors.rules.calendar import (
    ALL_DAY,
    Hours,
    Spans,
    SpecialDay,
    Week,
    branch_day,
    common,
    doctor_day,
    merged,
)
from doctors.rules.wall_clock import ChangingDay, PlainDay, day_in, moment_of

MONDAY = date(2026, 11, 16)
SATURDAY = MONDAY + timedelta(days=5)
MORNING, NOON = Hours(540, 720), Hours(780, 1020)
WEEK = Week({weekday: [MORNING, NOON] for weekday in range(5)})
WORKING = ((540, 720), (780, 1020))
CLOSED = [SpecialDay(DayKind.CLOSED)]
LATE = [SpecialDay(DayKind.HOURS, 600, 660), SpecialDay(DayKind.HOURS, 1080, 1200)]
AS_MONDAY = [SpecialDay(DayKind.WORKDAY, works_as=0)]


@pytest.mark.parametrize(
    ("day", "week", "special", "expected"),
    [
        (MONDAY, WEEK, [], WORKING),
        (SATURDAY, WEEK, [], ()),
        (SATURDAY, Week(), [], ALL_DAY),
        (MONDAY, WEEK, CLOSED, ()),
        (MONDAY, Week(), CLOSED, ()),
        (MONDAY, WEEK, LATE, ((600, 660), (1080, 1200))),
        (SATURDAY, WEEK, AS_MONDAY, WORKING),
        (SATURDAY, Week(), AS_MONDAY, ALL_DAY),
        (MONDAY, Week({0: [Hours(0, 60, valid_from=SATURDAY)]}), [], ()),
        (MONDAY, Week({0: [Hours(0, 60, valid_until=MONDAY)]}), [], ((0, 60),)),
        (MONDAY, Week({0: [MORNING, Hours(720, 780), NOON]}), [], ((540, 1020),)),
    ],
)
def test_day_of_a_branch(
    day: date, week: Week, special: Sequence[SpecialDay], expected: Spans
) -> None:
    assert branch_day(day, week, special) == expected


@pytest.mark.parametrize(
    ("day", "own", "place", "opening", "expected"),
    [
        (MONDAY, [], [], ALL_DAY, WORKING),
        (MONDAY, [], [], ((600, 900),), ((600, 720), (780, 900))),
        (MONDAY, [], CLOSED, (), ()),
        (MONDAY, LATE, [], ALL_DAY, ((600, 660), (1080, 1200))),
        (SATURDAY, LATE, [], ((600, 1100),), ((600, 660), (1080, 1100))),
        (MONDAY, LATE, CLOSED, (), ()),
        (MONDAY, CLOSED, LATE, ALL_DAY, ()),
        (SATURDAY, [], AS_MONDAY, ALL_DAY, WORKING),
        (SATURDAY, AS_MONDAY, CLOSED, ALL_DAY, WORKING),
        (MONDAY, [], LATE, ((600, 660), (1080, 1200)), ((600, 660),)),
    ],
)
def test_day_of_a_doctor(
    day: date,
    own: Sequence[SpecialDay],
    place: Sequence[SpecialDay],
    opening: Spans,
    expected: Spans,
) -> None:
    assert doctor_day(day, WEEK, own, place, opening) == expected


def test_own_hours_count_only_where_the_doctor_works_in_that_time() -> None:
    ended = Week({0: [Hours(540, 720, valid_until=MONDAY - timedelta(days=1))]})

    assert doctor_day(MONDAY, Week(), LATE, [], ALL_DAY) == ()
    assert doctor_day(MONDAY, ended, LATE, [], ALL_DAY) == ()


some_spans = st.lists(
    st.tuples(st.integers(0, 47), st.integers(1, 12)).map(
        lambda pair: (pair[0] * 30, min(1440, (pair[0] + pair[1]) * 30))
    ),
    max_size=6,
)


def minutes(spans: Sequence[tuple[int, int]]) -> set[int]:
    return {minute for start, end in spans for minute in range(start, end)}


@given(left=some_spans, right=some_spans)
def test_joining_and_crossing_spans_keeps_exactly_their_minutes(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    joined = merged(left)

    assert minutes(joined) == minutes(left)
    assert all(one[1] < two[0] for one, two in pairwise(joined))
    assert minutes(common(joined, merged(right))) == minutes(left) & minutes(right)


ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
)


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2020, 1, 1), date(2032, 12, 31)),
    minute=st.integers(0, 1439),
)
def test_a_minute_is_what_the_wall_clock_shows(zone: str, day: date, minute: int) -> None:
    instant = day_in(zone, day).instant(minute)

    if instant is not None:
        shown = moment_of(instant).astimezone(ZoneInfo(zone))
        assert (shown.date(), shown.hour * 60 + shown.minute, shown.fold) == (day, minute, 0)


@given(zone=st.sampled_from(ZONES), day=st.dates(date(2020, 1, 1), date(2032, 12, 31)))
def test_a_day_ends_where_the_next_begins(zone: str, day: date) -> None:
    today, tomorrow = day_in(zone, day), day_in(zone, day + timedelta(days=1))

    assert today.edge(1440) == tomorrow.edge(0)
    edges = [today.edge(minute) for minute in range(1441)]
    assert edges == sorted(edges)


def test_changes_of_the_clocks() -> None:
    spring, autumn = (
        day_in("America/New_York", day) for day in (date(2026, 3, 8), date(2026, 11, 1))
    )

    assert spring.instant(150) is None
    assert spring.edge(150) == spring.edge(180) == spring.edge(120)
    assert spring.edge(1440) - spring.edge(0) == 23 * 3600
    assert autumn.edge(120) - autumn.edge(60) == 2 * 3600
    assert moment_of(autumn.edge(90)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert isinstance(spring, ChangingDay)
    assert isinstance(day_in("Asia/Shanghai", date(2028, 2, 29)), PlainDay)


def test_a_day_may_begin_after_midnight() -> None:
    cairo = day_in("Africa/Cairo", date(2026, 4, 24))

    assert cairo.instant(0) is None
    assert cairo.edge(0) == cairo.instant(60)
