"""What consultations do when something happened below. Every handler may run twice."""

from chat.events import FirstReplySent
from clinic.core.actor import system_actor
from clinic.core.events import handles, publish
from clinic.patients.events import ConsentRevoked
from consultations.enums import Trigger
from consultations.events import (
    ConsultationAbandoned,
    ConsultationAccepted,
    ConsultationCompleted,
    ConsultationReturned,
    DoctorHasRoom,
)
from consultations.selectors.consultations import SUBJECT_KIND, by_public_id, id_of_topic
from consultations.selectors.repairs import ids_with_doctor
from consultations.services.acceptance import accept_by_first_reply, leave_suspended_doctor
from consultations.services.assignment import assign_next_to, try_assign
from consultations.services.cancelling import expire, respect_revocation
from consultations.services.knowing import note_known
from consultations.services.ordering import open_paid
from consultations.services.refunding import note_full_refund, tell_arrived
from doctors.events import DoctorBecameFree, DoctorCameOnline, DoctorSuspended
from payments.events import OrderClosed, OrderPaid, RefundSucceeded

REFUNDS = system_actor("refund")


@handles(OrderPaid)
def open_and_assign(fact: OrderPaid) -> None:
    """Queue the paid case and look for a doctor at once."""
    if fact.subject_kind != SUBJECT_KIND:
        return
    consultation = by_public_id(fact.subject_public_id)
    if consultation is not None and open_paid(consultation.pk):
        try_assign(consultation.pk, trigger=Trigger.PAYMENT)


@handles(OrderClosed)
def expire_unpaid(fact: OrderClosed) -> None:
    """End the case whose order was not paid."""
    if fact.subject_kind != SUBJECT_KIND:
        return
    consultation = by_public_id(fact.subject_public_id)
    if consultation is not None and consultation.order_id == fact.order_id:
        expire(consultation.pk)


@handles(RefundSucceeded)
def close_refunded(fact: RefundSucceeded) -> None:
    """Close a case that still goes on though all its money went back."""
    if fact.subject_kind != SUBJECT_KIND or not fact.is_full:
        return
    consultation = by_public_id(fact.subject_public_id)
    if consultation is not None:
        note_full_refund(consultation.pk, actor=REFUNDS)


@handles(RefundSucceeded)
def tell_refund_arrived(fact: RefundSucceeded) -> None:
    """Tell the patient of the case that money is back."""
    if fact.subject_kind != SUBJECT_KIND:
        return
    consultation = by_public_id(fact.subject_public_id)
    if consultation is not None:
        tell_arrived(consultation.pk, refund_id=fact.refund_id)


@handles(DoctorCameOnline)
def serve_waiting_when_online(fact: DoctorCameOnline) -> None:
    """Give a doctor who came online the case that waits longest."""
    assign_next_to(fact.doctor_id, trigger=Trigger.DOCTOR_ONLINE)


@handles(DoctorBecameFree)
def serve_waiting_when_free(fact: DoctorBecameFree) -> None:
    """Give a doctor with a free place the case that waits longest."""
    assign_next_to(fact.doctor_id, trigger=Trigger.DOCTOR_FREE)


@handles(DoctorHasRoom)
def serve_next_waiting(fact: DoctorHasRoom) -> None:
    """Go on with the next case that waits."""
    assign_next_to(fact.doctor_id, trigger=Trigger.DOCTOR_FREE)


@handles(DoctorSuspended)
def part_from_patients(fact: DoctorSuspended) -> None:
    """Say of each case of the doctor that it needs another one; each moves by itself."""
    for consultation_id in ids_with_doctor(fact.doctor_id):
        publish(ConsultationAbandoned(consultation_id=consultation_id))


@handles(ConsultationAbandoned)
def queue_abandoned(fact: ConsultationAbandoned) -> None:
    """Give the case back to the queue."""
    leave_suspended_doctor(fact.consultation_id)


@handles(ConsultationReturned)
def find_another_doctor(fact: ConsultationReturned) -> None:
    """Look for another doctor at once."""
    try_assign(fact.consultation_id, trigger=Trigger.RETURN)


@handles(ConsentRevoked)
def end_unaccepted(fact: ConsentRevoked) -> None:
    """End what was ordered on the consent and not accepted; tell the doctor of what goes on."""
    respect_revocation(fact.person_id)


@handles(FirstReplySent)
def accept_on_first_reply(fact: FirstReplySent) -> None:
    """Take the doctor's first message as acceptance."""
    consultation_id = id_of_topic(fact.topic)
    if consultation_id is not None:
        accept_by_first_reply(consultation_id, user_id=fact.user_id)


@handles(ConsultationAccepted)
def make_known(fact: ConsultationAccepted) -> None:
    """Put the patient into the list of the doctor who took the case."""
    note_known(fact.consultation_id, doctor_id=fact.doctor_id)


@handles(ConsultationCompleted)
def note_completed(fact: ConsultationCompleted) -> None:
    """Note the completed case in the relation of both."""
    note_known(fact.consultation_id, doctor_id=fact.doctor_id, is_completed=True)
