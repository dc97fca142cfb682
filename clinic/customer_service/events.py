"""Facts about the desk."""

from clinic.core.events import Event, event


@event
class QueueMoved(Event):
    """Somebody came into a team's queue or left it: places must be told anew."""

    team_id: int


@event
class PlacesFreed(Event):
    """An agent may have room for somebody who waits in one of his teams."""

    agent_id: int


@event
class ServiceChatAssigned(Event):
    """An agent serves the chat now."""

    chat_id: int
    agent_id: int


@event
class ServiceChatEnded(Event):
    """The chat is over; ``agent_id`` served it last, if anybody did."""

    chat_id: int
    agent_id: int | None
