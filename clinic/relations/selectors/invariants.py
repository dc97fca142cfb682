"""Promises of the room that a query can prove."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from clinic.core.invariants import invariant
from clinic.relations.models import GroupMember, Relation


@invariant("relations.groups", _("A doctor's groups hold patients of this doctor alone."))
def strangers_in_groups() -> list[str]:
    """Return one line per member whose relation is another doctor's."""
    rows = GroupMember.objects.exclude(group__doctor_id=F("relation__doctor_id"))
    pairs = rows.values_list("group__public_id", "relation__public_id")
    return [f"group {group}: relation {relation}" for group, relation in pairs]


@invariant("relations.selves", _("No doctor is his own patient."))
def doctors_as_their_own_patients() -> list[str]:
    """Return one line per relation of a doctor with himself."""
    rows = Relation.objects.filter(patient_id=F("doctor__user_id"))
    return [f"relation {public_id}" for public_id in rows.values_list("public_id", flat=True)]
