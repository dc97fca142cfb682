"""Figures of the desk for days of the clinic, from what is never rewritten.

Waits, ends and transfers come from the histories (moves, handlings, status changes) and first
replies from the messages themselves, so a report of last month does not change when a chat does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any, TypeVar

from django.db import connection

from clinic.core.clock import CLINIC_ZONE, now
from clinic.customer_service.models import Agent, Team
from clinic.customer_service.selectors.report_statements import (
    DUTY,
    ENDINGS,
    GRADES,
    HANDLED,
    LEFT_MESSAGES,
    LOAD,
    PROMISES,
    VISITS,
)

LineT = TypeVar("LineT")


@dataclass(frozen=True, kw_only=True, slots=True)
class Visits:
    """What became of chats that customers opened in a time. Times are seconds, None = nobody.

    ``wait`` runs from the opening to the first agent, ``reply`` from then to his first word,
    ``duration`` from then to the end. ``transfers`` are what people passed on, not what came
    back from a silent or lost agent. Answers to left messages are not counted here.
    """

    chats: int = 0
    served: int = 0
    abandoned: int = 0
    transfers: int = 0
    wait_avg: float | None = None
    wait_p50: float | None = None
    wait_p90: float | None = None
    reply_avg: float | None = None
    reply_p50: float | None = None
    reply_p90: float | None = None
    duration_avg: float | None = None
    ratings: int = 0
    stars: float | None = None

    @property
    def abandoned_percent(self) -> float:
        """Share of chats that ended before an agent came."""
        return round(100 * self.abandoned / self.chats, 1) if self.chats else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class AgentWork:
    """What one agent did in a time."""

    served: int = 0
    given_away: int = 0
    taken_over: int = 0
    handled_seconds: float = 0.0
    online_seconds: float = 0.0
    busy_seconds: float = 0.0
    grades: int = 0
    grade: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftMessages:
    """Messages left in a time and what became of them."""

    left: int = 0
    answered: int = 0
    dismissed: int = 0
    answer_p50: float | None = None

    @property
    def still_open(self) -> int:
        """How many nobody has looked at."""
        return self.left - self.answered - self.dismissed


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """How often one promise fell due in a time and how often it was kept."""

    metric: str
    due: int
    kept: int

    @property
    def kept_percent(self) -> float:
        """Share that was kept."""
        return round(100 * self.kept / self.due, 1) if self.due else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything about some days. ``load`` is chats at once, by agent and hour of the day."""

    total: Visits
    by_day: Mapping[date, Visits]
    by_team: Mapping[str, Visits]
    by_agent: Mapping[str, Visits]
    work: Mapping[str, AgentWork]
    endings: Mapping[str, int]
    promises: list[Promise]
    left: LeftMessages
    load: Mapping[str, list[float]] = field(default_factory=dict)


def day_start(day: date) -> datetime:
    """Return the first moment of a day in the clinic."""
    return datetime.combine(day, time(), CLINIC_ZONE)


def report(since: date, until: date) -> Report:
    """Return the figures of the days from ``since`` up to and including ``until``.

    Agents and teams are named; every day has a line, also a quiet one. The number of queries does
    not depend on how much happened.
    """
    moment = now()
    start, end = day_start(since), day_start(until + timedelta(days=1))
    agents = dict(Agent.objects.order_by("nickname", "pk").values_list("pk", "nickname"))
    teams = {team.pk: team.name for team in Team.objects.all()}
    visits = _visits(start, end)
    return Report(
        total=visits["total"].get(None, Visits()),
        by_day={day: visits["day"].get(day, Visits()) for day in _days(since, until)},
        by_team=_named(visits["team"], teams),
        by_agent=_named(visits["agent"], agents),
        work=_named(_work(start, end, moment), agents),
        endings=endings_between(start, end),
        promises=promises_between(start, end),
        left=LeftMessages(**rows_by_name(LEFT_MESSAGES, start=start, end=end)[0]),
        load=_named(_load(start, end, moment), agents),
    )


def visits_between(start: datetime, end: datetime) -> Visits:
    """Return what became of the chats opened in a time."""
    return _visits(start, end)["total"].get(None, Visits())


def promises_between(start: datetime, end: datetime) -> list[Promise]:
    """Return how often each promise of chats opened in a time was kept."""
    rows = rows_by_name(PROMISES, start=start, end=end, now=now())
    return [Promise(**row) for row in rows]


def endings_between(start: datetime, end: datetime) -> dict[str, int]:
    """Return how many chats ended in a time by reason, the most frequent first."""
    return {row["reason"]: row["n"] for row in rows_by_name(ENDINGS, start=start, end=end)}


def _visits(start: datetime, end: datetime) -> dict[str, dict[Any, Visits]]:
    found: dict[str, dict[Any, Visits]] = {"total": {}, "day": {}, "team": {}, "agent": {}}
    for row in rows_by_name(VISITS, start=start, end=end):
        kind = row.pop("kind")
        keys = {"day": row.pop("day"), "team": row.pop("team_id"), "agent": row.pop("agent_id")}
        found[kind][keys.get(kind)] = Visits(**row)
    return found


def _work(start: datetime, end: datetime, moment: datetime) -> dict[int, AgentWork]:
    lines: dict[int, dict[str, Any]] = {}
    asked = {"start": start, "end": end, "last": min(end, moment)}
    for statement in (HANDLED, DUTY, GRADES):
        for row in rows_by_name(statement, **asked):
            lines.setdefault(row.pop("agent_id"), {}).update(row)
    return {agent: AgentWork(**line) for agent, line in lines.items()}


def _load(start: datetime, end: datetime, moment: datetime) -> dict[int, list[float]]:
    last = min(end, moment)
    days = max(1, ceil((last - start) / timedelta(days=1)))
    found: dict[int, list[float]] = {}
    for row in rows_by_name(LOAD, start=start, end=end, last=last):
        line = found.setdefault(row["agent_id"], [0.0] * 24)
        line[row["hour"]] = round(float(row["seconds"]) / 3600 / days, 2)
    return found


def _days(since: date, until: date) -> list[date]:
    return [since + timedelta(days=step) for step in range((until - since).days + 1)]


def _named(lines: Mapping[Any, LineT], names: Mapping[int, str]) -> dict[str, LineT]:
    """Put names for keys in the order of the names; nicknames can be alike, so a number helps."""
    found: dict[str, LineT] = {}
    for key, name in names.items():
        if key in lines:
            label = name if name not in found else f"{name} #{key}"
            found[label] = lines[key]
    return found


def rows_by_name(statement: str, *values: Any, **named: Any) -> list[dict[str, Any]]:
    """Return the rows of a statement, filled in by place or by name, as mappings by column."""
    with connection.cursor() as cursor:
        cursor.execute(statement, named or values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
