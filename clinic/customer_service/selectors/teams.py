"""Reads of teams and when they are there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from clinic.core.clock import clinic_day, now
from clinic.core.errors import NotFoundError
from clinic.customer_service.enums import AgentStatus
from clinic.customer_service.errors import NoTeamError
from clinic.customer_service.models import Agent, Team, TeamDay, TeamHours
from clinic.customer_service.rules import (
    DAYS_AHEAD,
    Hours,
    SpecialDay,
    Stretch,
    is_open,
    next_opening,
)
from clinic.settings import rules as numbers


def wanted_team(public_id: UUID | None) -> Team:
    """Return the team of that id, or the default one. Raises NotFoundError, NoTeamError."""
    rows = Team.objects.filter(is_active=True)
    if public_id is not None:
        team = rows.filter(public_id=public_id).first()
        if team is None:
            raise NotFoundError
        return team
    team = rows.filter(is_default=True).first()
    if team is None:
        raise NoTeamError
    return team


def active_teams() -> list[Team]:
    """Return the teams that customers can write to, the default one first."""
    return list(Team.objects.filter(is_active=True).order_by("-is_default", "code"))


@dataclass(frozen=True, slots=True)
class TeamNow:
    """A team as it is at this moment."""

    team: Team
    is_open: bool
    next_open_at: datetime | None
    agents_online: int


def teams_now() -> list[TeamNow]:
    """Return the teams that customers can write to, whether they are there and when they open."""
    moment, teams = now(), active_teams()
    hours = hours_of([team.pk for team in teams], moment)
    there = _agents_online([team.pk for team in teams], moment)
    return [_team_now(team, hours[team.pk], there.get(team.pk, 0), moment) for team in teams]


def _team_now(team: Team, hours: Hours, agents_online: int, moment: datetime) -> TeamNow:
    is_there = is_open(hours, moment)
    opens = None if is_there else next_opening(hours, moment)
    return TeamNow(team, is_there, opens, agents_online)


def _agents_online(keys: list[int], moment: datetime) -> dict[int, int]:
    on_duty = Agent.objects.filter(
        is_active=True,
        status=AgentStatus.ONLINE,
        heartbeat_at__gt=moment - numbers.AGENT_HEARTBEAT,
        teams__in=keys,
    )
    return dict(on_duty.values_list("teams").annotate(n=Count("pk")).order_by())


def hours_of(team_ids: Iterable[int], moment: datetime) -> dict[int, Hours]:
    """Return the hours of these teams, with the special days from that day on, in two queries."""
    keys = list(team_ids)
    weeks: dict[int, dict[int, list[Stretch]]] = {key: defaultdict(list) for key in keys}
    for team_id, weekday, opens, closes in TeamHours.objects.filter(team_id__in=keys).values_list(
        "team_id", "weekday", "opens", "closes"
    ):
        weeks[team_id][weekday].append(Stretch(opens, closes))
    days = _special_days(keys, moment)
    return {key: Hours(_frozen(weeks[key]), tuple(days[key])) for key in keys}


def is_team_open(team_id: int, moment: datetime) -> bool:
    """Say whether the team is there at a moment."""
    return is_open(hours_of([team_id], moment)[team_id], moment)


def _special_days(keys: list[int], moment: datetime) -> dict[int, list[SpecialDay]]:
    first = clinic_day(moment)
    rows = TeamDay.objects.filter(
        Q(team_id__in=keys) | Q(team_id=None),
        date__range=(first, first + timedelta(days=DAYS_AHEAD)),
    )
    found: dict[int, list[SpecialDay]] = {key: [] for key in keys}
    for row in rows:
        has_hours = row.opens is not None and row.closes is not None
        stretch = Stretch(row.opens, row.closes) if has_hours else None  # type: ignore[arg-type]
        for key in keys if row.team_id is None else [row.team_id]:
            found[key].append(SpecialDay(row.date, stretch, is_own=row.team_id is not None))
    return found


def _frozen(week: dict[int, list[Stretch]]) -> dict[int, tuple[Stretch, ...]]:
    return {weekday: tuple(stretches) for weekday, stretches in week.items()}
