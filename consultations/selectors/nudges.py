"""Which doctors can be asked to come online for a waiting case."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, When

from clinic.core.clock import clinic_time
from clinic.settings import rules as numbers
from consultations.enums import State
from consultations.models import Consultation, Nudge
from doctors.enums import LEVEL_RANKS, Level
from doctors.models import Doctor, ServiceHours
from doctors.rules import Stretch, opening

CANDIDATES = 50  # looked at for their hours


def to_nudge(now: datetime) -> QuerySet[Consultation]:
    """Waiting cases whose next round of notices may be due."""
    lately = Nudge.objects.filter(
        consultation=OuterRef("pk"), at__gt=now - numbers.NUDGE_EVERY + timedelta(seconds=1)
    )
    rounds = Count("nudges__number", distinct=True)
    return (
        Consultation.objects.filter(
            state=State.WAITING_ASSIGNMENT, paid_at__lte=now - numbers.NUDGE_AFTER
        )
        .exclude(Exists(lately))
        .annotate(rounds=rounds)
        .filter(rounds__lte=numbers.NUDGE_ROUNDS)
    )


def last_round(consultation_id: int) -> tuple[int, datetime | None]:
    """Return the number of the last round of a case, 0 for none, and when it was."""
    found = Nudge.objects.filter(consultation_id=consultation_id).aggregate(
        number=Max("number"), at=Max("at")
    )
    return found["number"] or 0, found["at"]


def asked_lately(doctor_ids: Collection[int], now: datetime) -> set[int]:
    """Return which of these doctors were asked within NUDGE_EVERY, for whatever case."""
    rows = Nudge.objects.filter(doctor__in=doctor_ids, at__gt=now - numbers.NUDGE_EVERY)
    return set(rows.values_list("doctor_id", flat=True))


def doctors_to_nudge(case: Consultation, excluded: Collection[int], now: datetime) -> list[Doctor]:
    """Return doctors who fit, have room and are within their hours, but are not there.

    Whoever is there gets the case by assignment. Nobody is asked twice within NUDGE_EVERY,
    whatever the case; same department first, then who was there last.
    """
    asked = Nudge.objects.filter(doctor=OuterRef("pk"), at__gt=now - numbers.NUDGE_EVERY)
    rows = (
        Doctor.objects.allowed_to_work(now)
        .with_room()
        .exclude(pk__in=Doctor.objects.on_duty(now).values("pk"))
        .exclude(pk__in=excluded)
        .exclude(Exists(asked))
        .filter(_fits(case))
        .select_related("user")
        .order_by(
            Case(When(department_id=case.department_id or 0, then=0), default=1),
            F("presence__heartbeat_at").desc(nulls_last=True),
            "id",
        )
    )
    candidates = list(rows[:CANDIDATES])
    open_now = _within_hours([doctor.pk for doctor in candidates], now)
    return [doctor for doctor in candidates if doctor.pk in open_now][: numbers.NUDGE_DOCTORS]


def _fits(case: Consultation) -> Q:
    if case.doctor_id is not None:
        return Q(pk=case.doctor_id)
    if case.wanted_level:
        return Q(level_rank__gte=LEVEL_RANKS[Level(case.wanted_level)])
    return Q()


def _within_hours(doctor_ids: Collection[int], now: datetime) -> set[int]:
    stretches = defaultdict(list)
    rows = ServiceHours.objects.filter(doctor_id__in=doctor_ids)
    for doctor_id, weekday, start, end in rows.values_list("doctor_id", "weekday", "start", "end"):
        stretches[doctor_id].append(Stretch(weekday=weekday, start=start, end=end))
    local = clinic_time(now)
    return {pk for pk in doctor_ids if opening(stretches[pk], local).is_open}
