"""Calls that a person may see."""

from django.db.models import QuerySet

from clinic.core.actor import Actor
from consultations.models import PhoneCall
from consultations.selectors.consultations import visible_to


def calls_of(actor: Actor) -> QuerySet[PhoneCall]:
    """Return the calls of the actor's cases as patient and as doctor."""
    return PhoneCall.objects.filter(consultation__in=visible_to(actor))
