"""Why an assignment found nobody."""

from datetime import datetime

from django.db.models import Count, F, Q

from clinic.settings import rules
from doctors.enums import NoDoctorReason, PresenceState
from doctors.models import Doctor
from doctors.rules import Wanted


def why_nobody(wanted: Wanted, now: datetime) -> NoDoctorReason:
    """Return the first condition that nobody passed, widest condition first; one query.

    "All full" also stands for a place that got free between the try and this look.
    """
    everybody = Doctor.objects
    rows = everybody.allowed_to_call(now) if wanted.by_phone else everybody.allowed_to_work(now)
    if wanted.doctor_id is not None:
        rows = rows.filter(pk=wanted.doctor_id)
    passed = Q()
    counts = {}
    for reason, condition in _conditions(wanted, now):
        passed &= condition
        counts[reason.value] = Count("pk", filter=passed)
    left = rows.aggregate(**counts)
    return next(
        (NoDoctorReason(reason) for reason, count in left.items() if not count),
        NoDoctorReason.ALL_FULL,
    )


def _conditions(wanted: Wanted, now: datetime) -> list[tuple[NoDoctorReason, Q]]:
    low, high = wanted.ranks
    any_department = wanted.department_id is None
    return [
        (
            NoDoctorReason.NOBODY_ONLINE,
            Q(
                presence__state=PresenceState.ONLINE,
                presence__heartbeat_at__gt=now - rules.PRESENCE_SILENCE,
            ),
        ),
        (
            NoDoctorReason.OUTSIDE_HOURS,
            Q(is_on_duty=True) & (Q(duty_ends_at=None) | Q(duty_ends_at__gt=now)),
        ),
        (
            NoDoctorReason.NONE_OF_DEPARTMENT,
            Q(pk__isnull=False) if any_department else Q(department_id=wanted.department_id),
        ),
        (NoDoctorReason.NONE_OF_LEVEL, Q(level_rank__range=(low, high))),
        (NoDoctorReason.BLOCKED, ~Q(pk__in=wanted.excluded_doctor_ids)),
        (NoDoctorReason.ALL_FULL, Q(current_consultation_count__lt=F("place_limit"))),
    ]
