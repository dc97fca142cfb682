"""Reads of left messages for the desk."""

from django.db.models import QuerySet

from clinic.customer_service.enums import LeftMessageState
from clinic.customer_service.models import LeftMessage
from clinic.customer_service.selectors.seats import Seat


def left_for(seat: Seat, state: str | None) -> QuerySet[LeftMessage]:
    """Return the messages left with the teams an agent sees; open ones oldest first."""
    rows = LeftMessage.objects.select_related("customer", "team", "answered_by", "chat")
    if not seat.leads:
        rows = rows.filter(team__in=seat.team_ids)
    if state is None:
        return rows
    is_open = state == LeftMessageState.OPEN
    return rows.filter(state=state).order_by("id" if is_open else "-id")
