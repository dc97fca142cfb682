"""Promises about appointments that can be proved by a query at any time."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appointments.enums import BLOCKING, MOVES, WAITING, Act, State
from appointments.models import Appointment, AppointmentStep
from appointments.selectors.fitting import FreePlaces, seekers_of
from appointments.selectors.waiting import line
from clinic.core.clock import now
from clinic.core.invariants import invariant
from clinic.settings import rules as numbers

SWEPT_WITHIN: Final = timedelta(minutes=5)
# Proved by a plain join, not by the constraints that should hold it.
OVERLAPS: Final = """
SELECT a.public_id, b.public_id FROM appointments_appointment a
JOIN appointments_appointment b ON a.id < b.id AND {same}
WHERE a.state = ANY(%(blocking)s) AND b.state = ANY(%(blocking)s)
"""
OF_DOCTORS: Final = OVERLAPS.format(
    same="a.doctor_id = b.doctor_id AND a.busy_from < b.busy_until AND b.busy_from < a.busy_until"
    " AND a.seats && b.seats"
)
OF_PERSONS: Final = OVERLAPS.format(
    same="a.person_id = b.person_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
)
PLACING: Final = (Act.BOOKED, Act.HELD, Act.OFFERED, Act.MOVED, Act.REASSIGNED)
INTO_LEAVE: Final = """
SELECT a.public_id FROM appointments_appointment a
JOIN doctors_leave l ON l.doctor_id = a.doctor_id AND l.cancelled_at IS NULL
  AND l.starts_at < a.ends_at AND l.ends_at > a.starts_at
WHERE a.state = ANY(%(blocking)s) AND l.entered_at < (
  SELECT max(s.at) FROM appointments_appointmentstep s
  WHERE s.appointment_id = a.id AND s.act = ANY(%(placing)s)
)
"""
# A step may leave the state as it is; every other one is an allowed move.
REPLAY: Final = """
SELECT a.public_id FROM appointments_appointment a
LEFT JOIN LATERAL (
  SELECT after FROM appointments_appointmentstep s
  WHERE s.appointment_id = a.id ORDER BY s.id DESC LIMIT 1
) last ON true
WHERE last.after IS DISTINCT FROM a.state
UNION
SELECT a.public_id FROM (
  SELECT appointment_id, before, after,
    lag(after, 1, '') OVER (PARTITION BY appointment_id ORDER BY id) AS former
  FROM appointments_appointmentstep
) s JOIN appointments_appointment a ON a.id = s.appointment_id
WHERE s.before <> s.former
  OR s.before <> s.after AND NOT (s.before || '>' || s.after = ANY(%s))
"""


@invariant("I5", _("No doctor and no person has two appointments at one time."))
def double_bookings() -> list[str]:
    """Return pairs of appointments that take the same time of somebody."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for statement in (OF_DOCTORS, OF_PERSONS):
            cursor.execute(statement, {"blocking": list(BLOCKING)})
            found += [f"appointments {one} and {other}" for one, other in cursor.fetchall()]
    return found


@invariant("I5", _("Each place that is only held has an end."))
def holds_without_end() -> list[str]:
    """Return offered or held appointments that nothing would ever end."""
    wrong = Appointment.objects.filter(
        Q(state__in=[State.OFFERED, State.HELD], expires_at=None)
        | Q(state=State.HELD, price_fen__gt=0, order=None)
    )
    return [f"appointment {public_id}" for public_id in wrong.values_list("public_id", flat=True)]


@invariant("I5", _("No offer and no waiting goes on long after its end."))
def waiting_past_its_end() -> list[str]:
    """Return offers and waiting that the sweep should have ended minutes ago."""
    long_over = now() - SWEPT_WITHIN
    late = Appointment.objects.filter(state__in=WAITING, expires_at__lt=long_over)
    return [f"appointment {public_id}" for public_id in late.values_list("public_id", flat=True)]


@invariant("I5", _("No place stays free for longer than two sweeps while somebody waits for it."))
def idle_places() -> list[str]:
    """Return who waits though a place that suits him has been free for long.

    Only doctors without a step in the time of two sweeps count: theirs is not free just now. New
    hours may be reported until the sweep has seen them.
    """
    moment = now()
    settled = moment - 2 * numbers.APPOINTMENT_SWEEP_EVERY
    rows = [row for row in line(0, moment) if row.queued_at and row.queued_at < settled]
    rows = [row for row in rows if _can_be_offered(row, moment)]
    seekers = seekers_of(rows, moment)
    lists: dict[tuple[int, int | None, bool], FreePlaces] = {}
    until = max((row.wanted_until for row in rows if row.wanted_until), default=moment)
    found = []
    for row in rows:
        key = row.kind_id, row.branch_id, row.is_at_the_desk
        if key not in lists:
            lists[key] = FreePlaces(row.kind, row.branch, moment, until, at_desk=row.is_at_the_desk)
        free = chain.from_iterable(
            doctors for _at, doctors in lists[key].for_seeker(seekers[row.pk])
        )
        idle = next((doctor for doctor in free if not _had_step(doctor.pk, settled)), None)
        if idle is not None:
            found.append(f"appointment {row.public_id} and doctor {idle.public_id}")
    return found


def _can_be_offered(row: Appointment, moment: datetime) -> bool:
    return row.expires_at is not None and (
        row.expires_at >= moment + numbers.APPOINTMENT_OFFER_AT_LEAST
    )


def _had_step(doctor_id: int, since: datetime) -> bool:
    his = Q(appointment__doctor_id=doctor_id) | Q(appointment__offers__doctor_id=doctor_id)
    return AppointmentStep.objects.filter(his, at__gte=since).exists()


@invariant("I5", _("Nobody is booked into a leave that stands."))
def bookings_into_leave() -> list[str]:
    """Return appointments that were placed into a leave after it was entered."""
    with connection.cursor() as cursor:
        cursor.execute(INTO_LEAVE, {"blocking": list(BLOCKING), "placing": list(PLACING)})
        return [f"appointment {row[0]}" for row in cursor.fetchall()]


@invariant("I7", _("Each appointment's steps are a chain of allowed moves that ends in its state."))
def broken_histories() -> list[str]:
    """Return appointments whose recorded steps do not lead to their state."""
    allowed = [f"{state}>{to}" for state, row in MOVES.items() for to in row]
    with connection.cursor() as cursor:
        cursor.execute(REPLAY, [allowed])
        return [f"appointment {row[0]}" for row in cursor.fetchall()]
