"""Statistics of appointments for days of the clinic, both inclusive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from appointments.enums import Source
from appointments.models import AppointmentType
from appointments.selectors.appointments import DAY, midnight_of
from appointments.selectors.workload import Key, booked_seconds, shares, working_seconds
from clinic.core.clock import CLINIC_ZONE
from doctors.models import Branch, Doctor

ONLINE: Final = 0  # stands for no branch
# Counted by the start of the visit, offers left out, on the clinic's clock; ``delay`` in minutes.
OUTCOMES: Final = """
SELECT {label}, count(*),
  count(*) FILTER (WHERE a.state = 'completed'), count(*) FILTER (WHERE a.state = 'cancelled'),
  count(*) FILTER (WHERE a.state = 'no_show'), count(*) FILTER (WHERE a.state = 'expired'),
  percentile_cont(0.5) WITHIN GROUP (
    ORDER BY greatest(0, extract(epoch FROM a.started_at - a.starts_at)) / 60
  ) FILTER (WHERE a.started_at IS NOT NULL),
  count(r.stars), avg(r.stars)::float
FROM appointments_appointment a
LEFT JOIN reviews_review r
  ON r.target_public_id = a.public_id AND r.target_kind = 'appointment' AND r.visibility = 'visible'
WHERE a.starts_at >= %(since)s AND a.starts_at < %(until)s AND a.state <> 'offered'
  AND (%(branch)s::bigint IS NULL OR coalesce(a.branch_id, 0) = %(branch)s)
GROUP BY 1 ORDER BY 1
"""
LOCAL: Final = "(a.starts_at AT TIME ZONE %(zone)s)"
LABELS: Final = {
    "total": "0",
    "day": f"{LOCAL}::date",
    "hour": f"extract(hour FROM {LOCAL})::int",
    "weekday": f"extract(isodow FROM {LOCAL})::int",
    "kind": "a.kind_id",
    "source": "a.source",
    "doctor": "coalesce(a.doctor_id, 0)",
    "branch": "coalesce(a.branch_id, 0)",
}
MADE: Final = """
SELECT (created_at AT TIME ZONE %(zone)s)::date, count(*) FROM appointments_appointment
WHERE created_at >= %(since)s AND created_at < %(until)s
  AND (%(branch)s::bigint IS NULL OR coalesce(branch_id, 0) = %(branch)s)
GROUP BY 1
"""
# Minutes on the waiting list until there was a place that stayed, and how many got none.
WAITS: Final = """
SELECT count(*) FILTER (WHERE got), count(*) FILTER (WHERE NOT got),
  percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY waited) FILTER (WHERE got)
FROM (
  SELECT s.after IN ('held', 'pending', 'confirmed') AS got,
    extract(epoch FROM s.at - a.queued_at) / 60 AS waited
  FROM appointments_appointmentstep s JOIN appointments_appointment a ON a.id = s.appointment_id
  WHERE s.at >= %(since)s AND s.at < %(until)s AND s.before IN ('queued', 'offered')
    AND s.after IN ('held', 'pending', 'confirmed', 'expired') AND a.queued_at IS NOT NULL
    AND (%(branch)s::bigint IS NULL OR coalesce(a.branch_id, 0) = %(branch)s)
) AS waits
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcomes:
    """What became of appointments. ``delay`` is the median of minutes from the time to the start.

    None means that there is nothing to count.
    """

    booked: int = 0
    completed: int = 0
    cancelled: int = 0
    no_show: int = 0
    expired: int = 0
    delay: float | None = None
    ratings: int = 0
    stars: float | None = None

    @property
    def no_show_percent(self) -> float | None:
        """Share of those who did not come, of those who were expected."""
        return _percent(self.no_show, self.no_show + self.completed)

    @property
    def success_percent(self) -> float | None:
        """Share of the visits that took place, of the appointments that are over."""
        over = self.completed + self.cancelled + self.no_show + self.expired
        return _percent(self.completed, over)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """The waiting list: minutes until a place, and how many got none."""

    placed: int = 0
    in_vain: int = 0
    p50: float | None = None
    p90: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """Hours of a doctor or a branch, and how much of them is booked."""

    name: str
    working_hours: float
    booked_hours: float
    percent: float | None


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """All figures of some days. Days without any stand among ``by_day``; other maps leave out."""

    total: Outcomes
    made: int
    made_by_day: Mapping[date, int]
    by_day: Mapping[date, Outcomes]
    by_hour: Mapping[int, Outcomes]
    by_weekday: Mapping[int, Outcomes]  # 1 is Monday
    by_kind: Mapping[str, Outcomes]
    by_source: Mapping[str, Outcomes]
    by_doctor: Mapping[str, Outcomes]
    by_branch: Mapping[str, Outcomes]
    waits: Waits
    doctors: list[Use] = field(default_factory=list)
    branches: list[Use] = field(default_factory=list)
    use_percent: float | None = None


def statistics(
    since: date, until: date, *, branch_id: int | None, moment: datetime, online: str
) -> Statistics:
    """Return everything about some days, of one branch (0: online) or of all.

    ``online`` is the name of what is at no branch. Utilisation takes today's working rules.
    """
    asked = {
        "zone": CLINIC_ZONE.key,
        "since": midnight_of(since),
        "until": midnight_of(until + DAY),
        "branch": branch_id,
    }
    found = {part: _outcomes(label, asked) for part, label in LABELS.items()}
    made = {day: int(count) for day, count in _rows(MADE, asked)}
    days = [since + DAY * number for number in range((until - since).days + 1)]
    booked, working = _work(since, until, branch_id, moment)
    doctors, branches = _names(booked, working, found, online)
    kinds = {row.pk: row.name for row in AppointmentType.objects.filter(pk__in=found["kind"])}
    used = shares({(0, 0): sum(booked.values())}, {(0, 0): sum(working.values())}, by=0)[0]
    return Statistics(
        total=found["total"].get(0, Outcomes()),
        made=sum(made.values()),
        made_by_day={day: made.get(day, 0) for day in days},
        by_day={day: found["day"].get(day, Outcomes()) for day in days},
        by_hour={hour: found["hour"].get(hour, Outcomes()) for hour in range(24)},
        by_weekday={day: found["weekday"].get(day, Outcomes()) for day in range(1, 8)},
        by_kind=_named(found["kind"], kinds),
        by_source={str(Source(key).label): line for key, line in found["source"].items()},
        by_doctor=_named(found["doctor"], doctors),
        by_branch=_named(found["branch"], branches),
        waits=_waits(asked),
        doctors=_uses(booked, working, doctors, by=0),
        branches=_uses(booked, working, branches, by=1),
        use_percent=_share_percent(used),
    )


def _work(
    since: date, until: date, branch_id: int | None, moment: datetime
) -> tuple[dict[Key, int], dict[Key, int]]:
    parts = booked_seconds(since, until), working_seconds(since, until, moment=moment)
    if branch_id is None:
        return parts
    booked, working = ({key: s for key, s in part.items() if key[1] == branch_id} for part in parts)
    return booked, working


def _outcomes(label: str, asked: Mapping[str, Any]) -> dict[Any, Outcomes]:
    found: dict[Any, Outcomes] = {}
    for key, booked, completed, cancelled, no_show, expired, delay, ratings, stars in _rows(
        OUTCOMES.format(label=label), asked
    ):
        found[key] = Outcomes(
            booked=booked, completed=completed, cancelled=cancelled, no_show=no_show,
            expired=expired, delay=delay, ratings=ratings, stars=stars,
        )  # fmt: skip
    return found


def _waits(asked: Mapping[str, Any]) -> Waits:
    ((placed, in_vain, times),) = _rows(WAITS, asked)
    p50, p90 = (float(minutes) for minutes in times) if times else (None, None)
    return Waits(placed=placed, in_vain=in_vain, p50=p50, p90=p90)


def _rows(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def _names(
    booked: Iterable[Key],
    working: Iterable[Key],
    found: Mapping[str, Mapping[Any, Outcomes]],
    online: str,
) -> tuple[dict[int, str], dict[int, str]]:
    keys = {*booked, *working}
    doctors = {doctor for doctor, _branch in keys} | set(found["doctor"])
    branches = {branch for _doctor, branch in keys} | set(found["branch"])
    of_doctors = Doctor.objects.filter(Q(pk__in=doctors)).values_list("pk", "name")
    of_branches = Branch.objects.filter(Q(pk__in=branches)).values_list("pk", "name")
    return dict(of_doctors), {ONLINE: online, **dict(of_branches)}


def _named(lines: Mapping[int, Outcomes], names: Mapping[int, str]) -> dict[str, Outcomes]:
    """Return lines by name, most booked first; twins by name are told apart by their key."""
    ordered = sorted(lines.items(), key=lambda item: (-item[1].booked, item[0]))
    found: dict[str, Outcomes] = {}
    for key, line in ordered:
        name = names.get(key, "-")
        found[name if name not in found else f"{name} #{key}"] = line
    return found


def _uses(
    booked: Mapping[Key, int], working: Mapping[Key, int], names: Mapping[int, str], *, by: int
) -> list[Use]:
    found = []
    for key, share in shares(booked, working, by=by).items():
        hours = sum(seconds for one, seconds in working.items() if one[by] == key) / 3600
        taken = sum(seconds for one, seconds in booked.items() if one[by] == key) / 3600
        found.append(
            Use(
                name=names.get(key, "-"),
                working_hours=round(hours, 1),
                booked_hours=round(taken, 1),
                percent=_share_percent(share),
            )
        )
    return sorted(found, key=lambda use: (-(use.percent or 0), use.name))


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _share_percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
