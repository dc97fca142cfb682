"""Pure rules of customer service: opening hours, silence, who is chosen, how long it takes."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from clinic.core.clock import CLINIC_ZONE, clinic_day, clinic_time
from clinic.customer_service.enums import IdleStep
from clinic.settings import rules as numbers

END_OF_DAY: Final = time(23, 59)  # a stretch that closes now or later lasts till midnight
DAYS_AHEAD: Final = 400  # an opening further away is as good as none
AGENT_ROLES: Final = frozenset({"agent", "assistant"})
WAIT_STEP: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time of day, on the clinic's wall clock, in which a team is there."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that differs from the week; without a stretch it is closed."""

    date: date
    stretch: Stretch | None
    is_own: bool = True  # of this team; a team's own rows outrank those of all teams


@dataclass(frozen=True, slots=True)
class Hours:
    """When a team is there. ``week`` maps a weekday (0 is Monday) to stretches; empty = always."""

    week: dict[int, tuple[Stretch, ...]]
    days: tuple[SpecialDay, ...] = ()


ALWAYS: Final = Hours({})
WHOLE_DAY: Final = (Stretch(time(0), END_OF_DAY),)


def is_open(hours: Hours, moment: datetime) -> bool:
    """Say whether the team is there at a moment; it is not any more at the closing minute."""
    return any(begins <= moment < ends for begins, ends in _openings(hours, clinic_day(moment)))


def next_opening(hours: Hours, moment: datetime) -> datetime | None:
    """Return the first moment, from this one on, at which the team is there.

    The moment itself while it is open; None when it does not open within DAYS_AHEAD.
    """
    today = clinic_day(moment)
    for ahead in range(DAYS_AHEAD):
        for begins, ends in _openings(hours, today + timedelta(days=ahead)):
            if moment < ends:
                return max(begins, moment)
    return None


def _openings(hours: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    for stretch in sorted(_stretches(hours, day), key=lambda one: one.opens):
        begins = datetime.combine(day, stretch.opens, CLINIC_ZONE)
        if stretch.closes >= END_OF_DAY:
            yield begins, datetime.combine(day + timedelta(days=1), time(0), CLINIC_ZONE)
        else:
            yield begins, datetime.combine(day, stretch.closes, CLINIC_ZONE)


def _stretches(hours: Hours, day: date) -> Sequence[Stretch]:
    special = [row for row in hours.days if row.date == day]
    if special:
        own = [row for row in special if row.is_own]
        return [row.stretch for row in own or special if row.stretch is not None]
    return hours.week.get(day.weekday(), ()) if hours.week else WHOLE_DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """What is known of an active chat when its silence is judged.

    ``spoke_last`` is the role of the last word, empty when nobody has spoken; ``active_at`` is the
    last sign of the customer beside words (typing, reading); ``awake_since`` is since when the
    sweep has run without a gap.
    """

    assigned_at: datetime
    spoke_last: str
    spoken_at: datetime | None
    active_at: datetime
    warned_at: datetime | None
    alarmed_at: datetime | None
    held_until: datetime | None
    awake_since: datetime
    is_agent_gone: bool = False

    @property
    def is_customer_waiting(self) -> bool:
        """Whether the next word is the agent's: the last was not his, or was before he came."""
        by_agent = self.spoke_last in AGENT_ROLES
        return not by_agent or self.spoken_at is None or self.spoken_at < self.assigned_at

    @property
    def began_at(self) -> datetime:
        """Since when it has been silent; a hold that is over counts as a word."""
        moments = [self.assigned_at, self.spoken_at, self.held_until]
        if not self.is_customer_waiting:
            moments.append(self.active_at)
        return max(moment for moment in moments if moment is not None)


def idle_step(silence: Silence, now: datetime, *, agent_silence_ends: bool = False) -> IdleStep:
    """Return what is due in an active chat.

    The customer's silence: warned after SERVICE_IDLE_WARN, ended after SERVICE_IDLE_END when the
    warning stood long enough while the sweep ran. The agent's: reminded, then back to the queue;
    an agent who is gone is not waited for. With ``agent_silence_ends`` anybody's silence counts
    as the customer's. A hold pauses both.
    """
    if silence.held_until is not None and silence.held_until > now:
        return IdleStep.NONE
    if silence.is_customer_waiting and not agent_silence_ends:
        if silence.is_agent_gone:
            return IdleStep.REQUEUE
        return _due(silence, silence.alarmed_at, now, first=IdleStep.ALARM, then=IdleStep.REQUEUE)
    return _due(silence, silence.warned_at, now, first=IdleStep.WARN, then=IdleStep.END)


def _due(
    silence: Silence, told_at: datetime | None, now: datetime, *, first: IdleStep, then: IdleStep
) -> IdleStep:
    lasted = now - silence.began_at
    if lasted < numbers.SERVICE_IDLE_WARN:
        return IdleStep.NONE
    if told_at is None or told_at < silence.began_at:
        return first
    notice = now - max(told_at, silence.awake_since)
    is_over = lasted >= numbers.SERVICE_IDLE_END
    return then if is_over and notice >= numbers.SERVICE_IDLE_WARN else IdleStep.NONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An agent with a free place, as he stands before the next chat is given away."""

    id: int
    user_id: int
    languages: tuple[str, ...]
    load: int
    limit: int
    last_assigned_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a waiting chat asks of its agent."""

    customer_id: int
    language: str
    last_agent_id: int | None = None  # who served this customer within a day
    lost_agent_id: int | None = None  # who had this chat and gave it back or did not answer


def choose(candidates: Sequence[Candidate], wish: Wish) -> Candidate | None:
    """Return the best agent with a place: not the one from whom the chat came back if another is
    there, same language first, then who served the customer within a day, then the smallest share
    of his places in use, then who has gone longest without a new chat. Nobody serves himself.
    """
    fit = [one for one in candidates if one.load < one.limit and one.user_id != wish.customer_id]
    return min(fit, key=lambda one: _rank(one, wish), default=None)


def _rank(one: Candidate, wish: Wish) -> tuple[bool, bool, bool, float, float, int]:
    given_at = one.last_assigned_at.timestamp() if one.last_assigned_at else float("-inf")
    return (
        one.id == wish.lost_agent_id,
        bool(one.languages) and wish.language not in one.languages,
        one.id != wish.last_agent_id,
        one.load / one.limit,
        given_at,
        one.id,
    )


def shown_position(position: int) -> int:
    """Return the place as told: exact to SERVICE_POSITIONS_EXACT, behind it rounded up to tens."""
    return (
        position if position <= numbers.SERVICE_POSITIONS_EXACT else math.ceil(position / 10) * 10
    )


def estimated_wait(position: int, *, freed: int, are_agents_there: bool) -> int | None:
    """Return the likely wait in seconds, in whole minutes rounded up; None when nobody can tell.

    ``freed`` is how many places became free within SERVICE_THROUGHPUT_WINDOW.
    """
    if not are_agents_there or freed <= 0:
        return None
    seconds = position * numbers.SERVICE_THROUGHPUT_WINDOW.total_seconds() / freed
    return math.ceil(seconds / 60) * 60


def told_wait(estimate: int | None, told: int | None) -> int | None:
    """Return what to tell after ``told``: never more than one minute more at a time."""
    if estimate is None or told is None:
        return estimate
    return min(estimate, told + int(WAIT_STEP.total_seconds()))


def clock_text(moment: datetime) -> str:
    """Return a moment as the clinic's wall clock shows it, for sentences."""
    return f"{clinic_time(moment):%H:%M}"
