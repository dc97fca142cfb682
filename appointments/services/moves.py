"""Moves in calendars are wanted while a process may keep an answer, and a good while longer."""

from django.db.models.functions import Now

from appointments.models import CalendarMove
from clinic.settings import rules as numbers


def forget_old_moves() -> int:
    """Remove moves that no kept answer asks for any more; return how many. By the database's clock.

    No transaction stays open for so long between a change and its commit.
    """
    old = CalendarMove.objects.filter(at__lt=Now() - numbers.APPOINTMENT_MOVES_FOR)
    return old.delete()[0]
