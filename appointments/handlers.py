"""What appointments do when something happened below. Every handler may run twice."""

from appointments import tasks
from appointments.events import (
    AppointmentConfirmed,
    AppointmentStepped,
    PlaceFreed,
    WaitingListMoved,
)
from appointments.selectors.appointments import SUBJECT_KIND, by_public_id
from appointments.selectors.ratings import branch_of_review
from appointments.services.holding import note_full_refund, release_unpaid, settle_paid
from appointments.services.knowing import note_known
from appointments.services.reminding import plan_reminders
from appointments.services.reviewing import count_for_branch
from appointments.services.telling import tell
from clinic.core.events import handles
from clinic.reviews.events import ReviewChanged, ReviewPosted
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
