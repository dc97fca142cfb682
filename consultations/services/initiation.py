"""Starting a consultation, or finding the one that is open."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.constraints import constraint_of
from clinic.patients import selectors as patients
from clinic.patients.models import VisitPerson
from clinic.relations.enums import Side
from clinic.relations.errors import BlockedError
from clinic.relations.selectors.relations import who_blocks
from consultations.enums import Reason, State
from consultations.errors import (
    ConsultationOpenError,
    DoctorNotAvailableError,
    SelfConsultationError,
    UnknownChoiceError,
)
from consultations.models import Consultation
from consultations.rules import allows_instant, is_chosen, is_same_medium
from consultations.selectors.consultations import open_twin
from consultations.selectors.doctors import able_doctors
from consultations.services.children import check_sees_children
from consultations.services.intake import describe
from consultations.services.pushing import tell_started
from consultations.services.state import advance, locked
from doctors import selectors as doctors
from doctors.models import Department, Doctor

ONE_OPEN = frozenset({"one_open_consultation_per_pair", "one_open_fast_consultation"})
TRIES = 3  # a twin may close between refusal and look-up


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """What the patient tells at the start; ids are public ones."""

    person_id: UUID
    kind: str
    doctor_id: UUID | None = None
    wanted_level: str = ""
    department_code: str = ""
    complaint: str = ""
    is_instant: bool = False


def initiate(*, actor: Actor, intake: Intake) -> tuple[Consultation, bool]:
    """Return the open consultation of this sort, or a new draft, and whether it is new.

    One per patient and doctor, one waiting fast consultation per patient: a constraint decides
    races. An open draft takes over the newly told intake. A chosen doctor hears of a new case
    within his hours, else when they open. Raises ConsultationOpenError beside one by another
    medium, UnknownChoiceError for a visit person, doctor or department that the patient cannot use,
    BlockedError, DoctorNotAvailableError, NoChildrenHereError, BirthdayNeededError.
    """
    fresh = _draft(actor, intake)
    _check_may_start(fresh)
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _store(fresh, actor), True
        except IntegrityError as error:
            if constraint_of(error) not in ONE_OPEN:
                raise
        fresh.pk, fresh.state = None, ""  # as it was before the refused try
        with transaction.atomic():
            twin = _refreshed_twin(fresh)
        if twin is not None and not is_same_medium(twin.kind, fresh.kind):
            raise ConsultationOpenError
        if twin is not None:
            return twin, False
    raise ConsultationOpenError


def _draft(actor: Actor, intake: Intake) -> Consultation:
    if actor.user_id is None:
        raise UnknownChoiceError("person_id", _("Choose one of your visit persons."))
    doctor = _chosen_doctor(intake)
    if doctor is not None and doctor.user_id == actor.user_id:
        raise SelfConsultationError
    if intake.is_instant and not allows_instant(intake.kind):
        raise UnknownChoiceError("is_instant", _("Only the next suitable doctor can be instant."))
    return Consultation(
        patient_id=actor.user_id,
        person=_person(actor, intake.person_id),
        doctor=doctor,
        kind=intake.kind,
        is_instant=intake.is_instant,
        wanted_level=doctor.level if doctor else intake.wanted_level,
        department=_department(intake.department_code),
        complaint=intake.complaint,
    )


def _check_may_start(fresh: Consultation) -> None:
    """Refuse to begin with a doctor who takes nobody, or not this patient: both sound the same.

    What is open already goes on.
    """
    doctor = fresh.doctor
    if doctor is None:
        return
    blocks = who_blocks(doctor_id=doctor.pk, patient_id=fresh.patient_id)
    works = able_doctors(fresh.kind, current_moment()).filter(pk=doctor.pk)
    if blocks is None and works.exists():
        check_sees_children(fresh.person, doctor)
        return
    if open_twin(patient_id=fresh.patient_id, kind=fresh.kind, doctor_id=doctor.pk) is None:
        raise BlockedError if blocks is Side.PATIENT else DoctorNotAvailableError


def _store(fresh: Consultation, actor: Actor) -> Consultation:
    now = current_moment()
    fresh.save(force_insert=True)
    advance(fresh, State.DRAFT, actor=actor, reason=Reason.INITIATED, now=now)
    describe(fresh, now=now)
    tell_started(fresh, now=now)
    return fresh


def _refreshed_twin(fresh: Consultation) -> Consultation | None:
    twin = open_twin(patient_id=fresh.patient_id, kind=fresh.kind, doctor_id=fresh.doctor_id)
    if twin is None:
        return None
    twin = locked(twin.pk)
    is_other_person = twin.person_id != fresh.person_id
    if twin.state == State.DRAFT and (fresh.complaint or is_other_person):
        _take_over_intake(twin, fresh)
    return twin


def _take_over_intake(twin: Consultation, fresh: Consultation) -> None:
    if twin.person_id != fresh.person_id:
        twin.intake_source = ""  # a form about somebody else
    names = ["person", "wanted_level", "department", "complaint", "is_instant"]
    for name in names:
        setattr(twin, name, getattr(fresh, name))
    twin.save(update_fields=names)
    describe(twin, now=current_moment())


def _person(actor: Actor, public_id: UUID) -> VisitPerson:
    person = patients.visible_to(actor).filter(public_id=public_id, is_active=True).first()
    if person is None or person.account_id != actor.user_id:
        raise UnknownChoiceError("person_id", _("Choose one of your visit persons."))
    return person


def _chosen_doctor(intake: Intake) -> Doctor | None:
    if not is_chosen(intake.kind):
        if intake.doctor_id is not None:
            raise UnknownChoiceError(
                "doctor_id", _("Leave the doctor out, or send the kind for a chosen one.")
            )
        return None
    doctor = doctors.get_doctor(intake.doctor_id) if intake.doctor_id else None
    if doctor is None:
        raise UnknownChoiceError("doctor_id", _("Choose a doctor from the list."))
    return doctor


def _department(code: str) -> Department | None:
    if not code:
        return None
    department = Department.objects.filter(code=code, is_active=True).first()
    if department is None:
        raise UnknownChoiceError("department_code", _("Choose a department from the list."))
    return department
