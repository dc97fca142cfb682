"""Whose presence or duty the sweep must set right."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Q, QuerySet

from clinic.core.clock import clinic_time
from clinic.settings import rules
from doctors.enums import PresenceState
from doctors.models import Doctor, DoctorPresence, ServiceHours
from doctors.rules import Opening, Stretch, opening


def silent(moment: datetime) -> list[int]:
    """Return the doctors who claim to be there and whose devices stopped beating."""
    return list(
        DoctorPresence.objects.filter(heartbeat_at__lte=moment - rules.PRESENCE_SILENCE)
        .exclude(state=PresenceState.OFFLINE)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def long_silent(moment: datetime) -> QuerySet[DoctorPresence]:
    """Return the presences that no heartbeat may bring back any more."""
    return DoctorPresence.objects.filter(
        heartbeat_at__lte=moment - rules.PRESENCE_HARD_TIMEOUT
    ).exclude(resumes_as="")


def duty_out_of_date(moment: datetime) -> list[int]:
    """Return the doctors whose row says another duty than presence and hours do; two queries."""
    rows = Doctor.objects.filter(Q(presence__state=PresenceState.ONLINE) | Q(is_on_duty=True))
    stored = list(
        rows.order_by("pk").values_list("pk", "presence__state", "is_on_duty", "duty_ends_at")
    )
    hours = _hours_of_online_doctors()
    local = clinic_time(moment)
    wrong: list[int] = []
    for doctor_id, state, is_on_duty, ends_at in stored:
        is_online = state == PresenceState.ONLINE
        due = opening(hours.get(doctor_id, []), local) if is_online else Opening(is_open=False)
        if (due.is_open, due.ends_at) != (is_on_duty, ends_at):
            wrong.append(doctor_id)
    return wrong


def _hours_of_online_doctors() -> dict[int, list[Stretch]]:
    rows = ServiceHours.objects.filter(doctor__presence__state=PresenceState.ONLINE)
    hours: dict[int, list[Stretch]] = defaultdict(list)
    for doctor_id, weekday, start, end in rows.values_list("doctor_id", "weekday", "start", "end"):
        hours[doctor_id].append(Stretch(weekday=weekday, start=start, end=end))
    return hours
