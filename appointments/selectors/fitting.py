"""Which free places suit somebody who waits."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby
from math import ceil, floor
from operator import itemgetter
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import Q

from appointments.enums import BLOCKING, SHORT, WaitingWay
from appointments.models import Appointment, AppointmentType, Offer
from appointments.rules import Range, Terms
from appointments.selectors.choosing import doctors_of
from appointments.selectors.slots import list_terms, place_of, starts_by_doctor
from clinic.relations.selectors.relations import blocked_by_patient
from clinic.settings import rules as numbers
from doctors.models import Branch, Doctor


@dataclass(frozen=True, kw_only=True, slots=True)
class Seeker:
    """What somebody who waits would take: a visit from ``since`` to ``until``, not elsewhere then.

    Instants are seconds since 1970. ``had`` are the (doctor, start) that were offered before,
    ``blocked`` the doctors of whom one side blocks the other.
    """

    patient_id: int
    since: int
    until: int
    wanted_doctor_id: int | None
    had: frozenset[tuple[int, int]] = frozenset()
    elsewhere: Sequence[Range] = ()
    blocked: frozenset[int] = frozenset()

    def sees(self, doctor: Doctor) -> bool:
        """Say whether the two may meet: nobody is his own patient, and neither blocks the other."""
        is_wanted = self.wanted_doctor_id in (None, doctor.pk)
        return is_wanted and doctor.user_id != self.patient_id and doctor.pk not in self.blocked

    def takes(self, doctor_id: int, starts_at: int, duration: int) -> bool:
        """Say whether a start within the window would do."""
        ends_at = starts_at + duration
        is_new = (doctor_id, starts_at) not in self.had
        return is_new and all(
            until <= starts_at or ends_at <= since for since, until in self.elsewhere
        )


@dataclass(slots=True)
class FreePlaces:
    """The free places of a type at a branch, or online, for the length of one search.

    ``at_desk`` for people who stand there.
    """

    kind: AppointmentType
    branch: Branch | None
    moment: datetime
    until: datetime
    doctor_id: int = 0
    at_desk: bool = False
    terms: Terms = field(init=False)
    doctors: dict[int, Doctor] = field(init=False)
    starts: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Read the doctors who give the type, and their free starts."""
        self.terms = list_terms(self.kind, at_desk=self.at_desk)
        rows = doctors_of(self.kind, self.moment)
        if self.doctor_id:
            rows = rows.filter(pk=self.doctor_id)
        self.doctors = {doctor.pk: doctor for doctor in rows}
        self.starts = self._read(self.doctor_id) if self.doctors else {}

    def refresh(self, doctor_id: int) -> None:
        """Read a doctor anew because something of his was taken."""
        if doctor_id in self.starts:
            self.starts[doctor_id] = self._read(doctor_id).get(doctor_id, [])

    def for_seeker(self, seeker: Seeker) -> Iterator[tuple[int, list[Doctor]]]:
        """Yield the starts that would do, the earliest first, each with its doctors; lazily."""
        runs = [self._suiting(seeker, key, starts) for key, starts in self.starts.items()]
        for at, found in groupby(merge(*runs), key=itemgetter(0)):
            yield at, [self.doctors[key] for _at, key in found]

    def _suiting(
        self, seeker: Seeker, doctor_id: int, starts: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        doctor, duration = self.doctors[doctor_id], self.terms.duration
        if not seeker.sees(doctor):
            return
        first = bisect_left(starts, seeker.since)
        last = bisect_right(starts, seeker.until - duration)
        for at in starts[first:last]:
            if seeker.takes(doctor_id, at, duration):
                yield at, doctor_id

    def _read(self, doctor_id: int) -> dict[int, list[int]]:
        place = place_of(self.kind, self.branch, doctor_id)
        zone = ZoneInfo(place.zone)
        first = self.moment.astimezone(zone).date()
        days = (self.until.astimezone(zone).date() - first).days + 1
        found = starts_by_doctor(place, self.terms, first, max(1, days), self.moment)
        return {
            key: [slot.starts_at for slot in slots]
            for key, slots in found.items()
            if key in self.doctors
        }


def seeker_of(
    *,
    patient_id: int,
    person_id: int,
    wanted_from: datetime,
    wanted_until: datetime,
    wanted_doctor_id: int | None,
    moment: datetime,
) -> Seeker:
    """Return what a person who is about to wait would take; two queries."""
    times = times_taken([person_id], wanted_from, wanted_until, moment)
    return Seeker(
        patient_id=patient_id,
        since=ceil(wanted_from.timestamp()),
        until=floor(wanted_until.timestamp()),
        wanted_doctor_id=wanted_doctor_id,
        elsewhere=times[person_id],
        blocked=blocked_by_patient([patient_id]).get(patient_id, frozenset()),
    )


def seekers_of(rows: Sequence[Appointment], moment: datetime) -> dict[int, Seeker]:
    """Return what waiting appointments would take, by their keys; three queries."""
    if not rows:
        return {}
    had: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for offer in Offer.objects.filter(appointment__in=rows):
        had[offer.appointment_id].add((offer.doctor_id, int(offer.starts_at.timestamp())))
    windows = [_Window.of(row) for row in rows]
    since, until = min(one.since for one in windows), max(one.until for one in windows)
    times = times_taken({row.person_id for row in rows}, since, until, moment)
    blocked = blocked_by_patient({row.patient_id for row in rows})
    return {
        row.pk: Seeker(
            patient_id=row.patient_id,
            since=max(ceil(window.since.timestamp()), _offered_from(row, moment)),
            until=floor(window.until.timestamp()),
            wanted_doctor_id=row.wanted_doctor_id,
            had=frozenset(had[row.pk]),
            elsewhere=times[row.person_id],
            blocked=blocked.get(row.patient_id, frozenset()),
        )
        for row, window in zip(rows, windows, strict=True)
    }


def times_taken(
    person_ids: Iterable[int],
    since: datetime,
    until: datetime,
    moment: datetime,
    *,
    but_not: int = 0,
) -> Mapping[int, list[Range]]:
    """Return when persons have appointments between two moments; holds that are over are none.

    The appointment with the key ``but_not`` does not count.
    """
    rows = Appointment.objects.filter(
        ~Q(state__in=SHORT, expires_at__lte=moment),
        ~Q(pk=but_not),
        person_id__in=list(person_ids),
        state__in=BLOCKING,
        starts_at__lt=until,
        ends_at__gt=since,
    )
    times: dict[int, list[Range]] = defaultdict(list)
    for row in rows.only("person_id", "starts_at", "ends_at"):
        if row.starts_at is not None and row.ends_at is not None:
            span = int(row.starts_at.timestamp()), int(row.ends_at.timestamp())
            times[row.person_id].append(span)
    return times


@dataclass(frozen=True, slots=True)
class _Window:
    since: datetime
    until: datetime

    @classmethod
    def of(cls, row: Appointment) -> Self:
        """Return the window of a waiting row; the database promises that it has one."""
        if row.wanted_from is None or row.wanted_until is None:
            raise ValueError("a waiting appointment has a window")
        return cls(row.wanted_from, row.wanted_until)


def _offered_from(row: Appointment, moment: datetime) -> int:
    """Return the first start that can be offered: there is time to answer before it is booked."""
    if row.is_at_the_desk:
        return ceil(moment.timestamp())
    is_asked = row.kind.waiting_way == WaitingWay.OFFER
    answer = numbers.APPOINTMENT_OFFER_AT_LEAST if is_asked else timedelta(0)
    return ceil((moment + row.kind.min_notice + answer).timestamp())
