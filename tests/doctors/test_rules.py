"""Hours: touching stretches are one, nights and Sundays included."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.core.clock import CLINIC_ZONE
from doctors.rules import Opening, Stretch, opening, overlapping

MONDAY = datetime(2026, 11, 16, tzinfo=CLINIC_ZONE)
NEVER = Opening(is_open=False)


def stretch(weekday: int, start: int, end: int) -> Stretch:
    return Stretch(weekday=weekday, start=time(start), end=time(end % 24))


def at(days: int, hours: float) -> datetime:
    return MONDAY + timedelta(days=days, hours=hours)


@pytest.mark.parametrize(
    ("stretches", "moment", "expected"),
    [
        ([], at(0, 3), Opening(is_open=True)),
        ([stretch(0, 9, 12)], at(0, 8.99), NEVER),
        ([stretch(0, 9, 12)], at(0, 9), Opening(True, at(0, 12))),
        ([stretch(0, 9, 12)], at(0, 12), NEVER),
        ([stretch(0, 9, 12)], at(1, 10), NEVER),
        ([stretch(0, 9, 12), stretch(0, 12, 14)], at(0, 10), Opening(True, at(0, 14))),
        ([stretch(0, 9, 12), stretch(0, 13, 14)], at(0, 10), Opening(True, at(0, 12))),
        ([stretch(0, 22, 24), stretch(1, 0, 6)], at(0, 23), Opening(True, at(1, 6))),
        ([stretch(6, 22, 24), stretch(0, 0, 6)], at(6, 23), Opening(True, at(7, 6))),
        ([stretch(day, 0, 24) for day in range(7)], at(2, 5), Opening(is_open=True)),
    ],
)
def test_opening(stretches: list[Stretch], moment: datetime, expected: Opening) -> None:
    assert opening(stretches, moment) == expected


stretches_of_a_week = st.lists(
    st.builds(
        lambda weekday, start, length: stretch(weekday, start, min(24, start + length)),
        st.integers(0, 6), st.integers(0, 23), st.integers(1, 24),
    ),
    max_size=8,
)  # fmt: skip


@given(stretches=stretches_of_a_week, hours=st.integers(0, 167))
def test_an_opening_lasts_exactly_until_the_first_closed_hour(
    stretches: list[Stretch], hours: int
) -> None:
    if overlapping(stretches) or not stretches:
        return
    moment = MONDAY + timedelta(hours=hours)

    found = opening(stretches, moment)

    later = [moment + timedelta(hours=step) for step in range(168)]
    closed = [hour for hour in later if not opening(stretches, hour).is_open]
    assert found.is_open == (not closed or closed[0] != moment)
    if found.is_open:
        assert found.ends_at == (closed[0] if closed else None)


@given(stretches=stretches_of_a_week)
def test_overlap_means_a_shared_hour(stretches: list[Stretch]) -> None:
    hours: list[int] = []
    for one in stretches:
        begin, end = (int(edge.total_seconds() // 3600) for edge in (one.begins, one.ends))
        hours += range(begin, end)

    assert overlapping(stretches) == (len(hours) != len(set(hours)))
