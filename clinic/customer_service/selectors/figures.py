"""A few numbers of this moment, for the first page of the console."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from clinic.customer_service.enums import AgentStatus, ChatState, LeftMessageState
from clinic.customer_service.models import Agent, LeftMessage, ServiceChat


@dataclass(frozen=True, slots=True)
class DeskNow:
    """Who waits, who is there, what was left."""

    waiting: int
    oldest_since: datetime | None
    active: int
    online: int
    busy: int
    left_open: int


def desk_now() -> DeskNow:
    """Return the numbers in three statements."""
    open_chats = ServiceChat.objects.exclude(state=ChatState.ENDED).aggregate(
        waiting=Count("pk", filter=Q(state=ChatState.WAITING)),
        oldest_since=Min("enqueued_at", filter=Q(state=ChatState.WAITING)),
        active=Count("pk", filter=Q(state=ChatState.ACTIVE)),
    )
    agents = Agent.objects.exclude(status=AgentStatus.OFFLINE).aggregate(
        online=Count("pk", filter=Q(status=AgentStatus.ONLINE)),
        busy=Count("pk", filter=Q(status=AgentStatus.BUSY)),
    )
    left_open = LeftMessage.objects.filter(state=LeftMessageState.OPEN).count()
    return DeskNow(**open_chats, **agents, left_open=left_open)
