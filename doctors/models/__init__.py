"""Tables of the room."""

from doctors.models.calendar import BranchHours, CalendarDay, Leave, WorkRule
from doctors.models.credential import Credential, CredentialAlert, CredentialStep
from doctors.models.doctor import LISTED, Doctor, DoctorQuerySet
from doctors.models.hours import ServiceHours
from doctors.models.identity import IdentityCheck
from doctors.models.place import Branch, Department
from doctors.models.presence import DoctorPresence

__all__ = [
    "LISTED",
    "Branch",
    "BranchHours",
    "CalendarDay",
    "Credential",
    "CredentialAlert",
    "CredentialStep",
    "Department",
    "Doctor",
    "DoctorPresence",
    "DoctorQuerySet",
    "IdentityCheck",
    "Leave",
    "ServiceHours",
    "WorkRule",
]
