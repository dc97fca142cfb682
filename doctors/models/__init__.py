"""Tables of the room."""

from doctors.models.calendar import BranchHours, CalendarDay, Leave, WorkRule
from doctors.models.doctor import LISTED, Doctor, DoctorQuerySet
from doctors.models.hours import ServiceHours
from doctors.models.place import Branch, Department
from doctors.models.presence import DoctorPresence

__all__ = [
    "LISTED",
    "Branch",
    "BranchHours",
    "CalendarDay",
    "Department",
    "Doctor",
    "DoctorPresence",
    "DoctorQuerySet",
    "Leave",
    "ServiceHours",
    "WorkRule",
]
