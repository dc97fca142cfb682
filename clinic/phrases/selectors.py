"""Reads of phrases."""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinic.phrases.models import Phrase, PhraseUse


def phrases_for(doctor_id: int) -> QuerySet[Phrase]:
    """Return the doctor's own phrases and those of the house, what he uses most first.

    Each row has ``use_count``, his own uses.
    """
    used = PhraseUse.objects.filter(phrase=OuterRef("pk"), doctor_id=doctor_id).values("count")
    rows = Phrase.objects.filter(Q(doctor_id=doctor_id) | Q(doctor=None), is_active=True)
    counted = rows.annotate(use_count=Coalesce(Subquery(used), Value(0)))
    return counted.order_by(F("use_count").desc(), "order", "id")


def own_phrases(doctor_id: int) -> QuerySet[Phrase]:
    """Return the phrases that a doctor may change."""
    return phrases_for(doctor_id).filter(doctor_id=doctor_id)
