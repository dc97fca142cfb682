"""Tables of consultations."""

from consultations.models.assignment import Assignment, AssignmentAttempt
from consultations.models.consultation import Consultation, ConsultationQuerySet
from consultations.models.history import ConsultationEvent
from consultations.models.record import ConsultationRecord

__all__ = [
    "Assignment",
    "AssignmentAttempt",
    "Consultation",
    "ConsultationEvent",
    "ConsultationQuerySet",
    "ConsultationRecord",
]
