"""Which consultations an actor may see, and lookups by what others know."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.core.actor import Actor
from clinic.core.roles import Role
from consultations.enums import OPEN_STATES, State
from consultations.models import Assignment, Consultation, ConsultationEvent, ConsultationQuerySet
from consultations.rules import is_chosen, topic_of

SUBJECT_KIND = "consultation"


def visible_to(actor: Actor) -> ConsultationQuerySet:
    """Return the actor's own cases as patient and the cases he has or finished as doctor.

    A doctor sees a case from its assignment on, and no longer once it went to somebody else.
    """
    reach = Q(pk=None)
    if actor.has_role(Role.PATIENT):
        reach |= Q(patient_id=actor.user_id or 0)
    if actor.has_role(Role.DOCTOR):
        is_his = Q(Exists(_assignments_to_its_doctor()))
        reach |= Q(doctor__user_id=actor.user_id or 0) & is_his
    return Consultation.objects.filter(reach)


def own(actor: Actor) -> ConsultationQuerySet:
    """Return the cases of the actor as patient."""
    return Consultation.objects.filter(patient_id=actor.user_id or 0)


def cases_of(patient_id: int) -> ConsultationQuerySet:
    """Return the cases of an account as patient, newest first, for rooms above."""
    rows = Consultation.objects.filter(patient_id=patient_id).order_by("-id")
    return rows.select_related("department", "doctor")


def assigned(actor: Actor) -> ConsultationQuerySet:
    """Return the cases of the actor as doctor."""
    return Consultation.objects.filter(
        Exists(_assignments_to_its_doctor()), doctor__user_id=actor.user_id or 0
    )


def list_for(actor: Actor, *, state: str | None, is_open: bool | None) -> ConsultationQuerySet:
    """Return the rows of a list, newest first, with the people they show."""
    rows = visible_to(actor).with_people().order_by("-id")
    if state is not None:
        rows = rows.filter(state=state)
    if is_open is not None:
        open_rows = Q(state__in=OPEN_STATES)
        rows = rows.filter(open_rows if is_open else ~open_rows)
    return rows


def by_public_id(public_id: UUID) -> Consultation | None:
    """Return a case by the id that orders and topics carry."""
    return Consultation.objects.filter(public_id=public_id).first()


def id_of_topic(topic: str) -> int | None:
    """Return the key of the case a conversation belongs to; None for other topics."""
    kind, _, public_id = topic.partition(":")
    if kind != SUBJECT_KIND or topic != topic_of(public_id):
        return None
    return Consultation.objects.filter(public_id=public_id).values_list("pk", flat=True).first()


def open_twin(*, patient_id: int, kind: str, doctor_id: int | None) -> Consultation | None:
    """Return the open case that stands in the way of a new one, if any."""
    rows = Consultation.objects.open().filter(patient_id=patient_id)
    if is_chosen(kind):
        return rows.filter(doctor_id=doctor_id or 0).first()
    return rows.filter(kind=kind, doctor=None, hops=0).first()


def history_of(consultation: Consultation) -> list[ConsultationEvent]:
    """Return the moves of a case, oldest first."""
    return list(ConsultationEvent.objects.filter(consultation=consultation).order_by("id"))


def place_in_queue(consultation: Consultation) -> int | None:
    """Return how many cases stand before this one; None when it does not wait."""
    if consultation.state != State.WAITING_ASSIGNMENT:
        return None
    earlier = Q(paid_at__lt=consultation.paid_at) | Q(
        paid_at=consultation.paid_at, pk__lt=consultation.pk
    )
    return Consultation.objects.filter(earlier, state=State.WAITING_ASSIGNMENT).count()


def _assignments_to_its_doctor() -> QuerySet[Assignment]:
    return Assignment.objects.filter(consultation=OuterRef("pk"), doctor=OuterRef("doctor"))
