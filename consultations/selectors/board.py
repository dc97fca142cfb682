"""What the assignment board shows: who waits and why, who could take him."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, Min, OuterRef, Prefetch, Q, Subquery, When

from clinic.core.clock import clinic_time
from clinic.core.masking import mask_name
from clinic.settings import rules as numbers
from consultations.enums import StaffTask, State
from consultations.models import AssignmentAttempt, Consultation, Nudge, StaffCare
from consultations.rules import escalation_step
from doctors.enums import PresenceState
from doctors.models import Doctor

WAITING_SHOWN = 100
DOCTORS_SHOWN = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingCase:
    """A case in the queue. ``level`` is how many escalation marks it has passed (0 to 3)."""

    pk: int
    public_id: UUID
    department: str
    wanted_level: str
    chosen_doctor: str
    waited: timedelta
    level: int
    hops: int
    tries: int
    reason: str
    is_instant: bool
    patient: str
    rounds: int
    in_hand_of: str
    in_hand_of_id: int | None
    has_red_flags: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OverdueCase:
    """A case whose doctor lets the patient wait: he has not accepted, or not replied in time.

    ``level`` is as in ``WaitingCase``; a reply that is overdue stands at the last mark.
    """

    pk: int
    public_id: UUID
    patient: str
    department: str
    doctor: str
    is_accepted: bool
    waited: timedelta
    level: int
    held_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DoctorLoad:
    """A doctor who is there or has patients."""

    public_id: UUID
    name: str
    title: str
    department: str
    presence: str
    load: int
    limit: int
    is_assignable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadWarnings:
    """Names of doctors near or at their limit, and whether there is nobody to give a case to."""

    near: list[str]
    nobody_there: bool
    all_full: bool


def waiting_cases(now: datetime) -> list[WaitingCase]:
    """Return the queue, oldest payment first, at most 100."""
    tries = AssignmentAttempt.objects.filter(consultation=OuterRef("pk")).order_by("-id")
    counted = tries.order_by().values("consultation").annotate(n=Count("pk")).values("n")
    rounds = Nudge.objects.filter(consultation=OuterRef("pk")).order_by("-number")
    rows = (
        Consultation.objects.waiting()
        .select_related("department", "doctor", "patient")
        .annotate(
            last_reason=Subquery(tries.values("reason")[:1]),
            try_count=Subquery(counted),
            nudge_rounds=Subquery(rounds.values("number")[:1]),
        )
        .prefetch_related(
            Prefetch(
                "cares",
                queryset=StaffCare.objects.filter(ended_at=None).select_related("staff"),
                to_attr="open_cares",
            )
        )
    )
    return [_waiting(row, now) for row in rows[:WAITING_SHOWN]]


def overdue_cases(now: datetime) -> list[OverdueCase]:
    """Return cases that nobody accepted by the first mark, or with a reply overdue; longest first.

    A patient waits from his payment on, however often his case was offered.
    """
    mark = now - numbers.ESCALATE_WAITING_AFTER[0]
    offered = Q(state=State.WAITING_ACCEPT) & (Q(paid_at__lte=mark) | Q(state_since__lte=mark))
    silent = Q(state=State.IN_PROGRESS, staff_task=StaffTask.NO_REPLY)
    rows = Consultation.objects.filter(offered | silent).select_related(
        "department", "doctor", "patient"
    )
    found = [_overdue(row, now) for row in rows.order_by("state_since")[:WAITING_SHOWN]]
    return sorted(found, key=lambda case: case.waited, reverse=True)


def load_warnings(doctors: Sequence[DoctorLoad]) -> LoadWarnings:
    """Return what the loads of the doctors shown say: who is near his limit, whether all are full.

    Only doctors who are online count for the last two.
    """
    there = [doctor for doctor in doctors if doctor.presence == PresenceState.ONLINE]
    return LoadWarnings(
        near=[
            doctor.name
            for doctor in doctors
            if 100 * doctor.load >= numbers.DOCTOR_NEAR_LIMIT_PERCENT * doctor.limit
        ],
        nobody_there=not there,
        all_full=bool(there) and all(doctor.load >= doctor.limit for doctor in there),
    )


def doctors_now(now: datetime) -> list[DoctorLoad]:
    """Return doctors who may work or have patients, at most 200.

    Those who are there come first, then those who are away; each group least loaded first.
    """
    able = set(Doctor.objects.assignable(now).values_list("pk", flat=True)[:DOCTORS_SHOWN])
    there = Doctor.objects.listed().online(now).values("pk")
    rank = Case(
        When(pk__in=there, then=0),
        When(presence__state=PresenceState.BUSY, then=0),
        When(current_consultation_count__gt=0, then=0),
        default=1,
    )
    rows = Doctor.objects.filter(
        Q(pk__in=Doctor.objects.allowed_to_work(now).values("pk"))
        | Q(current_consultation_count__gt=0)
    )
    rows = rows.select_related("department", "presence").annotate(rank=rank).by_load("rank")
    return [_doctor(row, able) for row in rows[:DOCTORS_SHOWN]]


def held_count() -> int:
    """Return how many cases are on hold."""
    return Consultation.objects.filter(held_until__isnull=False).count()


def counts_by_state() -> Mapping[str, int]:
    """Return how many cases stand in each open state."""
    rows = Consultation.objects.open().values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows.order_by()}


def oldest_waiting_since() -> datetime | None:
    """Return when the longest waiting case was paid; None when nobody waits."""
    found: datetime | None = Consultation.objects.filter(state=State.WAITING_ASSIGNMENT).aggregate(
        oldest=Min("paid_at")
    )["oldest"]
    return found


def day_counts(now: datetime) -> Mapping[str, int]:
    """Return the cases of the clinic's day: paid, completed, closed with refund, for staff."""
    midnight = clinic_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    ended = Q(ended_at__gte=midnight)
    return Consultation.objects.filter(
        Q(paid_at__gte=midnight) | ended | ~Q(staff_task=StaffTask.NONE)
    ).aggregate(
        paid=Count("pk", filter=Q(paid_at__gte=midnight)),
        completed=Count("pk", filter=ended & Q(state=State.COMPLETED)),
        refunded=Count("pk", filter=ended & Q(state=State.REFUNDED_CLOSED)),
        for_staff=Count("pk", filter=~Q(staff_task=StaffTask.NONE)),
    )


def _waiting(row: Consultation, now: datetime) -> WaitingCase:
    waited = now - (row.paid_at or row.state_since)
    care = next(iter(getattr(row, "open_cares", ())), None)
    return WaitingCase(
        pk=row.pk,
        public_id=row.public_id,
        department=row.department.name if row.department else "",
        wanted_level=str(row.get_wanted_level_display()) if row.wanted_level else "",
        chosen_doctor=row.doctor.name if row.doctor else "",
        waited=waited,
        level=escalation_step(waiting=waited),
        hops=row.hops,
        tries=getattr(row, "try_count", None) or 0,
        reason=getattr(row, "last_reason", None) or "",
        is_instant=row.is_instant,
        patient=mask_name(row.patient.name),
        rounds=getattr(row, "nudge_rounds", None) or 0,
        in_hand_of=care.staff.name if care else "",
        in_hand_of_id=care.staff_id if care else None,
        has_red_flags=row.has_red_flags,
    )


def _overdue(row: Consultation, now: datetime) -> OverdueCase:
    is_accepted = row.state == State.IN_PROGRESS
    since = (row.unanswered_since if is_accepted else row.paid_at) or row.state_since
    marks = len(numbers.ESCALATE_WAITING_AFTER)
    return OverdueCase(
        pk=row.pk,
        public_id=row.public_id,
        patient=mask_name(row.patient.name),
        department=row.department.name if row.department else "",
        doctor=row.doctor.name if row.doctor else "",
        is_accepted=is_accepted,
        waited=now - since,
        level=marks if is_accepted else escalation_step(waiting=now - since),
        held_until=row.held_until,
    )


def _doctor(row: Doctor, able: set[int]) -> DoctorLoad:
    presence = getattr(row, "presence", None)
    return DoctorLoad(
        public_id=row.public_id,
        name=row.name,
        title=str(row.get_level_display()),
        department=row.department.name,
        presence=presence.state if presence else PresenceState.OFFLINE,
        load=row.current_consultation_count,
        limit=row.place_limit,
        is_assignable=row.pk in able,
    )
