"""Offers of a doctor to his colleagues and of them to him."""

from django.db.models import Q, QuerySet

from consultations.enums import TransferState
from consultations.models import Transfer
from doctors.models import Doctor


def transfers_of(doctor: Doctor) -> QuerySet[Transfer]:
    """Return the offers that a doctor got or gave, newest first, with what they show."""
    rows = Transfer.objects.filter(Q(to_doctor=doctor) | Q(from_doctor=doctor)).order_by("-id")
    return rows.select_related(
        "from_doctor__department",
        "to_doctor__department",
        "consultation__person",
        "consultation__department",
    )


def open_offers_to(doctor: Doctor) -> QuerySet[Transfer]:
    """Return the offers that wait for the doctor's answer."""
    return transfers_of(doctor).filter(to_doctor=doctor, state=TransferState.OFFERED)
