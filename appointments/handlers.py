"""What appointments do when something happened below. Every handler may run twice."""

from collections.abc import Iterable
from datetime import date

from appointments import tasks
from appointments.enums import Displacement
from appointments.events import (
    AppointmentConfirmed,
    AppointmentHit,
    AppointmentStepped,
    PlaceFreed,
    WaitingListMoved,
)
from appointments.selectors.appointments import SUBJECT_KIND, by_public_id
from appointments.selectors.due import keys_of, open_ids_of_patient, without_consent
from appointments.selectors.hits import at_branches, in_time_of, of_day, of_doctor
from appointments.selectors.ratings import branch_of_review
from appointments.services.cancelling import cancel_without_consent, cancel_without_patient
from appointments.services.displacing import displace
from appointments.services.holding import note_full_refund, release_unpaid, settle_paid
from appointments.services.knowing import note_known
from appointments.services.reminding import plan_reminders
from appointments.services.reviewing import count_for_branch
from appointments.services.telling import tell
from clinic.accounts.events import AccountAnonymised
from clinic.core.clock import now
from clinic.core.events import handles, publish
from clinic.patients.events import ConsentRevoked
from clinic.reviews.events import ReviewChanged, ReviewPosted
from doctors.events import (
    BranchClosed,
    DoctorSuspended,
    LeaveCancelled,
    LeaveEntered,
    SpecialDayEntered,
)
from doctors.models import Leave
from payments.events import OrderClosed, OrderPaid, RefundSucceeded


@handles(OrderPaid)
def give_paid_place(fact: OrderPaid) -> None:
    """Give the held place to its patient; the money of one that is over goes back."""
    if fact.subject_kind != SUBJECT_KIND:
        return
    appointment = by_public_id(fact.subject_public_id)
    if appointment is not None:
        settle_paid(appointment.pk)


@handles(OrderClosed)
def release_unpaid_place(fact: OrderClosed) -> None:
    """Free the place whose order was not paid."""
    if fact.subject_kind != SUBJECT_KIND:
        return
    appointment = by_public_id(fact.subject_public_id)
    if appointment is not None and appointment.order_id == fact.order_id:
        release_unpaid(appointment.pk)


@handles(RefundSucceeded)
def cancel_refunded(fact: RefundSucceeded) -> None:
    """Cancel an appointment that still stands though all its money went back."""
    if fact.subject_kind != SUBJECT_KIND or not fact.is_full:
        return
    appointment = by_public_id(fact.subject_public_id)
    if appointment is not None:
        note_full_refund(appointment.pk)


@handles(AppointmentConfirmed)
def make_known(fact: AppointmentConfirmed) -> None:
    """Let the doctor know the patient from the confirmation on."""
    note_known(fact.appointment_id)


@handles(PlaceFreed)
def give_freed_place(fact: PlaceFreed) -> None:
    """Give the place to who waits for it: a task, each offer is a transaction of its own."""
    tasks.fill_places.delay_on_commit(fact.doctor_id)  # type: ignore[attr-defined]


@handles(WaitingListMoved)
def tell_waiting_list(fact: WaitingListMoved) -> None:
    """Tell those who wait where they stand now."""
    told = fact.kind_id, fact.branch_id
    tasks.tell_waiting.delay_on_commit(*told)  # type: ignore[attr-defined]


@handles(AppointmentStepped)
def tell_people(fact: AppointmentStepped) -> None:
    """Leave the notices of a step."""
    tell(fact)


@handles(AppointmentStepped)
def keep_reminders(fact: AppointmentStepped) -> None:
    """Make, remake or drop the reminders of an appointment."""
    plan_reminders(fact.appointment_id)


@handles(ReviewPosted)
def count_new_review(fact: ReviewPosted) -> None:
    """Bring the rating of the branch up to date."""
    _count_review(fact.review_id)


@handles(ReviewChanged)
def count_changed_review(fact: ReviewChanged) -> None:
    """Bring the rating of the branch up to date."""
    _count_review(fact.review_id)


def _count_review(review_id: int) -> None:
    branch_id = branch_of_review(review_id)
    if branch_id is not None:
        count_for_branch(branch_id)


@handles(LeaveEntered)
def free_time_of_leave(fact: LeaveEntered) -> None:
    """Say of each appointment in a leave that it is hit; each finds its way by itself."""
    leave = Leave.objects.filter(pk=fact.leave_id, cancelled_at=None).first()
    if leave is None:
        return
    rows = in_time_of(leave.doctor_id, leave.starts_at, leave.ends_at, now())
    _hit(rows.values_list("pk", flat=True), Displacement.LEAVE)


@handles(LeaveCancelled)
def offer_time_again(fact: LeaveCancelled) -> None:
    """Tell the waiting list that the doctor is there after all."""
    publish(PlaceFreed(doctor_id=fact.doctor_id))


@handles(DoctorSuspended)
def leave_suspended_doctor(fact: DoctorSuspended) -> None:
    """Say of each appointment of the doctor that it is hit."""
    rows = of_doctor(fact.doctor_id, now())
    _hit(rows.values_list("pk", flat=True), Displacement.STOPPED)


@handles(SpecialDayEntered)
def clear_special_day(fact: SpecialDayEntered) -> None:
    """Say of each appointment of a date that lives by other hours that it may be hit.

    Hours may be new, or a closed day open again: who waits is looked at as well.
    """
    day = date.fromisoformat(fact.date)
    publish(PlaceFreed(doctor_id=fact.doctor_id or 0))
    _hit(of_day(day, fact.doctor_id, fact.branch_id, now()), Displacement.CLOSED)


@handles(BranchClosed)
def leave_closed_branch(fact: BranchClosed) -> None:
    """Say of each appointment at the branch, and of who waits there, that it is hit."""
    rows = at_branches([fact.branch_id], now())
    _hit(rows.values_list("pk", flat=True), Displacement.BRANCH_CLOSED)


def _hit(keys: Iterable[int], why: Displacement) -> None:
    for key in keys:
        publish(AppointmentHit(appointment_id=key, why=why.value))


@handles(AppointmentHit)
def find_another_doctor(fact: AppointmentHit) -> None:
    """Give the appointment to another doctor, or end it."""
    displace(fact.appointment_id, why=Displacement(fact.why))


@handles(ConsentRevoked)
def end_unaccepted(fact: ConsentRevoked) -> None:
    """End what rests on the consent and is not accepted."""
    for key in keys_of(without_consent(person_id=fact.person_id)):
        cancel_without_consent(key)


@handles(AccountAnonymised)
def cancel_for_deleted_account(fact: AccountAnonymised) -> None:
    """Cancel what somebody who deleted his account had booked."""
    for key in open_ids_of_patient(fact.user_id):
        cancel_without_patient(key)
