"""Two hundred patients who want the same place at the same moment, by HTTP."""

from dataclasses import replace
from typing import Final

from appointments.models import AppointmentType
from bench import visits
from bench.report import Report
from bench.stack import Stack, run_tool
from clinic.core.ids import uuid7

SECTION: Final = "200 rivals for one time of a doctor"
CAPACITIES: Final = (1, 5)
MINUTE: Final = 990  # the last time of a date, which no other row comes to
SECONDS: Final = 60  # at most
BOOKED, REFUSED = "201", "409"


def measure(stack: Stack, house: visits.House, report: Report) -> None:
    """Add a table: who got a place, who was refused with other times, and what else was answered.

    Each patient has a connection of his own; exactly as many as there are places may be booked.
    """
    lines = ["| Places | booked | refused | other answers | p50 ms | p99 ms |", "|---:" * 6 + "|"]
    for turn, capacity in enumerate(CAPACITIES):
        wanted = replace(house, kind=_kind(house, capacity))
        place = visits.Place(doctor=turn, day=house.first, minute=MINUTE)
        given: dict[str, object] = {
            "port": stack.options.port,
            "requests": [wanted.book(place, reader) for reader in range(visits.READERS)],
            "is_endless": False,
            "warm_up": 0,
            "connections": visits.READERS,
            "seconds": SECONDS,
        }
        found = run_tool("bench.http_load", given, stack, timeout=2 * SECONDS)
        told = dict(found["statuses"])
        booked, refused = told.pop(BOOKED, 0), told.pop(REFUSED, 0)
        missing = visits.READERS - found["count"]
        others = {**told, "no answer": missing} if missing else told
        cells = (
            capacity, booked, refused, others or "none", round(found["p50_ms"]),
            round(found["p99_ms"]),
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
        print(f"  {SECTION}, {capacity} places: {found['statuses']}", flush=True)
    report.tables[SECTION] = lines


def _kind(house: visits.House, capacity: int) -> AppointmentType:
    """Return the type of the house, or one like it for groups."""
    if capacity == house.kind.capacity:
        return house.kind
    kind = AppointmentType.objects.get(pk=house.kind.pk)
    kind.pk, kind.public_id = None, uuid7()
    kind.code, kind.capacity = f"{house.kind.code}-{capacity}", capacity
    kind.save(force_insert=True)
    kind.branches.set([house.branch])
    kind.doctors.set(house.doctors)
    return kind
