"""Facts about relations."""

from clinic.core.events import Event, event


@event
class BroadcastGoesOn(Event):
    """A broadcast has patients who were not told yet."""

    broadcast_id: int
