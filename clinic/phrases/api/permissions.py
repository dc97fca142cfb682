"""Who may do what with phrases."""

from typing import Final

from clinic.core.policy import Reach, Rights, declare
from clinic.core.roles import Role

PHRASE: Final = "phrase"
DOCTOR_OWN: Final[Rights] = {Role.DOCTOR: Reach.OWN}

declare(PHRASE, dict.fromkeys(("list", "add", "change", "remove", "use"), DOCTOR_OWN))
