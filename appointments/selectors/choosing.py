"""Who gives a type, and in which order doctors get appointments that name nobody."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from appointments.enums import BLOCKING
from appointments.models import Appointment, AppointmentType
from appointments.selectors.appointments import DAY, midnight_of
from clinic.core.clock import clinic_day
from clinic.settings import rules as numbers
from doctors.enums import PresenceState
from doctors.models import Branch, Doctor

LATELY: Final = timedelta(days=7)  # who got an appointment that lies further back waits longest


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


def load_on(doctor_id: int, day: date) -> int:
    """Return how many appointments take a doctor's time on a day of the clinic's calendar."""
    start = midnight_of(day)
    rows = Appointment.objects.filter(doctor_id=doctor_id, state__in=BLOCKING)
    return rows.filter(starts_at__gte=start, starts_at__lt=start + DAY).count()


def _active_at(moment: datetime) -> Q:
    """Return the condition of a sign of life lately; who said himself that he is off is away."""
    said_off = Q(presence__state=PresenceState.OFFLINE, presence__resumes_as="")
    since = moment - numbers.PRESENCE_HARD_TIMEOUT
    return Q(presence__heartbeat_at__gt=since) & ~said_off


def by_load(rows: QuerySet[Doctor], starts_at: datetime, moment: datetime) -> list[Doctor]:
    """Return the doctors, first who has the least to do on that day beside his limit.

    Then who is active now, as far as his devices told within half an hour, who got no appointment
    for longest, the better rated, the older row.
    """
    start = midnight_of(clinic_day(starts_at))
    on_day = Q(
        appointments__state__in=BLOCKING,
        appointments__starts_at__gte=start,
        appointments__starts_at__lt=start + DAY,
    )
    limit = Coalesce(F("max_appointments"), Value(numbers.APPOINTMENT_MAX_LOAD))
    lately = Q(appointments__starts_at__gte=start - LATELY)
    counted = rows.annotate(
        share=Count("appointments", filter=on_day) * Value(10_000) / limit,
        is_away=Case(When(_active_at(moment), then=0), default=1),
        given_at=Max("appointments__created_at", filter=lately),
    )
    return list(
        counted.order_by(
            "share", "is_away", F("given_at").asc(nulls_first=True), "-rating_average", "id"
        )
    )
