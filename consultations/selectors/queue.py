"""The queue for a doctor and the deadlines that have passed."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from clinic.core.clock import clinic_day
from clinic.core.clock import now as current_moment
from clinic.settings import rules as numbers
from consultations.enums import (
    INVALID_STATES,
    PHONE_KINDS,
    CallOutcome,
    StaffTask,
    State,
    TransferState,
)
from consultations.models import Assignment, Consultation, PhoneCall
from consultations.rules.children import youngest_birthday_of_the_rest
from doctors.enums import LEVEL_RANKS
from doctors.models import Doctor
from payments.enums import OrderStatus

LAST_PATIENT = "conversation__last_patient_message_at"


def waiting_ids(limit: int) -> list[int]:
    """Return cases that wait for a doctor, oldest payment first.

    Those not tried for longest are chosen, so that old cases nobody can take do not block the rest.
    """
    waiting = Consultation.objects.filter(state=State.WAITING_ASSIGNMENT)
    rested = waiting.order_by(F("tried_at").asc(nulls_first=True), "paid_at", "pk")
    chosen = list(rested.values_list("paid_at", "pk")[:limit])
    return [pk for _paid_at, pk in sorted(chosen)]


def waiting_ids_for(doctor_id: int, limit: int) -> list[int]:
    """Return the waiting cases that this doctor could take, oldest first.

    Level, age and earlier assignments are looked at here; the strategy decides.
    """
    wanted = ("level_rank", "is_text_open", "is_phone_open", "department__sees_children")
    doctors = Doctor.objects.select_related("department").only(*wanted)
    doctor = doctors.filter(pk=doctor_id).first()
    if doctor is None:
        return []
    levels = ["", *(level for level, rank in LEVEL_RANKS.items() if rank <= doctor.level_rank)]
    tried = Assignment.objects.filter(consultation=OuterRef("pk"), doctor_id=doctor_id)
    waiting = Consultation.objects.waiting().filter(
        Q(doctor_id=doctor_id) | Q(doctor=None, wanted_level__in=levels)
    )
    if not doctor.is_phone_open:
        waiting = waiting.exclude(kind__in=PHONE_KINDS)
    elif not doctor.is_text_open:
        waiting = waiting.filter(kind__in=PHONE_KINDS)
    if not doctor.department.sees_children:
        oldest = youngest_birthday_of_the_rest(clinic_day(current_moment()))
        waiting = waiting.filter(person__birthday__lte=oldest)
    return list(waiting.exclude(Exists(tried)).values_list("pk", flat=True)[:limit])


def paid_but_not_opened(limit: int) -> list[int]:
    """Return cases whose order holds money while they still wait for payment, for repair."""
    return list(
        Consultation.objects.filter(
            state=State.PENDING_PAYMENT,
            order__status__in=[OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED],
        )
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )


def late_money(limit: int) -> list[int]:
    """Return cases that closed without service while their order holds money nobody gives back."""
    return list(
        Consultation.objects.filter(
            state__in=INVALID_STATES,
            paid_at=None,
            order__status__in=[OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED],
            order__paid_fen__gt=F("order__refund_reserved_fen"),
        )
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )


def unpaid_too_long(now: datetime) -> QuerySet[Consultation]:
    """Orders whose time to pay is over."""
    return Consultation.objects.filter(state=State.PENDING_PAYMENT, pay_by__lte=now)


def nobody_found(now: datetime) -> QuerySet[Consultation]:
    """Cases for which the search is over."""
    return Consultation.objects.filter(state=State.WAITING_ASSIGNMENT, assign_by__lte=now)


def not_accepted(now: datetime) -> QuerySet[Consultation]:
    """Cases whose doctor did not accept in time."""
    return Consultation.objects.filter(state=State.WAITING_ACCEPT, accept_by__lte=now)


def service_over(now: datetime) -> QuerySet[Consultation]:
    """Running cases past their time where neither a reply nor a decision is waited for."""
    return Consultation.objects.filter(
        state=State.IN_PROGRESS, service_until__lte=now, unanswered_since=None, held_since=None
    ).exclude(staff_task=StaffTask.CALL_MISSED)


def reply_overdue(now: datetime) -> QuerySet[Consultation]:
    """Running cases whose patient waits too long for a reply."""
    return Consultation.objects.filter(
        state=State.IN_PROGRESS, reply_due_at__lte=now, held_since=None
    )


def hold_over(now: datetime) -> QuerySet[Consultation]:
    """Cases whose time on hold is over."""
    return Consultation.objects.filter(held_until__lte=now)


def transfer_unanswered(now: datetime) -> QuerySet[Consultation]:
    """Cases that were offered to a colleague who did not answer in time."""
    return Consultation.objects.filter(
        transfers__state=TransferState.OFFERED, transfers__answer_by__lte=now
    )


def to_escalate(now: datetime) -> QuerySet[Consultation]:
    """Waiting cases that have passed a mark nobody was told about."""
    due = Q(pk=None)
    for step, mark in enumerate(numbers.ESCALATE_WAITING_AFTER, start=1):
        due |= Q(escalation__lt=step, paid_at__lte=now - mark)
    return Consultation.objects.filter(due, state=State.WAITING_ASSIGNMENT)


def newly_unanswered() -> QuerySet[Consultation]:
    """Running cases where the patient wrote last and the clock does not run yet."""
    talked = PhoneCall.objects.filter(
        consultation=OuterRef("pk"),
        doctor=OuterRef("doctor"),
        outcome=CallOutcome.TALKED,
        answered_at__gte=OuterRef(LAST_PATIENT),
    )
    answered = Q(conversation__last_doctor_message_at__gte=F(LAST_PATIENT)) | Q(
        Q(kind__in=PHONE_KINDS) & Exists(talked)
    )
    return Consultation.objects.filter(
        state=State.IN_PROGRESS,
        unanswered_since=None,
        conversation__last_patient_message_at__isnull=False,
    ).exclude(answered)


def newly_answered() -> QuerySet[Consultation]:
    """Running cases whose clock runs though the doctor has replied since."""
    return Consultation.objects.filter(
        state=State.IN_PROGRESS,
        unanswered_since__isnull=False,
        conversation__last_doctor_message_at__gte=F("unanswered_since"),
    )


def for_staff() -> QuerySet[Consultation]:
    """Cases that staff must look at, longest first."""
    return Consultation.objects.exclude(staff_task=StaffTask.NONE).order_by("state_since")
