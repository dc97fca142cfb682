"""Tables of the room."""

from doctors.models.doctor import LISTED, Doctor, DoctorQuerySet
from doctors.models.hours import ServiceHours
from doctors.models.place import Branch, Department
from doctors.models.presence import DoctorPresence

__all__ = [
    "LISTED",
    "Branch",
    "Department",
    "Doctor",
    "DoctorPresence",
    "DoctorQuerySet",
    "ServiceHours",
]
