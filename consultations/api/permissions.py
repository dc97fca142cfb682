"""Who may do what with consultations."""

from clinic.core.policy import EVERYBODY, PATIENT_OWN, Reach, Rights, declare
from clinic.core.roles import Role

CONSULTATION = "consultation"
ASSIGNMENT = "assignment"
TRANSFER = "transfer"
FOLLOW_UP = "follow_up"
CALL = "phone_call"

BOTH: Rights = {Role.PATIENT: Reach.OWN, Role.DOCTOR: Reach.ASSIGNED}
DOCTOR: Rights = {Role.DOCTOR: Reach.ASSIGNED}

declare(
    CONSULTATION,
    {
        "list": BOTH,
        "read": BOTH,
        "history": BOTH,
        "initiate": PATIENT_OWN,
        "order": PATIENT_OWN,
        "cancel": PATIENT_OWN,
        "end": PATIENT_OWN,
        "review": PATIENT_OWN,
        "accept": DOCTOR,
        "decline": DOCTOR,
        "return": DOCTOR,
        "complete": DOCTOR,
        "read_record": DOCTOR,
        "write_record": DOCTOR,
        "sign_record": DOCTOR,
        "read_intake": BOTH,
        "write_intake": PATIENT_OWN,
        "check_revisit": DOCTOR,
        "refer": DOCTOR,
        "transfer": DOCTOR,
        "withdraw_transfer": DOCTOR,
        "hold": BOTH,
        "resume": BOTH,
        "list_holds": BOTH,
    },
)
declare(
    FOLLOW_UP,
    {"list": BOTH, "plan": DOCTOR, "change": DOCTOR, "cancel": DOCTOR, "answer": PATIENT_OWN},
)
declare(CALL, {"list": BOTH, "plan": DOCTOR, "cancel": DOCTOR, "agree": PATIENT_OWN})
declare(TRANSFER, {"list": DOCTOR, "accept": DOCTOR, "decline": DOCTOR})
declare("price", {"read": EVERYBODY})
declare("intake_form", {"read": EVERYBODY})
declare(ASSIGNMENT, {"trigger": {Role.ADMIN: Reach.ALL}})
