"""Who may do what with appointments."""

from typing import Final

from clinic.core.policy import EVERYBODY, PATIENT_OWN, Reach, Rights, declare
from clinic.core.roles import Role

APPOINTMENT: Final = "appointment"
APPOINTMENT_TYPE: Final = "appointment_type"
SLOT: Final = "slot"

BOTH: Rights = {Role.PATIENT: Reach.OWN, Role.DOCTOR: Reach.ASSIGNED}
DOCTOR: Rights = {Role.DOCTOR: Reach.ASSIGNED}

declare(
    APPOINTMENT,
    {
        "list": BOTH,
        "read": BOTH,
        "log": BOTH,
        "cancel": BOTH,
        "book": PATIENT_OWN,
        "move": PATIENT_OWN,
        "look_up": EVERYBODY,
        "accept": DOCTOR,
        "start": DOCTOR,
        "finish": DOCTOR,
        "no_show": DOCTOR,
    },
)
declare(APPOINTMENT_TYPE, {"list": EVERYBODY})
declare(SLOT, {"list": EVERYBODY})
