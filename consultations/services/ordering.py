"""From a draft to a paid case in the queue."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.core.actor import Actor, system_actor
from clinic.core.clock import clinic_day
from clinic.core.clock import now as current_moment
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.patients.services.consents import use_consents
from clinic.patients.services.real_name import locked_person, require_real_name
from clinic.relations.enums import Side
from clinic.relations.errors import BlockedError
from clinic.relations.selectors.relations import who_blocks
from clinic.settings import rules as numbers
from consultations.enums import INVALID_STATES, MOVES, Reason, State
from consultations.errors import (
    ComplaintMissingError,
    DoctorNotAvailableError,
    PhoneUnreachableError,
    UnknownChoiceError,
)
from consultations.gateways.calls import is_reachable
from consultations.models import Consultation
from consultations.rules import assign_by, is_phone
from consultations.selectors.consultations import SUBJECT_KIND
from consultations.selectors.doctors import able_doctors
from consultations.selectors.prices import price_for, service_of
from consultations.services import announcing
from consultations.services.children import check_guardian, check_sees_children
from consultations.services.refunding import send_back_late_money
from consultations.services.state import advance, locked, locked_with_order
from payments.enums import REFUNDABLE
from payments.models import PaymentOrder
from payments.selectors.prices import Price
from payments.services.orders import create_order

PAYMENT = system_actor("payment")


def create_order_for(consultation_id: int, *, actor: Actor) -> Consultation:
    """Freeze the price of a draft on an order and wait for the money. Repeating changes nothing.

    The account is locked, as changes of visit persons lock it: who was checked is who is treated.

    Raises UnknownChoiceError for a visit person who was removed since, ComplaintMissingError,
    BirthdayNeededError, GuardianNeededError, NoChildrenHereError, BlockedError,
    DoctorNotAvailableError, PhoneUnreachableError, RealNameNeededError, ConsentNeededError,
    PriceNotSetError, IllegalTransitionError.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        if consultation.state == State.PENDING_PAYMENT:
            return consultation
        check_move(MOVES, consultation.state, State.PENDING_PAYMENT)
        person = locked_person(consultation.patient_id, consultation.person_id)
        if not person.is_active:
            raise UnknownChoiceError("person_id", _("Choose one of your visit persons."))
        consultation.person = person
        now = current_moment()
        _check_orderable(consultation, now)
        require_real_name(person, now)
        use_consents(person, consultation_public_id=consultation.public_id, now=now)
        consultation.pay_by = now + numbers.UNPAID_ORDER_EXPIRES
        consultation.order = _order(consultation, actor, now)
        advance(consultation, State.PENDING_PAYMENT, actor=actor, reason=Reason.ORDERED, now=now)
    return consultation


def open_paid(consultation_id: int, *, actor: Actor = PAYMENT) -> bool:
    """Put a case whose order holds money into the queue; say whether it is newly there.

    Money for a case that ended unpaid goes straight back: it never revives. Repeatable.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        order = consultation.order
        if order is None or order.status not in REFUNDABLE:
            return False
        if consultation.state in INVALID_STATES and consultation.paid_at is None:
            send_back_late_money(consultation, actor=actor)
        if consultation.state != State.PENDING_PAYMENT:
            return False
        _enter_queue(consultation, order, actor)
    return True


def _enter_queue(consultation: Consultation, order: PaymentOrder, actor: Actor) -> None:
    now = current_moment()
    consultation.paid_at = order.paid_at or now
    consultation.assign_by = assign_by(paid_at=now, is_instant=consultation.is_instant)
    advance(consultation, State.WAITING_ASSIGNMENT, actor=actor, reason=Reason.PAID, now=now)
    announcing.tell_patient(consultation, NoticeKind.ORDER_PAID)


def _check_orderable(consultation: Consultation, now: datetime) -> None:
    if not consultation.complaint.strip():
        raise ComplaintMissingError
    if is_phone(consultation.kind) and not is_reachable(consultation.patient.phone):
        raise PhoneUnreachableError
    check_guardian(consultation, now=now)
    doctor_id = consultation.doctor_id
    if consultation.doctor is None or doctor_id is None:
        return
    blocks = who_blocks(doctor_id=doctor_id, patient_id=consultation.patient_id)
    if blocks is Side.PATIENT:
        raise BlockedError
    if blocks or not able_doctors(consultation.kind, now).filter(pk=doctor_id).exists():
        raise DoctorNotAvailableError
    check_sees_children(consultation.person, consultation.doctor, today=clinic_day(now))


def _order(consultation: Consultation, actor: Actor, now: datetime) -> PaymentOrder:
    return create_order(
        payer_id=consultation.patient_id,
        subject_kind=SUBJECT_KIND,
        subject_public_id=consultation.public_id,
        price=price_of(consultation, now=now),
        title=_("Phone consultation") if is_phone(consultation.kind) else _("Text consultation"),
        expires_at=consultation.pay_by or now,
        actor=actor,
    )


def price_of(consultation: Consultation, *, now: datetime) -> Price:
    """Return what a case costs now. Raises PriceNotSetError."""
    department = consultation.department
    return price_for(
        consultation.doctor,
        level=consultation.wanted_level,
        department_code=department.code if department else "",
        service=service_of(consultation.kind),
        now=now,
    )
