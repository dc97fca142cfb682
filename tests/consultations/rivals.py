"""What tests of rivals for one case share."""

from collections.abc import Callable
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection

from clinic.core.errors import ClinicError
from consultations.enums import MOVES
from consultations.models import Consultation, ConsultationEvent


def read_only(consultation_id: int) -> Consultation:
    """What a service without the lock would do: read, and take its time."""
    row = Consultation.objects.get(pk=consultation_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")
    return row


def quietly(work: Callable[[], Any]) -> Any:
    """Return what the work returns, or the error that it met."""
    try:
        return work()
    except (ClinicError, DatabaseError) as error:
        return error


def check_chain(pk: int) -> None:
    """Let every move of the case follow from the one before."""
    moves = list(
        ConsultationEvent.objects.filter(consultation_id=pk)
        .order_by("id")
        .values_list("from_state", "to_state")
    )
    before = ""
    for source, to in moves:
        assert source == before
        assert to in MOVES[source]
        before = to
    assert Consultation.objects.get(pk=pk).state == before
