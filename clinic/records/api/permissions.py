"""Who may do what with medical records. Staff reads them in the console, where it is noted."""

from clinic.core.policy import Reach, Rights, declare
from clinic.core.roles import Role

BOTH: Rights = {Role.PATIENT: Reach.OWN, Role.DOCTOR: Reach.ASSIGNED}

declare(
    "record",
    {
        "list": BOTH,
        "read": BOTH,
        "print": BOTH,
        "addenda": BOTH,
        "amend": {Role.DOCTOR: Reach.ASSIGNED},
    },
)
declare("diagnosis_code", {"search": {Role.DOCTOR: Reach.ALL}})
