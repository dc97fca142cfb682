"""Promises of the room that a query can prove."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.invariants import invariant
from doctors.models import Doctor


@invariant("I4", _("No doctor has more consultations than his limit, or less than none."))
def doctors_beyond_their_limit() -> list[str]:
    """Return one line per doctor whose count is impossible."""
    above = Q(current_consultation_count__gt=F("place_limit"))
    below = Q(current_consultation_count__lt=0)
    rows = Doctor.objects.filter(above | below).values_list(
        "public_id", "current_consultation_count", "place_limit"
    )
    return [f"doctor {public_id}: {count} of {limit}" for public_id, count, limit in rows]
