"""Who may do what with relations."""

from typing import Final

from clinic.core.policy import EVERYBODY, PATIENT_OWN, Reach, Rights, declare
from clinic.core.roles import Role

OWN_PATIENT: Final = "own_patient"
PATIENT_GROUP: Final = "patient_group"
FOLLOWED_DOCTOR: Final = "followed_doctor"
INVITE: Final = "doctor_invite"
BROADCAST: Final = "broadcast"
DOCTOR_OWN: Final[Rights] = {Role.DOCTOR: Reach.OWN}

declare(OWN_PATIENT, dict.fromkeys(("list", "search", "read", "change"), DOCTOR_OWN))
declare(
    PATIENT_GROUP,
    dict.fromkeys(("list", "add", "rename", "remove", "fill", "empty"), DOCTOR_OWN),
)
declare(
    FOLLOWED_DOCTOR,
    dict.fromkeys(
        (
            "list", "list_blocked", "take_card", "read", "change", "follow", "unfollow", "block",
            "unblock",
        ),
        PATIENT_OWN,
    ),
)  # fmt: skip
declare(
    INVITE,
    {
        **dict.fromkeys(("list", "make", "picture", "revoke"), DOCTOR_OWN),
        "show": EVERYBODY,
        "scan": {Role.PATIENT: Reach.ALL},
    },
)
declare(
    BROADCAST,
    dict.fromkeys(("list", "start", "read", "list_deliveries", "cancel"), DOCTOR_OWN),
)
