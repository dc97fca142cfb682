"""Who may do what with appointments."""

from typing import Final

from clinic.core.policy import EVERYBODY, declare

APPOINTMENT_TYPE: Final = "appointment_type"
SLOT: Final = "slot"

declare(APPOINTMENT_TYPE, {"list": EVERYBODY})
declare(SLOT, {"list": EVERYBODY})
