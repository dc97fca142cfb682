"""Reading of records by others than their patients is noted."""

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.records.models import MedicalRecord


def note_reading(record: MedicalRecord, *, actor: Actor, how: str) -> None:
    """Write into the audit log who read a record; its own patient reads unnoted."""
    if record.patient_id != actor.user_id:
        audit.record(actor, "record.read", "record", record.public_id, how=how)
