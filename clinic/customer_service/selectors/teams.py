"""Reads of teams and when they are there."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from clinic.core.clock import clinic_day
from clinic.core.errors import NotFoundError
from clinic.customer_service.errors import NoTeamError
from clinic.customer_service.models import Team, TeamDay, TeamHours
from clinic.customer_service.rules import DAYS_AHEAD, Hours, SpecialDay, Stretch, is_open


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
