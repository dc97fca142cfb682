"""Fixed words of visit persons."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Relation(TextChoices):
    """What the visit person is to the owner of the account."""

    SELF = "self", _("Myself")
    FAMILY = "family", _("Family")
    FRIEND = "friend", _("Friend")
    OTHER = "other", _("Other")


class Gender(TextChoices):
    """Gender as medical records need it."""

    MALE = "male", _("Male")
    FEMALE = "female", _("Female")
    UNKNOWN = "unknown", _("Not stated")


class RealName(TextChoices):
    """What is known about who a person is, from the register or from a document."""

    NONE = "none", _("Not checked")
    PENDING = "pending", _("Document under review")
    VERIFIED = "verified", _("Verified")
    FAILED = "failed", _("Do not belong together")
    STALE = "stale", _("To be checked again")


class CheckResult(TextChoices):
    """How one question to the register ended."""

    RUNNING = "running", _("Being asked")
    SAME = "same", _("Name and number agree")
    DIFFERENT = "different", _("Name and number differ")
    NO_RECORD = "no_record", _("Not in the register")
    AWAY = "away", _("No answer")


class ConsentKind(TextChoices):
    """What a text is about."""

    SERVICE = "service", _("Online consultation")
    HEALTH_DATA = "health_data", _("Health data")
    GUARDIAN = "guardian", _("Guardian of a child")


class GuardianRelation(TextChoices):
    """What the guardian is to the child."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    GRANDPARENT = "grandparent", _("Grandparent")
    OTHER = "other", _("Another guardian")


class DocumentKind(TextChoices):
    """Documents of people without a Chinese ID number."""

    PASSPORT = "passport", _("Passport")
    HK_MACAU_PERMIT = "hk_macau_permit", _("Mainland travel permit, Hong Kong and Macau")
    TAIWAN_PERMIT = "taiwan_permit", _("Mainland travel permit, Taiwan")
    RESIDENCE_CARD = "residence_card", _("Foreign permanent resident ID card")
    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")


class DocumentState(TextChoices):
    """Where a document stands; each step is kept."""

    PENDING = "pending", _("Under review")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")


DOCUMENT_MOVES: Final[Mapping[str, frozenset[str]]] = {
    DocumentState.PENDING: frozenset(
        {DocumentState.APPROVED, DocumentState.REJECTED, DocumentState.WITHDRAWN}
    ),
    DocumentState.APPROVED: frozenset({DocumentState.REJECTED}),
    DocumentState.REJECTED: frozenset(),
    DocumentState.WITHDRAWN: frozenset(),
}


class DocumentReason(TextChoices):
    """Why a document was refused or taken back."""

    UNREADABLE = "unreadable", _("Not readable")
    MISMATCH = "mismatch", _("Details differ from the pictures")
    ENDED = "ended", _("No longer valid")
    WRONG_KIND = "wrong_kind", _("Not a document of this kind")
    NOT_GENUINE = "not_genuine", _("Not genuine")
    PERSON_CHANGED = "person_changed", _("The visit person was changed")
    PERSON_REMOVED = "person_removed", _("The visit person was removed")


# What a reviewer may say; the others are the house's own.
REVIEW_REASONS: Final = (
    DocumentReason.UNREADABLE,
    DocumentReason.MISMATCH,
    DocumentReason.ENDED,
    DocumentReason.WRONG_KIND,
    DocumentReason.NOT_GENUINE,
)
