"""Dates of follow-up plans that a person may see."""

from django.db.models import QuerySet

from clinic.core.actor import Actor
from consultations.models import FollowUp
from consultations.selectors.consultations import visible_to


def follow_ups_of(actor: Actor) -> QuerySet[FollowUp]:
    """Return the dates of the actor's cases as patient and as doctor, with their cases."""
    rows = FollowUp.objects.filter(consultation__in=visible_to(actor))
    return rows.select_related("consultation")
