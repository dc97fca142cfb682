"""Facts about conversations."""

from clinic.core.events import Event, event


@event
class FirstReplySent(Event):
    """A member wrote for the first time in a conversation; ``role`` is his role there."""

    conversation_id: int
    topic: str
    user_id: int
    role: str
