"""What happened to medical records."""

from uuid import UUID

from clinic.core.events import Event, event


@event
class RecordSigned(Event):
    """A doctor signed a record; it will never change."""

    record_id: int
    subject_kind: str
    subject_public_id: UUID


@event
class RecordAmended(Event):
    """A doctor added to a signed record."""

    record_id: int
    addendum_id: int
