"""Facts about visit persons that rooms above act on."""

from clinic.core.events import Event, event


@event
class ConsentRevoked(Event):
    """Consents of one kind for a person count no longer; what was ordered on them must be seen."""

    person_id: int
    kind: str
