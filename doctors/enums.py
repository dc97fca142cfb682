"""Words the room stores, and the order of levels."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """Professional title, lowest first (seed 004 ``title``)."""

    RESIDENT = "resident", _("Resident physician")
    ATTENDING = "attending", _("Attending physician")
    ASSOCIATE_CHIEF = "associate_chief", _("Associate chief physician")
    CHIEF = "chief", _("Chief physician")


LEVEL_RANKS: Final = {
    Level.RESIDENT: 1,
    Level.ATTENDING: 2,
    Level.ASSOCIATE_CHIEF: 3,
    Level.CHIEF: 4,
}
LOWEST_RANK: Final = 1
HIGHEST_RANK: Final = 4


class Gender(models.TextChoices):
    """As the doctor states it."""

    MALE = "male", _("Male")
    FEMALE = "female", _("Female")
    UNKNOWN = "unknown", _("Not stated")


class DoctorStatus(models.TextChoices):
    """Whether the clinic lets the doctor work at all; only staff changes it."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")


class Certification(models.TextChoices):
    """State of the credentials check; seed 004 numbers them 0 to 3 in this order."""

    NONE = "none", _("Not certified")
    CERTIFIED = "certified", _("Certified")
    PENDING = "pending", _("Under review")
    REJECTED = "rejected", _("Rejected")


class CredentialKind(models.TextChoices):
    """Papers that prove a doctor; ``REQUIRED_CREDENTIALS`` are those without which nobody works."""

    QUALIFICATION = "qualification", _("Doctor's qualification certificate")
    PRACTICE_LICENCE = "practice_licence", _("Practising licence")
    ID_CARD = "id_card", _("ID card")
    PORTRAIT = "portrait", _("Portrait")
    TITLE = "title", _("Certificate of the title")
    MULTI_SITE = "multi_site", _("Filing to practise at several institutions")


REQUIRED_CREDENTIALS: Final = frozenset(
    {
        CredentialKind.QUALIFICATION,
        CredentialKind.PRACTICE_LICENCE,
        CredentialKind.ID_CARD,
        CredentialKind.PORTRAIT,
    }
)


class CredentialState(models.TextChoices):
    """Where a paper stands; each state is left once, a new paper is a new row."""

    PENDING = "pending", _("Under review")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced")


CREDENTIAL_MOVES: Final[dict[str, frozenset[str]]] = {
    CredentialState.PENDING: frozenset(
        {CredentialState.APPROVED, CredentialState.REJECTED, CredentialState.WITHDRAWN}
    ),
    CredentialState.APPROVED: frozenset(
        {CredentialState.EXPIRED, CredentialState.REJECTED, CredentialState.REPLACED}
    ),
}


class CredentialReason(models.TextChoices):
    """Why a paper was refused or holds no more."""

    UNREADABLE = "unreadable", _("Cannot be read")
    MISMATCH = "mismatch", _("Does not match the person")
    NOT_REGISTERED = "not_registered", _("Not in the register")
    INCOMPLETE = "incomplete", _("A page or a detail is missing")
    ENDED = "ended", _("Expired")
    REPLACED = "replaced", _("Replaced by a newer one")
    TAKEN_BACK = "taken_back", _("Taken back by the doctor")


class IdentityMethod(models.TextChoices):
    """How a doctor proves that it is he who sits there."""

    PASSWORD = "password", _("Password")
    CODE = "code", _("One-time code")
    FACE = "face", _("Face")


class PresenceState(models.TextChoices):
    """What a doctor's devices say."""

    ONLINE = "online", _("Online")
    BUSY = "busy", _("Busy")
    OFFLINE = "offline", _("Offline")


class Weekday(models.IntegerChoices):
    """Days as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class DayKind(models.TextChoices):
    """How a special day differs from the week."""

    CLOSED = "closed", pgettext_lazy("special day", "Closed")
    HOURS = "hours", _("Other hours")
    WORKDAY = "workday", _("Works like another weekday")


class NoDoctorReason(models.TextChoices):
    """Why an assignment found nobody (seed 000 wants every attempt logged with its reason)."""

    NOBODY_ONLINE = "nobody_online", _("No doctor is online")
    OUTSIDE_HOURS = "outside_hours", _("Doctors are online but outside their hours")
    NONE_OF_DEPARTMENT = "none_of_department", _("No doctor of the department is online")
    NONE_OF_LEVEL = "none_of_level", _("No doctor of the level is online")
    BLOCKED = (
        "blocked",
        _("The doctors left were tried, are blocked or see no children"),
    )
    ALL_FULL = "all_full", _("All doctors have as many patients as they may")
