"""Who may do what with reviews."""

from clinic.core.policy import EVERYBODY, PATIENT_OWN, Reach, declare
from clinic.core.roles import Role

declare(
    "review",
    {
        "read": EVERYBODY,
        "edit": PATIENT_OWN,
        "reply": {Role.DOCTOR: Reach.OWN, Role.CUSTOMER_SERVICE: Reach.OWN},
    },
)
