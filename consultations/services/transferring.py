"""A doctor, or staff for him, offers his case to a colleague; it moves when he accepts."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_time
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.relations.selectors.relations import who_blocks
from clinic.settings import rules as numbers
from consultations.enums import (
    MOVES,
    WITH_DOCTOR,
    DeclineReason,
    How,
    Reason,
    StaffTask,
    State,
    TransferReason,
    TransferState,
    Trigger,
)
from consultations.errors import (
    DoctorHasNoRoomError,
    TransferLimitError,
    TransferOpenError,
    TransferOverError,
    TransferRefusedError,
    UnknownChoiceError,
)
from consultations.events import ConsultationAccepted
from consultations.models import Consultation, Transfer
from consultations.rules import is_phone
from consultations.selectors.doctors import able_doctors
from consultations.services import announcing, places
from consultations.services.acceptance import check_doctor
from consultations.services.children import check_sees_children
from consultations.services.revisit import ask_for_earlier_diagnosis, note_check
from consultations.services.state import advance, locked, locked_if_free
from doctors.models import Doctor
from doctors.selectors import get_doctor
from doctors.services.identity import check_may_accept
from doctors.services.load import TakenPlace, Wanted, lock_doctors, take_first

STEP = "taken_over"


def offer_transfer(
    consultation_id: int, *, to: UUID, reason: TransferReason, note: str, actor: Actor
) -> Transfer:
    """Offer the doctor's own case to a colleague, who must answer within TRANSFER_ACCEPT_WITHIN.

    The case and its clock stay where they are meanwhile. Raises NotFoundError,
    IllegalTransitionError, UnknownChoiceError, TransferOpenError, TransferLimitError,
    TransferRefusedError, NoChildrenHereError.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        check_doctor(consultation, actor)
        return _offer(consultation, to=to, reason=reason, note=note, actor=actor)


def offer_for_staff(consultation_id: int, *, to: UUID, actor: Actor) -> Transfer:
    """Offer a case to a doctor on behalf of the one who has it. Raises like offer_transfer."""
    with transaction.atomic():
        consultation = locked(consultation_id)
        made = _offer(consultation, to=to, reason=TransferReason.OTHER, note="", actor=actor)
        audit.record(actor, "transfer", "consultation", consultation.public_id)
    return made


def withdraw_transfer(consultation_id: int, *, actor: Actor) -> None:
    """Take the open offer of the doctor's own case back; nothing happens without one."""
    with transaction.atomic():
        consultation = locked(consultation_id)
        check_doctor(consultation, actor)
        Transfer.objects.filter(consultation=consultation, state=TransferState.OFFERED).update(
            state=TransferState.WITHDRAWN, ended_at=current_moment()
        )


def accept_transfer(
    transfer: Transfer, *, actor: Actor, fits_revisit: bool = False
) -> Consultation:
    """Take a case over: place, conversation and draft move to the colleague, the price stays.

    Who was not accepted yet is accepted by this. What the former doctor said of the re-visit stays
    his word: the colleague confirms with ``fits_revisit``, or later. Raises NotFoundError,
    TransferOverError, TransferRefusedError, DoctorHasNoRoomError, and of the doctor SuspendedError,
    NotCertifiedError, IdentityCheckNeededError.
    """
    with transaction.atomic():
        consultation = locked(transfer.consultation_id)
        offer = _standing(transfer, actor)
        now = current_moment()
        check_may_accept(offer.to_doctor, now)
        _check_fits(consultation, offer.to_doctor)
        lock_doctors([offer.from_doctor_id, offer.to_doctor_id])
        wanted = Wanted(
            doctor_id=offer.to_doctor_id,
            may_be_away=True,
            by_phone=is_phone(consultation.kind),
        )
        place = take_first([wanted], now=now)
        if place is None:
            raise DoctorHasNoRoomError
        _end(offer, TransferState.ACCEPTED, now)
        _move(consultation, place, before=offer.from_doctor, actor=actor, now=now)
        if fits_revisit:
            note_check(consultation, fits=True, now=now)
        ask_for_earlier_diagnosis(consultation)
    return consultation


def decline_transfer(transfer: Transfer, *, actor: Actor, why: DeclineReason) -> None:
    """Leave the case where it is. Raises NotFoundError, TransferOverError."""
    with transaction.atomic():
        consultation = locked(transfer.consultation_id)
        offer = _standing(transfer, actor)
        offer.decline_reason = why
        _end(offer, TransferState.DECLINED, current_moment())
        _tell_refused(consultation, offer)


def expire_transfer(consultation_id: int, now: datetime) -> bool:
    """End an offer that was not answered in time; the case stays where it is."""
    consultation = locked_if_free(consultation_id)
    if consultation is None:
        return False
    offer = Transfer.objects.filter(
        consultation=consultation, state=TransferState.OFFERED, answer_by__lte=now
    ).first()
    if offer is None:
        return False
    _end(offer, TransferState.EXPIRED, now)
    _tell_refused(consultation, offer)
    return True


def _offer(
    consultation: Consultation, *, to: UUID, reason: TransferReason, note: str, actor: Actor
) -> Transfer:
    if consultation.state not in WITH_DOCTOR or consultation.doctor is None:
        check_move({}, consultation.state, State.IN_PROGRESS)
        raise NotFoundError
    colleague = get_doctor(to)
    if colleague is None:
        raise UnknownChoiceError("doctor_id", _("Choose a doctor from the list."))
    earlier = list(consultation.transfers.values_list("state", flat=True))
    if TransferState.OFFERED in earlier:
        raise TransferOpenError
    if len(earlier) >= numbers.TRANSFERS_MAX:
        raise TransferLimitError
    now = current_moment()
    _check_fits(consultation, colleague)
    if not able_doctors(consultation.kind, now).filter(pk=colleague.pk).exists():
        raise TransferRefusedError
    offer = Transfer.objects.create(
        consultation=consultation,
        from_doctor=consultation.doctor,
        to_doctor=colleague,
        reason=reason,
        note=note,
        actor=actor.label,
        answer_by=now + numbers.TRANSFER_ACCEPT_WITHIN,
    )
    announcing.tell_user(
        consultation,
        colleague.user,
        NoticeKind.TRANSFER_OFFERED,
        doctor=consultation.doctor.name,
        until_at=clinic_time(offer.answer_by).isoformat(),
    )
    return offer


def _standing(transfer: Transfer, actor: Actor) -> Transfer:
    """Return the offer as it is below the lock of its case."""
    offer = Transfer.objects.select_related("from_doctor__user", "to_doctor__user").get(
        pk=transfer.pk
    )
    if offer.to_doctor.user_id != actor.user_id:
        raise NotFoundError
    if offer.state != TransferState.OFFERED or offer.answer_by <= current_moment():
        raise TransferOverError
    return offer


def _check_fits(consultation: Consultation, doctor: Doctor) -> None:
    """Refuse who has the case, the patient himself, whom one blocks, and a second open case."""
    is_own = doctor.user_id == consultation.patient_id or doctor.pk == consultation.doctor_id
    others = Consultation.objects.open().filter(
        patient_id=consultation.patient_id, doctor_id=doctor.pk
    )
    blocks = who_blocks(doctor_id=doctor.pk, patient_id=consultation.patient_id)
    if is_own or blocks is not None or others.exclude(pk=consultation.pk).exists():
        raise TransferRefusedError
    check_sees_children(consultation.person, doctor)


def _move(
    consultation: Consultation, place: TakenPlace, *, before: Doctor, actor: Actor, now: datetime
) -> None:
    check_move(MOVES, consultation.state, State.IN_PROGRESS)
    places.vacate(consultation, why=Reason.TRANSFERRED, now=now)
    places.occupy(
        consultation,
        place,
        how=How.TRANSFER,
        strategy=STEP,
        step=STEP,
        trigger=Trigger.TRANSFER,
        now=now,
    )
    consultation.doctor = place.doctor
    consultation.accepted_at = consultation.unanswered_since = now
    consultation.service_until = now + numbers.SERVICE_TIME
    consultation.reply_due_at = now + numbers.NO_REPLY_REVIEW_AFTER
    if consultation.staff_task == StaffTask.NO_REPLY:
        consultation.staff_task = StaffTask.NONE
    advance(consultation, State.IN_PROGRESS, actor=actor, reason=Reason.TRANSFERRED, now=now)
    announcing.hand_on(consultation, before=before, after=place.doctor)
    publish(ConsultationAccepted(consultation_id=consultation.pk, doctor_id=place.doctor_id))


def _end(offer: Transfer, state: TransferState, now: datetime) -> None:
    offer.state, offer.ended_at = state, now
    offer.save(update_fields=["state", "ended_at", "decline_reason"])


def _tell_refused(consultation: Consultation, offer: Transfer) -> None:
    announcing.tell_user(
        consultation,
        offer.from_doctor.user,
        NoticeKind.TRANSFER_REFUSED,
        doctor=offer.to_doctor.name,
    )
