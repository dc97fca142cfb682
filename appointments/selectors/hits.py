"""Appointments ahead whose doctor will not be there: on leave, suspended, or a closed day.

Whether one is still hit is asked again, under its lock, by who acts on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from appointments.enums import NOT_YET_HIS, WAITING, Displacement, Refusal, State
from appointments.models import Appointment, AppointmentStep
from appointments.rules import Calendar, bookable
from appointments.selectors.calendars import ONLINE_ZONE, calendars_of
from appointments.selectors.slots import place_of, terms_of, why_not
from clinic.core.clock import CLINIC_ZONE
from doctors.enums import Certification, DoctorStatus
from doctors.models import Branch, CalendarDay, Doctor, Leave

AHEAD: Final = (State.OFFERED, State.HELD, State.PENDING, State.CONFIRMED)
ZONES_APART: Final = timedelta(hours=26)  # the same date begins and ends elsewhere so much apart
FOR_GOOD: Final = (Displacement.OFF_SALE, Displacement.BRANCH_CLOSED)  # nobody else can have it
DAYS_STAY_FRESH: Final = timedelta(hours=1)  # how long the sweep looks again at a new special day
STOPPED: Final = (
    Q(doctor__status=DoctorStatus.SUSPENDED)
    | Q(doctor__user__is_active=False)
    | ~Q(doctor__certification=Certification.CERTIFIED)
    | Q(doctor__licence_valid_until=None)
    | Q(starts_at__date__gt=F("doctor__licence_valid_until"))
)
AWAY: Final = Exists(
    Leave.objects.filter(
        doctor=OuterRef("doctor"),
        cancelled_at=None,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
)


def ahead(moment: datetime) -> QuerySet[Appointment]:
    """Return appointments that have a time which is not over and did not begin."""
    return Appointment.objects.filter(state__in=AHEAD, ends_at__gt=moment)


def in_time_of(
    doctor_id: int, starts_at: datetime, ends_at: datetime, moment: datetime
) -> QuerySet[Appointment]:
    """Return appointments ahead of a doctor that meet a time."""
    return ahead(moment).filter(doctor_id=doctor_id, starts_at__lt=ends_at, ends_at__gt=starts_at)


def in_time_of_user(
    user_id: int,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    moment: datetime,
) -> QuerySet[Appointment]:
    """Return appointments ahead that the doctor of an account has in a time and knows of."""
    rows = ahead(moment).filter(doctor__user_id=user_id).exclude(state__in=NOT_YET_HIS)
    if starts_at is not None:
        rows = rows.filter(ends_at__gt=starts_at)
    return rows if ends_at is None else rows.filter(starts_at__lt=ends_at)


def of_doctor(doctor_id: int, moment: datetime) -> QuerySet[Appointment]:
    """Return the appointments ahead of a doctor."""
    return ahead(moment).filter(doctor_id=doctor_id)


def at_branches(branch_ids: Iterable[int], moment: datetime) -> QuerySet[Appointment]:
    """Return the appointments ahead at some branches, and who waits for one."""
    is_waiting = Q(state=State.QUEUED)
    is_ahead = Q(state__in=AHEAD, ends_at__gt=moment)
    return Appointment.objects.filter(is_waiting | is_ahead, branch__in=branch_ids)


def of_day(day: date, doctor_id: int | None, branch_id: int | None, moment: datetime) -> list[int]:
    """Return appointments ahead around a date, of a doctor, a branch, or (with neither) of all."""
    start = datetime.combine(day, time(), CLINIC_ZONE)
    rows = ahead(moment).filter(
        starts_at__gt=start - ZONES_APART, starts_at__lt=start + timedelta(days=1) + ZONES_APART
    )
    if doctor_id is not None:
        rows = rows.filter(doctor_id=doctor_id)
    elif branch_id is not None:
        rows = rows.filter(branch_id=branch_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def stranded_ids(moment: datetime, limit: int) -> list[tuple[int, Displacement]]:
    """Return what leave, the end of a doctor's work or a closed branch hits, each with which."""
    closed = Branch.objects.filter(is_active=False).values_list("pk", flat=True)
    found = (
        (ahead(moment).filter(AWAY), Displacement.LEAVE),
        (ahead(moment).filter(STOPPED), Displacement.STOPPED),
        (at_branches(closed, moment), Displacement.BRANCH_CLOSED),
    )
    return [
        (pk, why)
        for rows, why in found
        for pk in rows.order_by("starts_at").values_list("pk", flat=True)[:limit]
    ]


def beside_fresh_days(moment: datetime) -> list[int]:
    """Return appointments around special days that were entered lately, booked before those.

    A booking that was under way when the day was entered shows up here.
    """
    found: set[int] = set()
    for day in CalendarDay.objects.filter(
        created_at__gt=moment - DAYS_STAY_FRESH, date__gte=(moment - ZONES_APART).date()
    ):
        near = of_day(day.date, day.doctor_id, day.branch_id, moment)
        found.update(
            Appointment.objects.filter(
                pk__in=near, created_at__lt=day.created_at + timedelta(minutes=1)
            ).values_list("pk", flat=True)
        )
    return sorted(found)


def is_hit(appointment: Appointment, why: Displacement, moment: datetime) -> bool:
    """Say whether an appointment ahead is really hit by what was said."""
    doctor = appointment.doctor
    starts_at, ends_at = appointment.starts_at, appointment.ends_at
    if why in FOR_GOOD and appointment.state in WAITING:
        return _is_withdrawn(appointment, why)
    if doctor is None or starts_at is None or ends_at is None:
        return False
    if appointment.state not in AHEAD or ends_at <= moment:
        return False
    if why is Displacement.LEAVE:
        return Leave.objects.filter(
            doctor=doctor, cancelled_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
        ).exists()
    if why is Displacement.STOPPED:
        return _has_stopped(doctor, starts_at.astimezone(ZoneInfo(_zone(appointment))).date())
    if why in FOR_GOOD:
        return _is_withdrawn(appointment, why)
    if _is_outside_on_purpose(appointment):
        return False
    place = place_of(appointment.kind, appointment.branch, doctor.pk)
    terms = terms_of(appointment.kind).at_the_desk()
    return why_not(place, terms, starts_at, ends_at, moment) is Refusal.OUTSIDE_HOURS


def outside_hours(keys: Sequence[int], moment: datetime) -> list[int]:
    """Return which of these appointments ``is_hit`` for CLOSED; a query for each type and place."""
    rows = Appointment.objects.filter(pk__in=keys, state__in=AHEAD, ends_at__gt=moment)
    found: dict[tuple[int, int | None], list[Appointment]] = defaultdict(list)
    for row in rows.exclude(doctor=None).select_related("kind", "branch"):
        found[row.kind_id, row.branch_id].append(row)
    on_purpose = set(
        AppointmentStep.objects.filter(
            appointment__in=keys, note__has_key="outside_hours"
        ).values_list("appointment_id", flat=True)
    )
    closed = (row.pk for group in found.values() for row in _closed(group, moment))
    return [key for key in closed if key not in on_purpose]


def ahead_outside_hours(rows: QuerySet[Appointment], moment: datetime) -> list[int]:
    """Return which of some appointments lie ahead outside the hours that hold now.

    What the front desk put there with a reason is not among them, nor what doctors have who take
    no bookings just now: nobody asks for their hours.
    """
    found = rows.filter(state__in=AHEAD, ends_at__gt=moment, doctor__is_appointment_open=True)
    return outside_hours(list(found.values_list("pk", flat=True)), moment)


def outside_hours_of_user(user_id: int, moment: datetime) -> QuerySet[Appointment]:
    """Return what the doctor of an account has ahead outside his hours and knows of."""
    rows = in_time_of_user(user_id, moment=moment)
    return Appointment.objects.filter(pk__in=ahead_outside_hours(rows, moment))


def _closed(rows: Sequence[Appointment], moment: datetime) -> Iterator[Appointment]:
    """Yield appointments of one type and place whose time is outside the hours of their doctor."""
    kind, branch = rows[0].kind, rows[0].branch
    doctors = {row.doctor_id or 0 for row in rows}
    only = doctors.pop() if len(doctors) == 1 else 0
    place, terms = place_of(kind, branch, only), terms_of(kind).at_the_desk()
    zone = ZoneInfo(place.zone)
    days = [row.starts_at.astimezone(zone).date() for row in rows if row.starts_at]
    calendars = calendars_of(place, min(days), max(days), step=terms.step, moment=moment)
    for row in rows:
        calendar = calendars.get(row.doctor_id or 0, Calendar())
        if row.starts_at is not None and row.ends_at is not None:
            told = bookable(
                row.starts_at, row.ends_at, terms=terms, calendar=calendar, moment=moment
            )
            if told is Refusal.OUTSIDE_HOURS:
                yield row


def _is_withdrawn(appointment: Appointment, why: Displacement) -> bool:
    if why is Displacement.OFF_SALE:
        return not appointment.kind.is_active
    return appointment.branch is not None and not appointment.branch.is_active


def _is_outside_on_purpose(appointment: Appointment) -> bool:
    """Say whether the front desk gave a reason for a place outside the hours."""
    steps = AppointmentStep.objects.filter(appointment=appointment)
    return steps.filter(note__has_key="outside_hours").exists()


def _has_stopped(doctor: Doctor, day: date) -> bool:
    licence = doctor.licence_valid_until
    return (
        doctor.status == DoctorStatus.SUSPENDED
        or not doctor.user.is_active
        or doctor.certification != Certification.CERTIFIED
        or licence is None
        or licence < day
    )


def _zone(appointment: Appointment) -> str:
    return appointment.branch.time_zone if appointment.branch else ONLINE_ZONE
