"""Who may do what with appointments."""

from typing import Final

from clinic.core.policy import EVERYBODY, PATIENT_OWN, Reach, Rights, declare
from clinic.core.roles import Role

APPOINTMENT: Final = "appointment"
APPOINTMENT_TYPE: Final = "appointment_type"
SLOT: Final = "slot"
CALENDAR_FEED: Final = "calendar_feed"
FRONT_DESK: Final = "front_desk"

BOTH: Rights = {Role.PATIENT: Reach.OWN, Role.DOCTOR: Reach.ASSIGNED}
AT_DESK: Rights = {Role.CUSTOMER_SERVICE: Reach.ALL, Role.ADMIN: Reach.ALL}
WATCHES_DESK: Rights = {**AT_DESK, Role.AUDITOR: Reach.ALL}
DOCTOR: Rights = {Role.DOCTOR: Reach.ASSIGNED}
DOCTOR_OWN: Rights = {Role.DOCTOR: Reach.OWN}

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
        "change": PATIENT_OWN,
        "check_in": PATIENT_OWN,
        "show_pass": PATIENT_OWN,
        "export": PATIENT_OWN,
        "receive": AT_DESK | DOCTOR,
        "print_poster": AT_DESK,
        "wait": PATIENT_OWN,
        "place": PATIENT_OWN,
        "take_offer": PATIENT_OWN,
        "decline_offer": PATIENT_OWN,
        "review": PATIENT_OWN,
        "read_review": BOTH,
        "accept": DOCTOR,
        "agree": BOTH,
        "decline": DOCTOR,
        "list_hits": DOCTOR,
        "start": DOCTOR,
        "finish": DOCTOR,
        "no_show": DOCTOR,
    },
)
declare(FRONT_DESK, {"read": WATCHES_DESK, "look_up": AT_DESK, "work": AT_DESK})
declare(APPOINTMENT_TYPE, {"list": EVERYBODY})
declare(SLOT, {"list": EVERYBODY})
declare(
    CALENDAR_FEED,
    {"subscribe": EVERYBODY, "read": DOCTOR_OWN, "open": DOCTOR_OWN, "close": DOCTOR_OWN},
)
