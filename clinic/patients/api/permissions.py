"""Who may do what with visit persons, their real names, documents and their consents."""

from clinic.core.policy import EVERYBODY, PATIENT_OWN, declare

VISIT_PERSON = "visit_person"
REAL_NAME = "real_name"
IDENTITY_DOCUMENT = "identity_document"
CONSENT_TEXT = "consent_text"
CONSENT = "consent"

declare(
    VISIT_PERSON,
    dict.fromkeys(("list", "add", "read", "change", "remove"), PATIENT_OWN),
)
declare(REAL_NAME, dict.fromkeys(("read", "check"), PATIENT_OWN))
declare(IDENTITY_DOCUMENT, dict.fromkeys(("list", "submit"), PATIENT_OWN))
declare(CONSENT_TEXT, {"list": EVERYBODY})
declare(CONSENT, dict.fromkeys(("list", "give", "revoke", "export"), PATIENT_OWN))
