"""Telling the two people of a consultation: frames, notices, system messages, the conversation."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chat.enums import ConversationKind, MemberRole
from chat.services.conversations import (
    Greeting,
    MemberSpec,
    close_writing,
    limit_writing,
    open_conversation,
    remove_member,
)
from chat.services.messages import post_system_message
from clinic.accounts.models import User
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify_each
from clinic.realtime.push import push_on_commit
from clinic.settings import rules as numbers
from consultations.enums import IntakeSource
from consultations.models import Consultation
from consultations.rules import is_invalid, seed_status
from consultations.selectors.staff import attendant_ids
from doctors.models import Doctor

SUBJECT_KIND = "consultation"


def state_frame(consultation: Consultation) -> dict[str, Any]:
    """Return the socket frame that tells where a case stands; ids and moments only."""
    return {
        "t": "consultation",
        "id": consultation.public_id,
        "state": consultation.state,
        "status": seed_status(consultation.state),
        "isInvalid": is_invalid(consultation.state),
        "since": consultation.state_since,
        "pay_by": consultation.pay_by,
        "accept_by": consultation.accept_by,
        "service_until": consultation.service_until,
        "held_until": consultation.held_until,
        "doctor_id": consultation.doctor.public_id if consultation.doctor else None,
    }


def push_state(consultation: Consultation) -> None:
    """Show the state on the sockets of the patient and of the doctor who has the case."""
    push_on_commit(_people(consultation), state_frame(consultation))


def push_assigned(consultation: Consultation) -> None:
    """Show both that they have each other, and where they talk."""
    frame = {
        "t": "assigned",
        "id": consultation.public_id,
        "doctor_id": consultation.doctor.public_id if consultation.doctor else None,
        "accept_by": consultation.accept_by,
        "conversation_id": consultation.conversation and consultation.conversation.public_id,
    }
    push_on_commit(_people(consultation), frame)


def push_lost(consultation: Consultation, doctor_user_public_id: UUID) -> None:
    """Show a doctor that the case is no longer his."""
    frame = state_frame(consultation) | {"state": "withdrawn", "doctor_id": None}
    push_on_commit([doctor_user_public_id], frame)


def bring_together(consultation: Consultation) -> None:
    """Open the conversation of a case that has just got its doctor; both are told."""
    doctor = consultation.doctor
    if doctor is None:
        return
    _open(consultation, doctor)
    told = [
        _news(consultation.patient, NoticeKind.DOCTOR_ASSIGNED, doctor=doctor.name),
        _news(doctor.user, NoticeKind.CONSULTATION_OFFERED),
    ]
    _tell_each(consultation, told)
    show_intake(consultation)


def bring_together_quietly(consultation: Consultation) -> None:
    """Open the conversation of a case whose doctor is not to be disturbed; the patient is told."""
    doctor = consultation.doctor
    if doctor is None:
        return
    _open(consultation, doctor)
    tell_patient(consultation, NoticeKind.DOCTOR_ASSIGNED, doctor=doctor.name)
    show_intake(consultation)


def show_intake(consultation: Consultation) -> None:
    """Say in the conversation that there is an intake to read first, and whether it warns."""
    if consultation.has_red_flags:
        say(consultation, "intake_warns")
    elif consultation.intake_source == IntakeSource.FORM:
        say(consultation, "intake_given")


def _open(consultation: Consultation, doctor: Doctor) -> None:
    members = [
        MemberSpec(consultation.patient_id, MemberRole.PATIENT),
        MemberSpec(doctor.user_id, MemberRole.DOCTOR),
    ]
    consultation.conversation = open_conversation(
        kind=ConversationKind.CONSULTATION,
        topic=consultation.topic,
        members=members,
        greeting=Greeting("doctor_assigned", {"doctor": doctor.name}),
    )


def part(consultation: Consultation) -> None:
    """Take the doctor who gives the case up out of the conversation and tell the patient."""
    doctor = consultation.doctor
    if doctor is None or consultation.conversation_id is None:
        return
    remove_member(consultation.topic, doctor.user_id)
    post_system_message(topic=consultation.topic, code="doctor_changed", params={})
    tell_patient(consultation, NoticeKind.CONSULTATION_RETURNED)
    push_lost(consultation, doctor.user.public_id)


def hand_on(consultation: Consultation, *, before: Doctor, after: Doctor) -> None:
    """Seat the doctor who took a case over in its conversation; the one before reads up to now."""
    remove_member(consultation.topic, before.user_id)
    open_conversation(
        kind=ConversationKind.CONSULTATION,
        topic=consultation.topic,
        members=[
            MemberSpec(consultation.patient_id, MemberRole.PATIENT),
            MemberSpec(after.user_id, MemberRole.DOCTOR),
        ],
        greeting=Greeting("doctor_took_over", {"doctor": after.name, "before": before.name}),
    )
    push_lost(consultation, before.user.public_id)
    told = [
        _news(consultation.patient, NoticeKind.DOCTOR_TOOK_OVER, doctor=after.name),
        _news(before.user, NoticeKind.TRANSFER_ACCEPTED, doctor=after.name),
    ]
    _tell_each(consultation, told)


def say(consultation: Consultation, code: str, **params: Any) -> None:
    """Put a system message into the conversation, if there is one."""
    if consultation.conversation_id is not None:
        post_system_message(topic=consultation.topic, code=code, params=params)


def silence(consultation: Consultation) -> None:
    """Let nobody write any more."""
    if consultation.conversation_id is not None:
        close_writing(consultation.topic)


def allow_follow_up(consultation: Consultation) -> None:
    """Let the patient write the free messages after the end."""
    if consultation.conversation_id is None or consultation.follow_up_until is None:
        return
    limit_writing(
        consultation.topic,
        role=MemberRole.PATIENT,
        messages=numbers.FOLLOW_UP_MESSAGES,
        until=consultation.follow_up_until,
    )


def tell_patient(consultation: Consultation, kind: NoticeKind, **params: Any) -> None:
    """Leave the patient a notice."""
    _tell_each(consultation, [_news(consultation.patient, kind, **params)])


def tell_doctor(consultation: Consultation, kind: NoticeKind, **params: Any) -> None:
    """Leave the doctor a notice, if the case has one."""
    if consultation.doctor is not None:
        _tell_each(consultation, [_news(consultation.doctor.user, kind, **params)])


def tell_user(consultation: Consultation, user: User, kind: NoticeKind, **params: Any) -> None:
    """Leave one person a notice about the case."""
    _tell_each(consultation, [_news(user, kind, **params)])


def tell_doctors(doctors: Iterable[Doctor], kind: NoticeKind) -> None:
    """Leave doctors a notice about no case of theirs: it names none."""
    notify_each([_news(doctor.user, kind) for doctor in doctors])


def tell_staff(consultation: Consultation) -> None:
    """Leave those who look after waiting patients a notice."""
    staff = User.objects.filter(pk__in=attendant_ids()).only("public_id")
    _tell_each(consultation, [_news(user, NoticeKind.STAFF_ATTENTION) for user in staff])


def _news(user: User, kind: NoticeKind, **params: Any) -> News:
    return News(user_id=user.pk, public_id=user.public_id, kind=kind, params=params)


def _tell_each(consultation: Consultation, news: list[News]) -> None:
    notify_each(news, subject_kind=SUBJECT_KIND, subject_public_id=consultation.public_id)


def _people(consultation: Consultation) -> Iterable[UUID]:
    people = [consultation.patient.public_id]
    if consultation.doctor is not None and consultation.conversation_id is not None:
        people.append(consultation.doctor.user.public_id)
    return people
