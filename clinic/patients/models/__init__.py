"""Tables of the room."""

from clinic.patients.models.consent import Consent, ConsentText, ConsentUse
from clinic.patients.models.document import IdentityDocument, IdentityDocumentStep
from clinic.patients.models.person import VisitPerson
from clinic.patients.models.real_name import RealNameCheck

__all__ = [
    "Consent",
    "ConsentText",
    "ConsentUse",
    "IdentityDocument",
    "IdentityDocumentStep",
    "RealNameCheck",
    "VisitPerson",
]
