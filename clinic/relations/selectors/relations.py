"""Who knows whom, and who may begin something with whom."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.relations.enums import Side
from clinic.relations.models import Relation, RelationQuerySet


def relation_of(doctor_id: int, patient_id: int) -> Relation | None:
    """Return what a doctor and a patient account are to each other, if anything."""
    return Relation.objects.filter(doctor_id=doctor_id, patient_id=patient_id).first()


def who_blocks(*, doctor_id: int, patient_id: int) -> Side | None:
    """Return which side does not want the other; the patient when both do.

    A patient may be told of his own block and never of the doctor's.
    """
    return blocking_side(relation_of(doctor_id, patient_id))


def blocking_side(relation: Relation | None) -> Side | None:
    """Return which side of a relation does not want the other; the patient when both do."""
    if relation is None:
        return None
    if relation.is_blocked_by_patient:
        return Side.PATIENT
    return Side.DOCTOR if relation.is_blocked_by_doctor else None


def may_start(*, doctor_id: int, patient_id: int) -> bool:
    """Say whether neither side blocks the other, so that something new may begin."""
    return who_blocks(doctor_id=doctor_id, patient_id=patient_id) is None


def blocked_doctor_ids(patient_id: int) -> QuerySet[Relation, int]:
    """Return the doctors who must not get this patient, as a subquery for rooms above."""
    return (
        Relation.objects.filter(patient_id=patient_id).blocked().values_list("doctor_id", flat=True)
    )


def blocked_by_patient(patient_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the doctors whom each of these accounts must not meet; one query."""
    rows = Relation.objects.filter(patient_id__in=patient_ids).blocked()
    found: dict[int, set[int]] = defaultdict(set)
    for patient_id, doctor_id in rows.values_list("patient_id", "doctor_id"):
        found[patient_id].add(doctor_id)
    return {patient_id: frozenset(doctors) for patient_id, doctors in found.items()}


def patients_of(doctor_id: int) -> RelationQuerySet:
    """Return a doctor's relations with what lists show, in three queries whatever their number."""
    rows = Relation.objects.filter(doctor_id=doctor_id).latest_first()
    return rows.select_related("patient").prefetch_related("groups")


def searched(rows: RelationQuerySet, *, text: str = "", tag: str = "") -> RelationQuerySet:
    """Narrow a doctor's relations to those whose name, remark or tag holds a text."""
    if text:
        rows = rows.filter(
            Q(patient__name__icontains=text) | Q(remark__icontains=text) | Q(tags__contains=[text])
        )
    return rows.filter(tags__contains=[tag]) if tag else rows


def doctors_of(actor: Actor) -> RelationQuerySet:
    """Return the relations of an actor as patient, with the doctors."""
    if not actor.has_role(Role.PATIENT):
        return Relation.objects.none()
    rows = Relation.objects.filter(patient_id=actor.user_id or 0)
    return rows.select_related("doctor__department")
