"""Numbers of visit persons: who they are and how that is checked."""

from datetime import timedelta
from typing import Final

MAX_VISIT_PERSONS: Final = 20
REAL_NAME_TRIES_A_DAY: Final = 3  # answers of the register about a person; each one is charged
REAL_NAME_TRIES_OF_ACCOUNT_A_DAY: Final = 10
REAL_NAME_VALID_FOR: Final = timedelta(days=730)  # then a person is checked again
REFUSED_PICTURES_KEPT: Final = timedelta(days=30)  # of identity documents; for questions about it
BIRTH_CERTIFICATE_UNDER_YEARS: Final = 3  # older children have an ID number or another document
REAL_NAME_GIVEN_UP_AFTER: Final = timedelta(seconds=30)  # a question without an answer
GUARDIAN_UNDER_YEARS: Final = 14  # PIPL art. 31: younger ones' data need a guardian's consent
