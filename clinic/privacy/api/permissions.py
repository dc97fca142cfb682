"""Who may do what with people's data."""

from typing import Final

from clinic.core.policy import PATIENT_OWN, Reach, Rights, declare
from clinic.core.roles import Role

USER: Final = "user"
OWN_EXPORT: Final = "own_export"
OWN_DELETION: Final = "own_deletion"
OWN_READS: Final = "own_reads"
EMERGENCY: Final = "emergency"

LOOKS: Final[Rights] = dict.fromkeys((Role.ADMIN, Role.AUDITOR, Role.CUSTOMER_SERVICE), Reach.ALL)
TAKES_FILES: Final[Rights] = dict.fromkeys((Role.ADMIN, Role.AUDITOR), Reach.ALL)
CHANGES: Final[Rights] = {Role.ADMIN: Reach.ALL}
READS_IN_EMERGENCY: Final[Rights] = dict.fromkeys(
    (Role.DOCTOR, Role.PHARMACIST, Role.CUSTOMER_SERVICE, Role.ADMIN), Reach.OWN
)

declare(
    USER,
    {
        **dict.fromkeys(("list", "search", "read"), LOOKS),
        **dict.fromkeys(("export", "list_batches", "read_batch"), TAKES_FILES),
        **dict.fromkeys(("change", "suspend", "restore", "remove", "batch"), CHANGES),
    },
)
declare(OWN_EXPORT, dict.fromkeys(("list", "ask", "read", "renew_token", "fetch"), PATIENT_OWN))
declare(OWN_DELETION, dict.fromkeys(("read", "ask", "revoke"), PATIENT_OWN))
declare(OWN_READS, {"list": PATIENT_OWN})
declare(EMERGENCY, dict.fromkeys(("list", "open", "read", "read_record"), READS_IN_EMERGENCY))
