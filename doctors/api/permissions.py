"""Who may do what with doctors."""

from typing import Final

from clinic.core.policy import EVERYBODY, Reach, Rights, declare
from clinic.core.roles import Role

DEPARTMENT: Final = "department"
BRANCH: Final = "branch"
DOCTOR: Final = "doctor"
DOCTOR_PROFILE: Final = "doctor_profile"
OWN: Final[Rights] = {Role.DOCTOR: Reach.OWN}

declare(DEPARTMENT, {"list": EVERYBODY})
declare(BRANCH, {"list": EVERYBODY})
declare(DOCTOR, {"list": EVERYBODY, "read": EVERYBODY, "list_reviews": EVERYBODY})
declare(
    DOCTOR_PROFILE,
    {"read": OWN, "change": OWN, "set_hours": OWN, "set_presence": OWN},
)
DOCTOR_CALENDAR: Final = "doctor_calendar"
declare(DOCTOR_CALENDAR, {"read": OWN, "set": OWN, "read_days": OWN, "set_days": OWN})
DOCTOR_LEAVE: Final = "doctor_leave"
declare(DOCTOR_LEAVE, {"list": OWN, "enter": OWN, "cancel": OWN})
DOCTOR_CREDENTIAL: Final = "doctor_credential"
declare(DOCTOR_CREDENTIAL, {"read": OWN, "submit": OWN, "withdraw": OWN})
DOCTOR_IDENTITY: Final = "doctor_identity"
declare(DOCTOR_IDENTITY, {"read": OWN, "prove": OWN})
