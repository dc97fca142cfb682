"""Tables of complaints and of the quality of doctors."""

from clinic.complaints.models.compensation import Compensation
from clinic.complaints.models.complaint import Complaint, ComplaintQuerySet
from clinic.complaints.models.history import (
    ComplaintAlert,
    ComplaintFile,
    ComplaintNote,
    ComplaintStep,
)
from clinic.complaints.models.quality import DoctorQuality, QualityEntry, Sanction

__all__ = [
    "Compensation",
    "Complaint",
    "ComplaintAlert",
    "ComplaintFile",
    "ComplaintNote",
    "ComplaintQuerySet",
    "ComplaintStep",
    "DoctorQuality",
    "QualityEntry",
    "Sanction",
]
