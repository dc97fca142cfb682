"""How much of their hours doctors are booked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from appointments.enums import State
from appointments.rules import Range, Stretch
from appointments.selectors.appointments import DAY, midnight_of
from appointments.selectors.calendars import ONLINE_ZONE, Place, calendars_of
from doctors.models import Branch, WorkRule

Key = tuple[int, int]  # doctor, branch; branch 0 is online
ANY_TYPE: Final = 0
FILLS: Final = (
    State.PENDING,
    State.CONFIRMED,
    State.IN_PROGRESS,
    State.COMPLETED,
    State.NO_SHOW,
)
# People of a group share their time: it counts once.
BOOKED: Final = """
SELECT doctor_id, coalesce(branch_id, 0), sum(extract(epoch FROM upper(one) - lower(one)))::bigint
FROM (
  SELECT doctor_id, branch_id, unnest(range_agg(tstzrange(starts_at, ends_at))) AS one
  FROM appointments_appointment
  WHERE state = ANY(%s) AND starts_at >= %s AND starts_at < %s AND doctor_id IS NOT NULL
  GROUP BY doctor_id, branch_id
) AS spans GROUP BY 1, 2
"""


def booked_seconds(first: date, last: date) -> dict[Key, int]:
    """Return the seconds of visits that begin on these clinic days, both inclusive."""
    values: list[Any] = [list(FILLS), midnight_of(first), midnight_of(last + DAY)]
    with connection.cursor() as cursor:
        cursor.execute(BOOKED, values)
        return {(doctor, branch): int(seconds) for doctor, branch, seconds in cursor.fetchall()}


def working_seconds(first: date, last: date, *, moment: datetime) -> dict[Key, int]:
    """Return the seconds of doctors' hours on these days, leave taken off.

    Days count on the clock of each branch. One query for each place where somebody works; doctors
    who may not work now are left out.
    """
    found: dict[Key, int] = {}
    for branch_id, zone in _places():
        place = Place(kind_id=ANY_TYPE, branch_id=branch_id, zone=zone)
        calendars = calendars_of(place, first, last, step=0, moment=moment)
        for doctor_id, calendar in calendars.items():
            seconds = _open_seconds(calendar.hours, calendar.leaves)
            if seconds:
                found[doctor_id, branch_id] = seconds
    return found


def shares(
    booked: Mapping[Key, int], working: Mapping[Key, int], *, by: int
) -> dict[int, float | None]:
    """Return the booked share of the hours by doctor (``by`` 0) or by branch (1); none without."""
    totals: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for number, lines in enumerate((booked, working)):
        for key, seconds in lines.items():
            totals[key[by]][number] += seconds
    return {key: taken / hours if hours else None for key, (taken, hours) in totals.items()}


def _places() -> list[tuple[int, str]]:
    used = set(WorkRule.objects.values_list("branch_id", flat=True).distinct())
    branches = Branch.objects.filter(pk__in=used - {None}).values_list("pk", "time_zone")
    online = [(0, ONLINE_ZONE)] if None in used else []
    return [*online, *branches]


def _open_seconds(hours: Sequence[Stretch], leaves: Sequence[Range]) -> int:
    total, away = 0, _merged(leaves)
    for stretch in hours:
        lost = sum(
            max(0, min(end, stretch.ends) - max(begin, stretch.begins)) for begin, end in away
        )
        total += stretch.ends - stretch.begins - lost
    return total


def _merged(ranges: Sequence[Range]) -> list[Range]:
    found: list[Range] = []
    for begin, end in sorted(ranges):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found
