"""Who may do what with complaints; staff works in the console."""

from typing import Final

from clinic.core.policy import PATIENT_OWN, Reach, Rights, declare
from clinic.core.roles import Role

COMPLAINT: Final = "complaint"
CONCERNING_COMPLAINT: Final = "concerning_complaint"
DOCTOR_QUALITY: Final = "doctor_quality"
CONCERNED: Final[Rights] = {Role.DOCTOR: Reach.ASSIGNED}

declare(
    COMPLAINT,
    dict.fromkeys(("list", "open", "read", "note", "withdraw", "accept", "appeal"), PATIENT_OWN),
)
declare(CONCERNING_COMPLAINT, dict.fromkeys(("list", "read", "comment"), CONCERNED))
declare(DOCTOR_QUALITY, {"read": {Role.DOCTOR: Reach.OWN}})
