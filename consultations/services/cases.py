"""A case whose doctor is looked for: locked, with what the search must know about its past."""

from dataclasses import dataclass

from clinic.accounts.models import User
from clinic.core.clock import clinic_day, now
from clinic.core.errors import NotFoundError
from clinic.settings import rules as numbers
from consultations.enums import OPEN_STATES
from consultations.models import Consultation
from consultations.rules.children import youngest_birthday_of_the_rest
from consultations.services.statements import LOCK_CASE, LOOK_AT_CASE


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """Who must not get the case, and who served this patient last within SAME_DOCTOR_WITHIN."""

    excluded_doctor_ids: frozenset[int]
    last_doctor_id: int | None


def locked_with_past(consultation_id: int) -> tuple[Consultation, Past]:
    """Return the row, locked until the transaction ends, and its past as it is under the lock.

    The patient comes with his public id only; more is loaded when asked for. Raises NotFoundError.
    """
    values = {
        "id": consultation_id,
        "open_states": [str(state) for state in OPEN_STATES],
        "since": now() - numbers.SAME_DOCTOR_WITHIN,
        "others_born_until": youngest_birthday_of_the_rest(clinic_day(now())),
    }
    row = next(iter(Consultation.objects.raw(LOCK_CASE + LOOK_AT_CASE, values)), None)
    if row is None:
        raise NotFoundError
    found = vars(row)
    row.patient = User.known(id=row.patient_id, public_id=found["patient_public_id"])
    return row, Past(
        excluded_doctor_ids=frozenset(found["excluded_doctor_ids"]),
        last_doctor_id=found["last_doctor_id"],
    )
