"""Hours, leave, bookings, moves, cancellations, waiting and time in any order, beside a slow diary.

After each step every start that should be free is offered and no other, nobody is booked twice,
and no appointment ended without a reason.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.appointments.stories import Story

pytestmark = pytest.mark.django_db
TWO, THREE, MANY = (st.integers(0, top) for top in (1, 2, 99))
HOUR, DAYS, ANYBODY = st.integers(8, 19), st.integers(0, 8), st.none() | TWO
HALVES, WEEKDAYS = st.integers(0, 47), st.sets(st.integers(0, 6))
Step = tuple[str, dict[str, Any]]


def _step(name: str, /, **told: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.tuples(st.just(name), st.fixed_dictionaries(told))


BOOK = _step("book_a_free_start", who=THREE, what=THREE, doctor=ANYBODY, which=MANY)
STEP = st.one_of(
    BOOK,
    BOOK,
    BOOK,
    _step("book_any_time", who=THREE, what=THREE, doctor=ANYBODY, ahead=DAYS, half=HALVES),
    _step("book_like_another", which=MANY, what=THREE, is_elsewhere=st.booleans()),
    _step("move", which=MANY, doctor=ANYBODY, to=MANY),
    _step("move", which=MANY, doctor=ANYBODY, to=MANY),
    _step("cancel", which=MANY),
    _step("wait", who=THREE, what=THREE, doctor=ANYBODY, hours=st.integers(2, 30)),
    _step("wait", who=THREE, what=THREE, doctor=ANYBODY, hours=st.integers(2, 30)),
    _step("answer_an_offer", which=MANY, verb=st.sampled_from(["accept", "decline"])),
    _step("leave_the_line", which=MANY),
    _step("the_doctor_works", which=MANY, verb=st.sampled_from(["accept", "start", "finish"])),
    _step("time_passes", minutes=st.sampled_from([5, 15, 45, 300, 1440])),
    _step("the_sweep_runs"),
    _step("hours_change", who=TWO, days=WEEKDAYS, opens=HOUR, length=st.integers(1, 8)),
    _step("a_day_differs", who=TWO, ahead=DAYS, opens=st.none() | HOUR),
    _step("leave_is_entered", who=TWO, ahead=DAYS, hour=HOUR, hours=st.integers(1, 30)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.core.ratelimit.limit", lambda *_args, **_more: None)


def play(run_events: Callable[[], int], steps: list[Step]) -> Counter[str]:
    """Play a story and return what was told in it."""
    story = Story(run_events)
    try:
        for number, (verb, told) in enumerate(steps):
            getattr(story, verb)(**told)
            story.check([story.kinds[number % 3]])
        story.check(story.kinds)
        return story.told
    finally:
        story.forget()


def play_many(run_events: Callable[[], int], **changes: Any) -> Counter[str]:
    """Play many stories, each twelve steps long or longer; return what was told in all."""
    heard: Counter[str] = Counter()

    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), **changes)
    @given(st.lists(STEP, min_size=12, max_size=30))
    def story(steps: list[Step]) -> None:
        heard.update(play(run_events, steps))

    story()
    return heard


def test_any_story_keeps_every_place_and_every_promise(run_events: Callable[[], int]) -> None:
    phases = (Phase.generate,)
    heard = play_many(run_events, max_examples=5, derandomize=True, phases=phases)

    assert heard["booked"] >= 8, heard
    assert {"moved", "cancelled"} <= heard.keys(), heard


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_stories_keep_every_place_and_every_promise(run_events: Callable[[], int]) -> None:
    heard = play_many(run_events, max_examples=200)

    assert {"booked", "moved", "cancelled", "person_booked", "slot_taken"} <= heard.keys(), heard
