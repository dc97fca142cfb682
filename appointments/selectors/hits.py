"""Appointments ahead whose doctor will not be there: on leave, suspended, or a closed day.

Whether one is still hit is asked again, under its lock, by who acts on it.
"""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from appointments.enums import NOT_YET_HIS, WAITING, Displacement, Refusal, State
from appointments.models import Appointment, AppointmentStep
from appointments.selectors.calendars import ONLINE_ZONE
from appointments.selectors.slots import place_of, terms_of, why_not
from clinic.core.clock import CLINIC_ZONE
from doctors.enums import Certification, DoctorStatus
from doctors.models import CalendarDay, Doctor, Leave

AHEAD: Final = (State.OFFERED, State.HELD, State.PENDING, State.CONFIRMED)
ZONES_APART: Final = timedelta(hours=26)  # the same date begins and ends elsewhere so much apart
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
    """Return appointments ahead that leave or the end of a doctor's work hits, each with which."""
    away = ahead(moment).filter(AWAY).order_by("starts_at")
    stopped = ahead(moment).filter(STOPPED).order_by("starts_at")
    return [
        (pk, why)
        for rows, why in ((away, Displacement.LEAVE), (stopped, Displacement.STOPPED))
        for pk in rows.values_list("pk", flat=True)[:limit]
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
    if why is Displacement.OFF_SALE and appointment.state in WAITING:
        return not appointment.kind.is_active
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
    if why is Displacement.OFF_SALE:
        return not appointment.kind.is_active
    if _is_outside_on_purpose(appointment):
        return False
    place = place_of(appointment.kind, appointment.branch, doctor.pk)
    terms = terms_of(appointment.kind).at_the_desk()
    return why_not(place, terms, starts_at, ends_at, moment) is Refusal.OUTSIDE_HOURS


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
