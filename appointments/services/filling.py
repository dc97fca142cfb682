"""Matching: free places go to those who wait, in the order of the line."""

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import Error as DatabaseError

from appointments.models import Appointment
from appointments.selectors.choosing import by_load
from appointments.selectors.fitting import FreePlaces, Seeker, seekers_of
from appointments.selectors.waiting import line
from appointments.services.offering import give
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError
from clinic.settings import rules as numbers
from doctors.models import Doctor
from doctors.rules.wall_clock import moment_of

log = logging.getLogger(__name__)


def fill(doctor_id: int = 0) -> int:
    """Give what is free, of one doctor or of all, to those who wait; return how many got a place.

    One transaction for each, in the order of the line over all types and branches. Safe beside
    itself: who comes late finds the place or the person taken and goes on.
    """
    now = current_moment()
    rows = line(doctor_id, now)
    seekers = seekers_of(rows, now)
    search = _Search(rows, doctor_id, now)
    return sum(search.serve(row, seekers[row.pk]) for row in rows)


class _Search:
    """One walk along the line, with what is free of each list."""

    def __init__(self, rows: list[Appointment], doctor_id: int, now: datetime) -> None:
        self._doctor_id, self._now = doctor_id, now
        self._lists: dict[tuple[int, int | None, bool], FreePlaces] = {}
        self._until = max((row.wanted_until for row in rows if row.wanted_until), default=now)

    def serve(self, row: Appointment, seeker: Seeker) -> bool:
        """Give a place to one who waits, if one suits him."""
        suiting = islice(self._suiting(row, seeker), numbers.APPOINTMENT_NEAREST)
        return any(self._try(row, doctor, starts_at) for doctor, starts_at in suiting)

    def _suiting(self, row: Appointment, seeker: Seeker) -> Iterator[tuple[Doctor, datetime]]:
        for at, doctors in self._free(row).for_seeker(seeker):
            starts_at = moment_of(at)
            for doctor in _in_turn(doctors, starts_at, self._now):
                yield doctor, starts_at

    def _free(self, row: Appointment) -> FreePlaces:
        key = row.kind_id, row.branch_id, row.is_at_the_desk
        if key not in self._lists:
            self._lists[key] = FreePlaces(
                row.kind, row.branch, self._now, self._until, self._doctor_id, row.is_at_the_desk
            )
        return self._lists[key]

    def _refresh(self, doctor_id: int) -> None:
        for places in self._lists.values():
            places.refresh(doctor_id)

    def _try(self, row: Appointment, doctor: Doctor, starts_at: datetime) -> bool:
        is_given = False
        try:
            is_given = give(row, doctor, starts_at)
        except (DatabaseError, ClinicError) as error:
            log.error("place not given", exc_info=error, extra={"appointment_id": row.pk})
        self._refresh(doctor.pk)
        return is_given


def _in_turn(doctors: list[Doctor], starts_at: datetime, moment: datetime) -> list[Doctor]:
    """Return the doctors, first who has the least to do."""
    if len(doctors) == 1:
        return doctors
    keys = [doctor.pk for doctor in doctors]
    rows = Doctor.objects.filter(pk__in=keys).select_related("department")
    return by_load(rows, starts_at, moment)
