"""The things below this room that can be complained of, and what each is about."""

from uuid import UUID

from appointments.models import Appointment
from clinic.complaints.enums import Subject
from clinic.complaints.subjects import Concern, Finder, declare_subject
from clinic.relations.models import Relation
from consultations.models import Consultation
from consultations.rules import topic_of


def consultation(public_id: UUID, patient_id: int) -> Concern | None:
    """Return the doctor, order and conversation of the patient's own case."""
    rows = Consultation.objects.select_related("doctor")
    case = rows.filter(public_id=public_id, patient_id=patient_id).first()
    if case is None:
        return None
    return Concern(
        doctor_id=case.doctor_id,
        about_user_id=case.doctor.user_id if case.doctor else None,
        order_id=case.order_id,
        topic=topic_of(public_id) if case.conversation_id else "",
    )


def appointment(public_id: UUID, patient_id: int) -> Concern | None:
    """Return the doctor and order of the patient's own appointment."""
    rows = Appointment.objects.select_related("doctor")
    visit = rows.filter(public_id=public_id, patient_id=patient_id).first()
    if visit is None:
        return None
    return Concern(
        doctor_id=visit.doctor_id,
        about_user_id=visit.doctor.user_id if visit.doctor else None,
        order_id=visit.order_id,
    )


def doctor(public_id: UUID, patient_id: int) -> Concern | None:
    """Return a doctor whom the patient knows: care or an invite made them meet."""
    rows = Relation.objects.select_related("doctor")
    relation = rows.filter(doctor__public_id=public_id, patient_id=patient_id).first()
    if relation is None:
        return None
    return Concern(doctor_id=relation.doctor_id, about_user_id=relation.doctor.user_id)


declare_subject(Finder(Subject.CONSULTATION, consultation))
declare_subject(Finder(Subject.APPOINTMENT, appointment))
declare_subject(Finder(Subject.DOCTOR, doctor))
