"""A reading that neither a watched door nor a console screen notes: the paper in the console."""

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.records.models import MedicalRecord


def note_reading(record: MedicalRecord, *, actor: Actor, how: str) -> None:
    """Write into the audit log who read a record; its own patient reads unnoted."""
    patient = record.patient.public_id
    audit.read(actor, "record", record.public_id, patient=patient, how=how)
