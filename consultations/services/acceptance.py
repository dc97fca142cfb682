"""The doctor takes the case, or gives it back."""

from datetime import datetime

from django.db import transaction

from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers
from consultations.enums import MOVES, WITH_DOCTOR, DeclineReason, Reason, State
from consultations.errors import NotAcceptedInTimeError
from consultations.events import ConsultationAccepted, ConsultationReturned
from consultations.models import Consultation
from consultations.rules import assign_by, may_hop_again
from consultations.services import announcing, places
from consultations.services.ending import stop_clocks
from consultations.services.refunding import close_with_refund
from consultations.services.revisit import ask_for_earlier_diagnosis, note_check
from consultations.services.state import advance, locked, locked_with_order
from doctors.enums import Certification, DoctorStatus
from doctors.errors import IdentityCheckNeededError, NotCertifiedError, SuspendedError
from doctors.services.identity import check_may_accept
from payments.enums import RefundReason

SUSPENSION = system_actor("suspension of the doctor")


def accept(consultation_id: int, *, actor: Actor, fits_revisit: bool = False) -> Consultation:
    """Begin the service time of a case the doctor was given. Repeating changes nothing.

    With ``fits_revisit`` the doctor confirms that it is a re-visit; else he does so later.

    Raises NotFoundError once it is somebody else's, NotAcceptedInTimeError, IllegalTransitionError,
    and of the doctor SuspendedError, NotCertifiedError, IdentityCheckNeededError.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        check_doctor(consultation, actor)
        now = current_moment()
        if consultation.state == State.IN_PROGRESS:
            if fits_revisit:
                note_check(consultation, fits=True, now=now)
            return consultation
        check_may_begin(consultation, now)
        if fits_revisit:
            note_check(consultation, fits=True, now=now)
        _begin(consultation, actor=actor, reason=Reason.ACCEPTED, now=now)
    return consultation


def accept_by_first_reply(consultation_id: int, *, user_id: int) -> bool:
    """Take the first message of the assigned doctor as acceptance; say whether it was one.

    Who has not proved himself lately is asked to, and accepts by himself afterwards.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        doctor = consultation.doctor
        if consultation.state != State.WAITING_ACCEPT or doctor is None:
            return False
        if doctor.user_id != user_id:
            return False
        actor = Actor(kind="user", user_id=user_id, public_id=doctor.user.public_id)
        now = current_moment()
        try:
            check_may_accept(doctor, now)
        except IdentityCheckNeededError:
            if not _is_late(consultation, now):
                announcing.tell_doctor(consultation, NoticeKind.IDENTITY_WANTED)
            return False
        except (NotCertifiedError, SuspendedError):
            return False
        _begin(consultation, actor=actor, reason=Reason.FIRST_REPLY, now=now)
    return True


def decline(consultation_id: int, *, actor: Actor, why: DeclineReason) -> Consultation:
    """Give a case that was not accepted yet back to the queue, without this doctor."""
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        check_doctor(consultation, actor)
        if consultation.state != State.WAITING_ACCEPT:
            check_move({}, consultation.state, State.WAITING_ASSIGNMENT)
        give_back(consultation, actor=actor, reason=Reason.DECLINED, detail=why)
    return consultation


def return_to_pool(consultation_id: int, *, actor: Actor, why: DeclineReason) -> Consultation:
    """Give a case that the doctor has, accepted or not, back to the queue, without this doctor."""
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        check_doctor(consultation, actor)
        check_move(MOVES, consultation.state, State.WAITING_ASSIGNMENT)
        give_back(consultation, actor=actor, reason=Reason.RETURNED, detail=why)
    return consultation


def leave_suspended_doctor(consultation_id: int) -> bool:
    """Give a case back to the queue whose doctor may work no more: suspended, gone, or uncertified.

    Says whether it was; repeatable.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        doctor = consultation.doctor
        if consultation.state not in WITH_DOCTOR or doctor is None:
            return False
        is_certified = doctor.certification == Certification.CERTIFIED
        if doctor.status != DoctorStatus.SUSPENDED and doctor.user.is_active and is_certified:
            return False
        give_back(consultation, actor=SUSPENSION, reason=Reason.STAFF)
    return True


def give_back(
    consultation: Consultation, *, actor: Actor, reason: Reason, detail: str = ""
) -> None:
    """Take a locked case from its doctor: into the queue again, or closed after too many hops.

    The next doctor is looked for in another transaction: this one holds the row of the last.
    """
    now = current_moment()
    places.vacate(consultation, why=f"{reason}:{detail}" if detail else reason, now=now)
    announcing.part(consultation)
    consultation.hops += 1
    consultation.doctor = None
    if not may_hop_again(consultation.hops):
        close_with_refund(
            consultation,
            actor=actor,
            reason=Reason.TOO_MANY_HOPS,
            refund_reason=RefundReason.NOBODY_FOUND,
            now=now,
        )
        return
    consultation.accept_by = consultation.service_until = consultation.accepted_at = None
    stop_clocks(consultation)
    if not consultation.is_instant:
        consultation.assign_by = assign_by(paid_at=now, is_instant=False)
    advance(consultation, State.WAITING_ASSIGNMENT, actor=actor, reason=reason, now=now)
    publish(ConsultationReturned(consultation_id=consultation.pk))


def check_doctor(consultation: Consultation, actor: Actor) -> None:
    """Let the doctor of a locked case pass. Raises NotFoundError for everybody else."""
    if consultation.doctor is None or consultation.doctor.user_id != actor.user_id:
        raise NotFoundError


def check_may_begin(consultation: Consultation, now: datetime) -> None:
    """Let the doctor of an offered case pass who comes in time and may work.

    Raises NotAcceptedInTimeError, SuspendedError, NotCertifiedError, IdentityCheckNeededError.
    """
    if consultation.state == State.WAITING_ACCEPT and _is_late(consultation, now):
        raise NotAcceptedInTimeError
    if consultation.doctor is not None:
        check_may_accept(consultation.doctor, now)


def _is_late(consultation: Consultation, now: datetime) -> bool:
    return consultation.accept_by is not None and consultation.accept_by <= now


def _begin(consultation: Consultation, *, actor: Actor, reason: Reason, now: datetime) -> None:
    consultation.accepted_at = now
    consultation.service_until = now + numbers.SERVICE_TIME
    if reason is not Reason.FIRST_REPLY:
        consultation.unanswered_since = now
        consultation.reply_due_at = now + numbers.NO_REPLY_REVIEW_AFTER
    advance(consultation, State.IN_PROGRESS, actor=actor, reason=reason, now=now)
    doctor = consultation.doctor
    if doctor is None:
        return
    announcing.say(consultation, "doctor_accepted", doctor=doctor.name)
    ask_for_earlier_diagnosis(consultation)
    announcing.tell_patient(consultation, NoticeKind.CONSULTATION_ACCEPTED, doctor=doctor.name)
    publish(ConsultationAccepted(consultation_id=consultation.pk, doctor_id=doctor.pk))
