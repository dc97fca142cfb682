"""Who may do what with visit persons."""

from clinic.core.policy import PATIENT_OWN, declare

VISIT_PERSON = "visit_person"

declare(
    VISIT_PERSON,
    dict.fromkeys(("list", "add", "read", "change", "remove"), PATIENT_OWN),
)
