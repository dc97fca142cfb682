"""The waiting list: who stands where, and how long it will likely take.

A list is of one type at one branch, or online. Places are derived on read and stored nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q

from appointments.enums import WAITING, State, Unforeseen
from appointments.models import Appointment, AppointmentType
from appointments.rules import likely_wait, there_from
from appointments.selectors.calendars import calendars_of
from appointments.selectors.slots import place_of
from clinic.settings import rules as numbers
from doctors.models import Branch

STATES: Final = ", ".join(f"'{state.value}'" for state in WAITING)
PEOPLE: Final = ("kind", "branch", "person", "doctor__department", "wanted_doctor__department")
# Ahead is who joined earlier and wants something that overlaps; an offer may still be declined.
PLACES: Final = f"""
WITH line AS MATERIALIZED (
  SELECT id, public_id, patient_id, state, -priority AS rank, queued_at, wanted_from, wanted_until,
    wanted_doctor_id, waits_until
  FROM appointments_appointment
  WHERE state IN ({STATES}) AND kind_id = %(kind_id)s
    AND (branch_id = %(branch_id)s OR branch_id IS NULL AND %(branch_id)s IS NULL)
)
SELECT a.id, a.public_id, u.public_id, a.wanted_from, a.wanted_until, a.wanted_doctor_id,
  a.waits_until, (
  SELECT count(*) + 1 FROM line b
  WHERE (b.rank, b.queued_at, b.id) < (a.rank, a.queued_at, a.id)
    AND b.wanted_from < a.wanted_until AND b.wanted_until > a.wanted_from
    AND (b.wanted_doctor_id = a.wanted_doctor_id
         OR b.wanted_doctor_id IS NULL OR a.wanted_doctor_id IS NULL)
)
FROM line a JOIN accounts_user u ON u.id = a.patient_id
WHERE a.state = '{State.QUEUED.value}' AND (%(only)s::bigint IS NULL OR a.id = %(only)s)
ORDER BY a.rank, a.queued_at, a.id
"""  # noqa: S608 put together from constants


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where somebody stands in line.

    ``likely_minutes`` until the visit, None when nobody works; ``ends_before`` says that the
    list's time-out comes first, so that this wait is not to be promised.
    """

    appointment_id: UUID
    patient_id: UUID
    position: int
    likely_minutes: int | None
    ends_before: bool

    @property
    def eta_minutes(self) -> int | None:
        """Minutes until the visit that can be promised."""
        return None if self.ends_before else self.likely_minutes

    @property
    def reason(self) -> str:
        """Why nobody can promise any; blank when there are."""
        if self.likely_minutes is None:
            return Unforeseen.NOBODY_WORKS.value
        return Unforeseen.ENDS_BEFORE.value if self.ends_before else ""


@dataclass(frozen=True, slots=True)
class _Placed:
    """One row of ``PLACES``."""

    pk: int
    public_id: UUID
    patient_id: UUID
    wanted_from: datetime
    wanted_until: datetime
    wanted_doctor_id: int | None
    waits_until: datetime
    position: int


def waits_already(
    *, person_id: int, kind_id: int, wanted_from: datetime, wanted_until: datetime
) -> bool:
    """Say whether a person waits for a type in an overlapping window."""
    rows = Appointment.objects.filter(
        person_id=person_id,
        kind_id=kind_id,
        state__in=WAITING,
        wanted_from__lt=wanted_until,
        wanted_until__gt=wanted_from,
    )
    return rows.exists()


def line(doctor_id: int, moment: datetime) -> list[Appointment]:
    """Return who waits now for a doctor, or for any with 0, over all lists in the order of turn.

    Nobody waits for a type or a branch that is switched off.
    """
    rows = Appointment.objects.filter(
        Q(branch=None) | Q(branch__is_active=True),
        state=State.QUEUED, expires_at__gt=moment, kind__is_active=True,
    )  # fmt: skip
    if doctor_id:
        rows = rows.filter(Q(wanted_doctor_id=doctor_id) | Q(wanted_doctor=None))
    ordered = rows.order_by("-priority", "queued_at", "pk")
    return list(ordered.select_related("kind", "branch"))


def lists_waiting() -> list[tuple[int, int | None]]:
    """Return the lists on which somebody waits, as keys of type and branch."""
    rows = Appointment.objects.filter(state=State.QUEUED).order_by("kind_id", "branch_id")
    return list(rows.values_list("kind_id", "branch_id").distinct())


def standing_of(appointment: Appointment, *, moment: datetime) -> Standing | None:
    """Return where a waiting appointment stands; None when it does not wait (any more)."""
    found = standings(appointment.kind, appointment.branch, moment=moment, only=appointment.pk)
    return found[0] if found else None


def standing_by_id(public_id: UUID, *, moment: datetime) -> Standing | None:
    """Return where the appointment with this id stands; None when it does not wait."""
    rows = Appointment.objects.filter(public_id=public_id, state=State.QUEUED)
    row = rows.select_related("kind", "branch").first()
    return standing_of(row, moment=moment) if row else None


def standings(
    kind: AppointmentType, branch: Branch | None, *, moment: datetime, only: int | None = None
) -> list[Standing]:
    """Return everybody who waits on a list, in order; three queries whatever its length."""
    rows = _placed(kind, branch, only)
    if not rows:
        return []
    lengths = lengths_of_visits(kind)
    doctors = _Staff(kind, branch, rows, moment)
    return [_standing(row, kind, lengths, doctors.first_instants(row), moment) for row in rows]


def lengths_of_visits(kind: AppointmentType) -> list[int]:
    """Return how many minutes the last visits of a type took, the newest first."""
    rows = Appointment.objects.filter(
        kind=kind, state=State.COMPLETED, started_at__isnull=False, finished_at__isnull=False
    ).order_by("-finished_at")
    took = rows.annotate(took=F("finished_at") - F("started_at")).values_list("took", flat=True)
    minute = timedelta(minutes=1)
    return [length // minute for length in took[: numbers.APPOINTMENT_VISITS_MEASURED]]


def _placed(kind: AppointmentType, branch: Branch | None, only: int | None) -> list[_Placed]:
    values = {"kind_id": kind.pk, "branch_id": branch.pk if branch else None, "only": only}
    with connection.cursor() as cursor:
        cursor.execute(PLACES, values)
        return [_Placed(*row) for row in cursor.fetchall()]


def _standing(
    row: _Placed,
    kind: AppointmentType,
    lengths: Sequence[int],
    there: Sequence[int],
    moment: datetime,
) -> Standing:
    """Judge one place; ``there`` says from which instants the doctors he would go to work."""
    wait = likely_wait(
        row.position,
        opens_in=max(0, int(min(there, default=0) - moment.timestamp()) // 60),
        lengths=lengths,
        usual=kind.duration_minutes,
        doctors=len(there),
        step=numbers.APPOINTMENT_WAIT_STEP_MINUTES,
    )
    return Standing(
        appointment_id=row.public_id,
        patient_id=row.patient_id,
        position=row.position,
        likely_minutes=wait,
        ends_before=wait is not None and _ends_before(row, kind, wait, moment),
    )


def _ends_before(row: _Placed, kind: AppointmentType, wait: int, moment: datetime) -> bool:
    """Say whether the time-out, and not the window itself, ends the waiting before the visit."""
    lasting = timedelta(minutes=kind.duration_minutes)
    is_cut = row.waits_until < row.wanted_until - lasting - kind.min_notice
    return is_cut and row.waits_until < moment + timedelta(minutes=wait)


class _Staff:
    """Who works when, for the windows of a list."""

    def __init__(
        self,
        kind: AppointmentType,
        branch: Branch | None,
        rows: Sequence[_Placed],
        moment: datetime,
    ) -> None:
        place = place_of(kind, branch)
        zone = ZoneInfo(place.zone)
        since = max(moment, min(row.wanted_from for row in rows)).astimezone(zone).date()
        until = max(row.wanted_until for row in rows).astimezone(zone).date()
        found = calendars_of(place, since, max(since, until), step=0, moment=moment)
        self._calendars = found
        self._moment = moment
        self._there = cache(self._seen_from)

    def first_instants(self, row: _Placed) -> tuple[int, ...]:
        """Return when each doctor a row would go to first works in what is left of its window."""
        begins = max(row.wanted_from, self._moment)
        window = int(begins.timestamp()), int(row.wanted_until.timestamp())
        return self._there(window, row.wanted_doctor_id)

    def _seen_from(self, window: tuple[int, int], doctor_id: int | None) -> tuple[int, ...]:
        calendars = self._calendars
        if doctor_id is not None:
            calendars = {key: one for key, one in calendars.items() if key == doctor_id}
        instants = (there_from(calendar, window) for calendar in calendars.values())
        return tuple(instant for instant in instants if instant is not None)
