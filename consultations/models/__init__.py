"""Tables of consultations."""

from consultations.models.assignment import Assignment, AssignmentAttempt
from consultations.models.consultation import Consultation, ConsultationQuerySet
from consultations.models.history import ConsultationEvent
from consultations.models.hold import Hold
from consultations.models.transfer import Transfer

__all__ = [
    "Assignment",
    "AssignmentAttempt",
    "Consultation",
    "ConsultationEvent",
    "ConsultationQuerySet",
    "Hold",
    "Transfer",
]
