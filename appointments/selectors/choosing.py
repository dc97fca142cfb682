"""Who gives a type, and in which order doctors get appointments that name nobody."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from appointments.enums import BLOCKING
from appointments.models import Appointment, AppointmentType
from appointments.selectors.appointments import DAY, midnight_of
from clinic.core.clock import clinic_day
from clinic.core.statements import Statement, rows_of
from clinic.settings import rules as numbers
from doctors.enums import DoctorStatus, PresenceState
from doctors.models import Branch, CalendarDay, Doctor, WorkRule

LATELY: Final = timedelta(days=7)  # who got an appointment that lies further back waits longest
STATES: Final = ", ".join(f"'{state.value}'" for state in BLOCKING)
# Who said himself that he is off is away, whatever his devices tell.
ORDER: Final = Statement(
    "appointments_doctors_by_load",
    ("bigint[]", "timestamptz", "timestamptz", "timestamptz", "timestamptz"),
    f"""
WITH asked AS MATERIALIZED (
  SELECT %s AS keys, %s AS day, %s AS night, %s AS active_since, %s AS lately
)
SELECT d.id
FROM asked
JOIN doctors_doctor d ON d.id = ANY (asked.keys)
LEFT JOIN doctors_doctorpresence p ON p.doctor_id = d.id
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE a.state IN ({STATES}) AND a.starts_at >= asked.day
      AND a.starts_at < asked.night) AS on_day, max(a.created_at) AS given_at
  FROM appointments_appointment a
  WHERE a.doctor_id = d.id AND a.starts_at >= asked.lately
) seen
ORDER BY seen.on_day * 10000 / coalesce(d.max_appointments, {numbers.APPOINTMENT_MAX_LOAD}),
  NOT coalesce(p.heartbeat_at > asked.active_since
    AND NOT (p.state = '{PresenceState.OFFLINE.value}' AND p.resumes_as = ''), false),
  seen.given_at NULLS FIRST, d.rating_average DESC, d.id
""",  # noqa: S608 put together from constants
)


def doctors_of(kind: AppointmentType, moment: datetime) -> QuerySet[Doctor]:
    """Return the doctors who give a type and may see people now."""
    rows = Doctor.objects.listed().filter(
        is_appointment_open=True, licence_valid_until__gte=clinic_day(moment)
    )
    named = AppointmentType.doctors.through.objects.filter(appointmenttype=kind)
    is_named = Exists(named.filter(doctor=OuterRef("pk")))
    return rows.filter(is_named | ~Exists(named)).select_related("department", "user")


def branches_of(kind: AppointmentType) -> QuerySet[Branch]:
    """Return the open branches that give a type."""
    named = AppointmentType.branches.through.objects.filter(appointmenttype=kind)
    is_named = Exists(named.filter(branch=OuterRef("pk")))
    return Branch.objects.filter(is_named | ~Exists(named), is_active=True)


def is_given(
    kind: AppointmentType, branch: Branch | None, doctor_id: int | None, moment: datetime
) -> bool:
    """Say whether somebody (or this doctor) who gives a type has hours at a branch, or online.

    Hours that hold later count, and special days to come; so do those of a doctor who takes no
    bookings just now.
    """
    today = clinic_day(moment) - DAY  # somewhere it is still yesterday
    rules = WorkRule.objects.filter(branch=branch, doctor__status=DoctorStatus.ACTIVE)
    if doctor_id is not None:
        rules = rules.filter(doctor=doctor_id)
    named = AppointmentType.doctors.through.objects.filter(appointmenttype=kind)
    gives = Exists(named.filter(doctor=OuterRef("doctor"))) | ~Exists(named)
    holds = Q(valid_until=None) | Q(valid_until__gte=today)
    days = CalendarDay.objects.filter(doctor=OuterRef("doctor"), date__gte=today)
    return rules.filter(gives, holds | Exists(days)).exists()


def load_on(doctor_id: int, day: date) -> int:
    """Return how many appointments take a doctor's time on a day of the clinic's calendar."""
    start = midnight_of(day)
    rows = Appointment.objects.filter(doctor_id=doctor_id, state__in=BLOCKING)
    return rows.filter(starts_at__gte=start, starts_at__lt=start + DAY).count()


def by_load(doctors: Iterable[Doctor], starts_at: datetime, moment: datetime) -> list[Doctor]:
    """Return the doctors, first who has the least to do on that day beside his limit.

    Then who is active now, as far as his devices told within half an hour, who got no appointment
    for longest, the better rated, the older row. One query.
    """
    known = {doctor.pk: doctor for doctor in doctors}
    start = midnight_of(clinic_day(starts_at))
    active_since, lately = moment - numbers.PRESENCE_HARD_TIMEOUT, start - LATELY
    found = rows_of(ORDER, list(known), start, start + DAY, active_since, lately)
    return [known[key] for (key,) in found]
