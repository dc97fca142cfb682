"""Facts about visit persons that rooms above act on."""

from uuid import UUID

from clinic.core.events import Event, event


@event
class ConsentRevoked(Event):
    """Consents of one kind for a person count no longer; what was ordered on them must be seen."""

    person_id: int
    kind: str


@event
class IdentityDocumentReviewed(Event):
    """Staff approved or refused a document of a visit person of this account."""

    user_id: int
    person_public_id: UUID
    is_approved: bool
